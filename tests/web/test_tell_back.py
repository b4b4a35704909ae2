"""Going back on the way, and back to the last page: nobody is held up, and nothing is lost."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web.telling import ABOUT, Child


@pytest.fixture
def child(client: FlaskClient) -> Child:
    return Child(client)


def test_back_keeps_what_was_typed(child: Child) -> None:
    child.begin()
    child.get("/tell/about")
    assert child.post("/tell/about", {**ABOUT, "go": "back"}).location == "/tell/story"
    child.get("/tell/about")
    assert 'value="Fox"' in child.page


def test_back_does_not_insist(child: Child) -> None:
    child.begin()
    child.get("/tell/about")
    assert child.post("/tell/about", {"go": "back"}).location == "/tell/story"


def test_what_was_filled_in_waits_where_somebody_goes_back_before_the_page_is_complete(child: Child) -> None:
    child.begin()
    child.write()
    child.get("/tell/about")
    name, country = {"invented_name": "Fox of the hills"}, {"country": "IT"}
    assert child.post("/tell/about", {**name, **country, "go": "back"}).location == "/tell/story"
    child.get("/tell/about")
    assert 'value="Fox of the hills"' in child.page
    assert re.search(r'value="IT"[^>]*selected', child.page)
    assert "Please choose your age." not in child.words
    assert child.post("/tell/about", {**ABOUT, "go": "next"}).location == "/tell/helper"
    child.get("/tell/about")
    assert ("Fox of the hills" in child.page, 'value="Fox"' in child.page) == (False, True)
    child.get("/tell/guardian")
    child.post("/tell/guardian", {"how": "letter", "email": "mother@", "guardian_locale": "ro", "go": "back"})
    child.get("/tell/guardian")
    assert 'value="mother@"' in child.page
    assert "mother@" not in child.client.get("/tell/look").text
    child.begin()
    child.get("/tell/guardian")
    assert "mother@" not in child.page, "that was in another story"


def test_nobody_goes_back_from_words_that_cannot_be_kept(child: Child) -> None:
    child.begin()
    assert child.write(text="long " * 5_000, go="back").status_code == 200
    assert "long long" in child.page


def test_changing_one_part_leads_back_to_the_last_page(child: Child) -> None:
    child.fill()
    child.get("/tell/about?then=look")
    assert child.post("/tell/about?then=look", {**ABOUT, "go": "next"}).location == "/tell/look"
