"""Letters go to an address that anybody may type: not too many, and with nothing in them that leads elsewhere."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db, limiter
from app.mail.models import OutboxLetter
from app.web.reaching import LETTERS_FROM_HERE
from tests.web.telling import Child

LINKED = ["J.R.", "Mr. Bean", "St. Nicholas 3.5", "小明", "Ștefan-Vodă", "3.14", "T.J"]


@pytest.fixture(autouse=True)
def fresh_count(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def child(app: Flask) -> Child:
    """Somebody who has begun."""
    return Child(app.test_client())


def send_to(app: Flask, email: str) -> tuple[int, Child]:
    child = Child(app.test_client())
    child.fill(email=email)
    return child.post("/tell/look", {"go": "send"}).status_code, child


def test_one_address_is_not_written_to_without_end(app: Flask) -> None:
    times = LETTERS_FROM_HERE.amount
    assert [send_to(app, "mother@example.org")[0] for _ in range(times)] == [302] * times
    status, child = send_to(app, "Mother@example.org")
    assert status == 422
    assert "Many letters went to this address today." in child.words
    assert send_to(app, "father@example.org")[0] == 302
    elsewhere = Child(app.test_client())
    elsewhere.client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    elsewhere.fill(email="mother@example.org")
    assert elsewhere.post("/tell/look", {"go": "send"}).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxLetter)) == times + 2
    child.get("/tell/guardian")
    child.post("/tell/guardian", {"how": "hand", "guardian_locale": "ro"})
    assert child.post("/tell/look", {"go": "send"}).location == "/tell/card"


@pytest.mark.parametrize(
    "name",
    ["evil.example/w", "www.evil.example", "a@b.org", "HTTPS://evil", "See evil.COM.", "例子.中国", "10.0.0.1/x"],
)
def test_a_name_leads_nowhere(child: Child, name: str) -> None:
    child.begin()
    child.get("/tell/about")
    assert child.post("/tell/about", {"invented_name": name, "age_band": "10-12", "country": "RO"}).status_code == 422
    assert "This looks like an address." in child.words
    assert f'value="{name}"' in child.page


@pytest.mark.parametrize("name", LINKED)
def test_any_other_name_may_have_dots(child: Child, name: str) -> None:
    child.begin()
    child.get("/tell/about")
    assert child.post("/tell/about", {"invented_name": name, "age_band": "10-12", "country": "RO"}).status_code == 302
