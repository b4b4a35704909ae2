"""A lost card: asked for on one screen, approved by a helper, taken by that screen once."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.actions import record
from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from app.extensions import db
from app.people.actions import erase_storyteller, issue_card
from app.people.cards import OPEN_FOR, approve_card, ask_for_card, take_card
from app.people.models import CardRequest, Staff, Storyteller
from app.people.permissions import Role
from app.people.queries import by_card, last_reissue
from tests.db.racing import kinds, race
from tests.factories.people import approve_together, make_organisation, make_staff, make_storyteller

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def child() -> Storyteller:
    return make_storyteller()


@pytest.fixture
def helper() -> Staff:
    return make_staff(Role.FACILITATOR)


def reference(child: Storyteller) -> str:
    assert child.reference is not None
    return child.reference


def test_a_helper_approves_and_the_asking_screen_takes_the_card(child: Storyteller, helper: Staff) -> None:
    old = issue_card(child)
    asked = ask_for_card(child, "screen")
    approve_together(helper, f" {asked.code[:3]} {asked.code[3:]}", reference(child).lower().replace("-", " "))
    new = take_card("screen")
    assert by_card(new) is child
    assert by_card(old) is None
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == child.id).order_by(AuditEntry.seq))
    assert [(entry.actor, entry.verb, entry.detail) for entry in entries] == [
        ("child", "card.asked_for", {}),
        (asked.vouched_by, "card.vouched", {}),
        (helper.id, "card.approved", {}),
        (helper.id, "card.reissued", {}),
    ]


def test_a_card_is_taken_once_and_only_by_the_screen_that_asked(child: Storyteller, helper: Staff) -> None:
    approve_together(helper, ask_for_card(child, "screen").code, reference(child))
    with pytest.raises(NotFound):
        take_card("another screen")
    taken = take_card("screen")
    with pytest.raises(NotFound):
        take_card("screen")
    assert by_card(taken) is child


def test_nothing_is_taken_before_a_helper_has_approved_it(child: Storyteller) -> None:
    old = issue_card(child)
    ask_for_card(child, "screen")
    with pytest.raises(Conflict, match="card_waits"):
        take_card("screen")
    assert by_card(old) is child


def test_code_and_reference_must_belong_together(child: Storyteller, helper: Staff) -> None:
    other = make_storyteller()
    asked = ask_for_card(child, "screen")
    ask_for_card(other, "another screen").code = "000000" if asked.code != "000000" else "000001"
    wrong = "111111" if asked.code != "111111" else "222222"
    for code, named in [
        (wrong, reference(child)),
        (asked.code, reference(other)),
        (asked.code, "2222-2222"),
        ("", reference(child)),
        ("x" * 100_000, reference(child)),
    ]:
        with pytest.raises(Invalid, match="card_code"):
            approve_card(helper, code, named)
    with pytest.raises(Invalid, match="reference_typo"):
        approve_card(helper, asked.code, "a stranger")
    assert asked.approved_at is None


def test_nobody_alone_becomes_the_child(child: Storyteller, helper: Staff) -> None:
    code = ask_for_card(child, "the helper's own telephone").code
    assert not approve_card(helper, code, reference(child))
    with pytest.raises(Conflict, match="card_waits"):
        take_card("the helper's own telephone")
    with pytest.raises(Invalid, match="card_second_person"):
        approve_card(helper, code, reference(child))
    lead = make_staff(Role.SAFEGUARDING_LEAD)
    assert approve_card(lead, code, reference(child))
    assert by_card(take_card("the helper's own telephone")) is child
    told = last_reissue(child.id)
    assert told is not None
    assert told.helpers == (helper.display_name, lead.display_name)


def test_the_database_refuses_one_person_for_two(child: Storyteller, helper: Staff) -> None:
    asked = ask_for_card(child, "screen")
    asked.vouched_by, asked.approved_by, asked.approved_at = helper.id, helper.id, clock.now()
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_where_a_child_is_at_home_with_an_organisation_no_other_helps(child: Storyteller, helper: Staff) -> None:
    home = make_organisation()
    teacher = make_staff(Role.FACILITATOR, organisation=home)
    record(teacher.id, Verb.REFERENCE_LOOKED_UP, child.id)
    record(helper.id, Verb.REFERENCE_LOOKED_UP, child.id)
    code = ask_for_card(child, "screen").code
    with pytest.raises(Invalid, match="card_code"):
        approve_card(helper, code, reference(child))
    assert not approve_card(teacher, code, reference(child))
    with pytest.raises(Invalid, match="card_code"):
        approve_card(helper, code, reference(child))
    assert approve_card(make_staff(Role.FACILITATOR, organisation=home), code, reference(child))


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CURATOR, Role.ADMINISTRATOR])
def test_only_facilitators_and_leads_approve(child: Storyteller, role: Role) -> None:
    asked = ask_for_card(child, "screen")
    with pytest.raises(NotAllowed):
        approve_card(make_staff(role), asked.code, reference(child))


def test_a_request_lasts_an_hour(child: Storyteller, helper: Staff) -> None:
    with clock.fixed(NOON):
        approved, late = ask_for_card(child, "screen"), make_storyteller()
        approve_together(helper, approved.code, reference(child))
        waiting = ask_for_card(late, "late screen")
    with clock.fixed(NOON + OPEN_FOR):
        with pytest.raises(NotFound):
            take_card("screen")
        with pytest.raises(Invalid, match="card_code"):
            approve_card(helper, waiting.code, reference(late))
    with clock.fixed(NOON + OPEN_FOR - timedelta(seconds=1)):
        approve_together(helper, waiting.code, reference(late))
        assert by_card(take_card("late screen")) is late


def test_asking_again_replaces_what_waits_and_leaves_what_is_approved(child: Storyteller, helper: Staff) -> None:
    first = ask_for_card(child, "first screen").code
    second = ask_for_card(child, "second screen")
    assert db.session.scalars(select(CardRequest)).all() == [second]
    if first != second.code:
        with pytest.raises(Invalid):
            approve_card(helper, first, reference(child))
    approve_together(helper, second.code, reference(child))
    ask_for_card(child, "a stranger's screen")
    assert by_card(take_card("second screen")) is child
    assert db.session.scalar(select(func.count()).select_from(CardRequest)) == 1


def test_one_screen_asks_for_one_child_at_a_time(child: Storyteller, helper: Staff) -> None:
    other = make_storyteller()
    ask_for_card(child, "shared screen")
    approve_together(helper, ask_for_card(other, "shared screen").code, reference(other))
    assert by_card(take_card("shared screen")) is other


def test_an_erased_child_gets_no_card(child: Storyteller, helper: Staff) -> None:
    named = reference(child)
    asked = ask_for_card(child, "screen")
    approve_together(helper, asked.code, named)
    erase_storyteller(child)
    with pytest.raises(Gone):
        take_card("screen")
    with pytest.raises(Invalid, match="card_code"):
        approve_card(helper, asked.code, named)


def test_two_who_take_at_once_get_one_card(app: Flask, child: Storyteller, helper: Staff) -> None:
    approve_together(helper, ask_for_card(child, "screen").code, reference(child))
    commit(outside().queue)
    assert kinds(race(app, *(lambda: take_card("screen") for _ in range(2)))) == ["NotFound", "done"]


def test_two_who_ask_at_once_leave_one_request(app: Flask, child: Storyteller) -> None:
    child_id = child.id
    commit(outside().queue)

    def ask(token: str) -> None:
        ask_for_card(db.session.get_one(Storyteller, child_id), token)

    assert race(app, lambda: ask("one"), lambda: ask("other")) == [None, None]
    assert db.session.scalar(select(func.count()).select_from(CardRequest)) == 1
