"""While a child changes a story, or it is going away: nobody is promised what does not come."""

from flask import Flask

from app.cli.writing import transaction
from app.stories.actions import correct
from app.stories.lifecycle import State
from tests.web.answering import answer, the_story
from tests.web.telling import Child, Visitor

CHANGING = "The child is changing this story right now."
LEAVING = "Your story is going away. Stop that first, then you can change it."


def test_no_fresh_link_is_promised_while_nobody_is_written_to(app: Flask, guardian: Visitor, link: str) -> None:
    assert (CHANGING in guardian.words, "The fresh link comes" in guardian.words) == (False, True)
    with app.app_context(), transaction():
        correct(the_story())
    guardian.get(f"{link}?lang=en")
    assert (CHANGING in guardian.words, "The fresh link comes" in guardian.words) == (True, False)
    answer(guardian, link, gallery="yes")
    for page in ("", "/receipt"):
        guardian.get(f"{link}{page}?lang=en")
        assert CHANGING in guardian.words, page
        assert [words for words in ("gets a fresh link", "It comes") if words in guardian.words] == [], page


def test_a_story_that_is_going_away_is_not_changed(app: Flask, returned: Child) -> None:
    returned.post("/my-story/erase", {"when": "later"})
    returned.get("/my-story/home")
    offered = ["/my-story/hide", "/my-story/answers", "/my-story/correct", "Erase my story", "Erase it now"]
    assert [what for what in offered if what in returned.page] == ["Erase it now"]
    returned.get("/my-story/erase")
    assert ('value="later"' in returned.page, 'value="now"' in returned.page) == (False, True)
    assert returned.get("/my-story/correct").location == "/my-story/home"
    assert returned.post("/my-story/correct").status_code == 409
    with app.app_context():
        assert the_story().state is State.SUBMITTED


def test_nor_is_a_changed_one_sent(app: Flask, returned: Child) -> None:
    returned.follow(returned.post("/my-story/correct"))
    returned.post("/my-story/erase", {"when": "later"})
    sent = returned.post("/my-story/change", {"title": "", "text": "Other words.", "go": "send"})
    assert sent.location == "/my-story/home"
    returned.get("/my-story/home")
    assert LEAVING in returned.words
    with app.app_context():
        assert (the_story().state, the_story().current) == (State.CHANGES_ASKED, 1)
