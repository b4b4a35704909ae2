"""The links that a child hands over: a new one waits, an old one is called what it is, and one that ran out is gone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.consent.naming import disclaim
from app.extensions import db
from app.people.actions import add_guardian, declare_guardian, issue_link
from app.people.models import Guardian
from app.people.queries import guardians_of
from app.people.rules import CardNumber, Locale, Relation
from app.stories.models import Story
from tests.factories.stories import answer_by_link, approve, guardian_says, yes_to
from tests.web.telling import Child, Visitor


@pytest.fixture
def child(returned: Child) -> Child:
    return returned


def changed(app: Flask, change: Callable[[Story], object]) -> None:
    """Something the team or a guardian did."""
    with app.app_context(), transaction():
        change(db.session.scalars(select(Story)).one())


def handed(child: Child) -> list[str]:
    """The addresses of the links on the page."""
    return list(dict.fromkeys(re.findall(r'href="http[^"]*(/consent/[^"]+)"', child.page)))


def make_key(guardian: Guardian) -> None:
    declare_guardian(guardian, "Elena Popescu", Relation.MOTHER, alone=True)


def test_each_guardian_without_an_address_has_a_link_to_hand_over(app: Flask, child: Child) -> None:
    def name_father(story: Story) -> None:
        make_key(guardians_of(story.storyteller_id)[0])
        father = add_guardian(story.storyteller_id, Locale.EN)
        issue_link(father, story.id, keep_readable=True)
        written_to = add_guardian(story.storyteller_id, Locale.EN, "aunt@example.org")
        issue_link(written_to, story.id, keep_readable=False)

    changed(app, name_father)
    child.get("/my-story/home")
    waiting = child.page.split('id="waiting"')[1].split('id="status"')[0]
    assert len(set(re.findall(r'href="http[^"]*/consent/([^"]+)"', waiting))) == 2
    assert "A new link for your mother" in child.words
    assert "A link for your parent or carer" in child.words
    assert "aunt@example.org" not in child.page
    assert "Popescu" not in child.page


NOTHING_TO_DO = "You do not have to do anything."


def test_nobody_is_told_to_do_nothing_while_a_link_waits(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    assert NOTHING_TO_DO not in child.words
    changed(app, lambda story: guardian_says(story, guardians_of(story.storyteller_id)[0], {"gallery": "no"}))
    child.get("/my-story/home")
    assert NOTHING_TO_DO in child.words


def test_a_link_that_was_used_no_longer_waits(app: Flask, child: Child) -> None:
    changed(app, lambda story: guardian_says(story, guardians_of(story.storyteller_id)[0], {"gallery": "yes"}))
    child.get("/my-story/home")
    assert "This waits for you" not in child.words
    assert "The link that your parent or carer has" in child.words
    assert "new link" not in child.words
    assert "/consent/" in child.page


def test_who_must_say_yes_once_more_is_told_before_it_is_shown_soon(app: Flask, child: Child) -> None:
    def say_yes(story: Story) -> None:
        guardian = guardians_of(story.storyteller_id)[0]
        make_key(guardian)
        answer_by_link(story, guardian, yes_to(["gallery"]), clock.now())

    changed(app, approve)
    changed(app, say_yes)
    child.get("/my-story/home")
    assert "It will be shown soon." not in child.words
    assert "Your parent or carer said yes. They must say it once more with a new link." in child.words
    assert "A new link for your mother" not in child.words, "the old one is no new one"
    assert "The link that your mother has" in child.words
    assert "it comes here 1 day after they answered." in child.words
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        changed(app, lambda story: guardian_says(story, guardians_of(story.storyteller_id)[0], yes_to(["gallery"])))
        child.get("/my-story/home")
    assert "It will be shown soon. Until then you can think again." in child.words
    assert "once more" not in child.words


def test_a_link_that_ran_out_unanswered_can_be_made_anew(app: Flask, child: Child) -> None:
    with app.app_context():
        page = f"/my-story/guardian/{db.session.scalars(select(Guardian.id)).one()}"
    child.post(f"{page}/link")
    with clock.fixed(clock.now() + timedelta(days=61)):
        child.open_again()
        assert ("/consent/" in child.page, NOTHING_TO_DO in child.words) == (False, False)
        assert "This waits for you The link for your parent or carer has run out" in child.words
        child.get(page)
        assert "The link for your parent or carer has run out, and they have not answered yet." in child.words
        child.follow(child.post(page, {"how": "hand", "guardian_locale": "en"}))
        assert ("/consent/" in child.page, "has run out" in child.words) == (True, False)
        assert Visitor(app.test_client()).get(f"{handed(child)[0]}?lang=en").status_code == 200


def test_who_answered_gets_a_new_link_when_theirs_ran_out(app: Flask, child: Child) -> None:
    def answer(story: Story) -> None:
        guardian = guardians_of(story.storyteller_id)[0]
        make_key(guardian)
        guardian_says(story, guardian, {"gallery": "yes"})

    with app.app_context():
        button = f"/my-story/guardian/{db.session.scalars(select(Guardian.id)).one()}/link"
    changed(app, answer)
    child.get("/my-story/home")
    old = handed(child)
    child.follow(child.post(button))
    assert handed(child) == old, "it still opens"
    with clock.fixed(clock.now() + timedelta(days=61)):
        child.open_again()
        assert "The link of your mother does not open any more." in child.words
        assert (f'action="{button}"' in child.page, handed(child)) == (True, [])
        child.follow(child.post(button))
        assert "Here is a new link for them." in child.words
        new = handed(child)
        assert (len(new), set(new) & set(old)) == (1, set())
        assert Visitor(app.test_client()).get(f"{new[0]}?lang=en").status_code == 200
        child.follow(child.post(button))
        assert handed(child) == new, "the button was pressed twice"


def test_who_says_that_they_do_not_decide_gets_no_new_link(app: Flask, child: Child) -> None:
    changed(app, lambda story: disclaim(guardians_of(story.storyteller_id)[0]))
    with app.app_context():
        button = f"/my-story/guardian/{db.session.scalars(select(Guardian.id)).one()}/link"
    with clock.fixed(clock.now() + timedelta(days=61)):
        child.open_again()
        assert button not in child.page
        child.follow(child.post(button))
        assert handed(child) == []


def test_no_link_is_made_while_a_story_is_erased(app: Flask, child: Child) -> None:
    with app.app_context():
        button = f"/my-story/guardian/{db.session.scalars(select(Guardian.id)).one()}/link"
    changed(app, lambda story: make_key(guardians_of(story.storyteller_id)[0]))
    with clock.fixed(clock.now() + timedelta(days=61)):
        child.open_again()
        child.post("/my-story/erase", {"when": "later"})
        child.get("/my-story/home")
        assert button not in child.page
        child.post(button)
        child.post("/my-story/undo-erase")
        child.get("/my-story/home")
        assert (button in child.page, handed(child)) == (True, [])


def test_what_is_written_in_another_tab_after_sending_is_not_swallowed(sent: tuple[Child, CardNumber]) -> None:
    child, _ = sent
    child.get("/tell/card")
    assert "Your story was sent already." not in child.words
    assert (
        child.post("/tell/story", {"title": "", "text": "And one more thing.", "go": "next"}).location == "/tell/card"
    )
    child.get("/tell/card")
    assert "Your story was sent already. What you wrote after that is not in it." in child.words
