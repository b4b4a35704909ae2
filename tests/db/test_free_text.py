"""Nothing that somebody wrote stays in the audit log: it would outlive the story it is about."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.actions import record
from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.errors import Gone
from app.extensions import db
from app.moderation import actions
from app.moderation.queries import takeovers
from app.people.permissions import Role
from app.stories.actions import ask_erasure
from tests.factories.people import make_staff
from tests.factories.stories import make_claimed

REASON = "Ana Popa of Vaslui is in danger tonight"


def test_why_a_review_was_taken_over_dies_with_the_story() -> None:
    staff = make_staff()
    story = make_claimed(make_staff())
    actions.break_claim(staff, story, REASON)
    assert [(each.staff_id, each.reason) for each in takeovers(story.id)] == [(staff.id, REASON)]
    details = db.session.scalars(select(AuditEntry.detail)).all()
    assert len(details) > 2
    assert [word for word in ("Ana", "danger") if word in json.dumps(list(details))] == []
    ask_erasure(story, Role.CHILD, now=True)
    with pytest.raises(Gone):
        takeovers(story.id)


@pytest.mark.parametrize("words", ["two words", "a\nline", "x" * 256, "tab\tbed"])
def test_the_log_takes_no_sentence(words: str) -> None:
    with pytest.raises(ValueError, match="free text"):
        record("clock", Verb.STORY_VIEWED, "s", why=words)


@pytest.mark.parametrize("word", ["letter", "https://partner.example:8443", "x" * 255, 7, True, ""])
def test_it_takes_words_and_numbers(word: Any) -> None:
    record("clock", Verb.STORY_VIEWED, "s", why=word)
    assert db.session.scalars(select(AuditEntry.detail)).one() == {"why": word}
