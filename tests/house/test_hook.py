"""The hook listens to every table that a projection reads: whatever is forgotten there would leave a story shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, update

from app.campaigns.models import Campaign
from app.consent.models import Answer
from app.extensions import db
from app.people.models import Authority, Guardian, GuardianLink
from app.release.facts import facts_of
from app.release.hook import STORIES_TOUCHED_BY
from app.release.projection import project
from app.safeguarding.models import Suspension
from app.stories.lifecycle import State
from app.stories.models import Story, Version
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_guardian
from tests.factories.stories import make_shown

UNHEARD = {"data_key"}
"""A key never changes what it opens. It is destroyed with its owner, and that is written to the owner's own row."""
PRINTED_ALONE = {"campaign_block"}
"""To change it touches no story, but the pages that print it."""

_READ = re.compile(r"\b(?:FROM|JOIN) \"?([a-z_]+)")


@pytest.fixture
def story(app: Flask) -> Iterator[Story]:
    """A story of which there is everything that the rule could look at."""
    with app.app_context():
        story = make_shown(["gallery"], pictures=1, sounds=1, own_voice=True)
        make_guardian(story.storyteller)
        story.storyteller.majority_from = story.created_at.date()
        make_campaign(story)
        db.session.flush()
        yield story
        db.session.rollback()


@contextmanager
def noted() -> Iterator[set[str]]:
    """The tables that are read meanwhile; everything is read anew."""
    tables: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        tables.update(_READ.findall(statement))

    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_hook_listens_to_every_table_that_a_projection_reads_and_to_no_other(story: Story) -> None:
    with noted() as read:
        assert project(story).rows != {}
    assert read - UNHEARD == {table.__tablename__ for table in STORIES_TOUCHED_BY} - PRINTED_ALONE


def test_a_table_that_is_read_is_noted(story: Story) -> None:
    with noted() as read:
        facts_of(story)
        db.session.get(Campaign, "none")
    assert {"campaign", "answer", "safeguarding_case"} - read == set()
    assert "rendition" not in read


def test_facts_are_not_changed_by_one_statement_past_the_hook(story: Story) -> None:
    for fact in (Answer, Authority, Guardian, Suspension, Version):
        with pytest.raises(RuntimeError, match="is a fact"):
            db.session.execute(delete(fact))
    with pytest.raises(RuntimeError, match="is a fact"):
        db.session.execute(update(Story).values(state=State.APPROVED))
    db.session.execute(delete(GuardianLink))
