"""The staff's front page, and the audit log."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.audit.actions import record
from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import STAFF_ROLES, Permission, Role, may
from tests.factories.stories import make_submitted
from tests.web.reviewing import made
from tests.web.team import Colleague, hire

LINKS = {
    "/staff/review": Permission.STORY_REVIEW,
    "/staff/cases": Permission.CASE_HANDLE,
    "/staff/audit": Permission.AUDIT_READ,
}


@pytest.fixture
def administrator(app: Flask) -> Colleague:
    return hire(app, Role.ADMINISTRATOR)


def seqs(colleague: Colleague) -> list[int]:
    """The numbers of the entries on the page."""
    return [int(seq) for seq in re.findall(r'<th scope="row"[^>]*>(\d+)</th>', colleague.page)]


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_front_page_links_to_what_a_role_may_open(app: Flask, role: Role) -> None:
    colleague = hire(app, role)
    colleague.get("/staff/")
    for address, permission in LINKS.items():
        assert (f'href="{address}"' in colleague.page) == may(role, permission)
        assert (colleague.client.get(address).status_code == 200) == may(role, permission)


def test_visitors_are_shown_the_log_in(app: Flask) -> None:
    for address in ("/staff/", *LINKS):
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.location) == (302, f"/staff/login?next={address}")


def test_what_waits_is_counted(app: Flask, moderator: Colleague) -> None:
    moderator.get("/staff/")
    assert "0 stories wait" in moderator.words
    made(app, make_submitted)
    moderator.get("/staff/")
    assert "1 story waits" in moderator.words


def test_the_log_is_read_newest_first_and_reading_it_is_in_it(app: Flask, administrator: Colleague) -> None:
    administrator.get("/staff/audit")
    first = seqs(administrator)
    assert first == sorted(first, reverse=True)
    administrator.get("/staff/audit")
    assert seqs(administrator)[0] == first[0] + 1
    assert administrator.name in administrator.words
    assert "audit.read" in administrator.words


def test_a_long_log_comes_in_pages_that_miss_nothing(app: Flask, administrator: Colleague) -> None:
    with app.app_context(), transaction():
        for _ in range(120):
            record("clock", Verb.STORY_VIEWED, "some-story")
    seen, address = [], "/staff/audit?subject=some-story"
    while address:
        administrator.get(address)
        seen += seqs(administrator)
        following = re.search(r'rel="next" href="([^"]+)"', administrator.page)
        address = following[1].replace("&amp;", "&") if following else ""
    with app.app_context():
        entries = select(AuditEntry.seq).where(AuditEntry.actor == "clock").order_by(AuditEntry.seq.desc())
        assert seen[-120:] == list(db.session.scalars(entries))


def test_the_log_is_narrowed_to_one_id(app: Flask, administrator: Colleague) -> None:
    story_id = made(app, make_submitted)
    administrator.get("/staff/audit", query_string={"subject": f" {story_id} "})
    assert "story.submitted" in administrator.words
    assert "staff.logged_in" not in administrator.words
    for nonsense in ("\x00", "a b", "x" * 65, "' OR 1=1"):
        administrator.get("/staff/audit", query_string={"subject": nonsense, "before": "x"})
        assert "An id has letters, digits, hyphens and underscores only." in administrator.words


def test_a_whole_chain_is_said_to_hold(administrator: Colleague) -> None:
    administrator.get("/staff/audit")
    assert administrator.post("/staff/audit/verify").location == "/staff/audit"
    administrator.get("/staff/audit")
    assert "The chain holds: no entry was changed, moved, added or lost." in administrator.words
    assert "audit.verified" in administrator.words


def test_a_broken_chain_is_named(app: Flask, administrator: Colleague) -> None:
    with app.app_context(), transaction():
        for (name,) in db.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.session.execute(text(f"DROP TRIGGER {name}"))
        db.session.execute(text("UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 1"))
    administrator.get("/staff/audit")
    administrator.post("/staff/audit/verify")
    administrator.get("/staff/audit")
    assert "The chain is broken at entry 1." in administrator.words
