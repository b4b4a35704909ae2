"""The links that a child hands over: a new one waits, an old one is called what it is, and one that ran out is gone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import add_guardian, declare_guardian, issue_link
from app.people.models import Guardian
from app.people.queries import guardians_of
from app.people.rules import CardNumber, Locale, Relation
from app.stories.models import Story
from tests.factories.stories import answer_by_link, approve, guardian_says, yes_to
from tests.web.telling import Child


@pytest.fixture
def child(returned: Child) -> Child:
    return returned


def changed(app: Flask, change: Callable[[Story], object]) -> None:
    """Something the team or a guardian did."""
    with app.app_context(), transaction():
        change(db.session.scalars(select(Story)).one())


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


def test_an_expired_link_is_not_handed_over(child: Child) -> None:
    with clock.fixed(clock.now() + timedelta(days=61)):
        child.open_again()
    assert "/consent/" not in child.page


def test_what_is_written_in_another_tab_after_sending_is_not_swallowed(sent: tuple[Child, CardNumber]) -> None:
    child, _ = sent
    child.get("/tell/card")
    assert "Your story was sent already." not in child.words
    assert (
        child.post("/tell/story", {"title": "", "text": "And one more thing.", "go": "next"}).location == "/tell/card"
    )
    child.get("/tell/card")
    assert "Your story was sent already. What you wrote after that is not in it." in child.words
