"""Somebody was named who may decide, and is never heard: they are waited for, until two people leave them out."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.models import AuditEntry
from app.consent.actions import ask_guardian
from app.consent.naming import disclaim, doubt, keep_asking, leave_out, name_other, read_doubt, withdraw_address
from app.consent.notices import ask_again, send_due
from app.consent.rules import Method
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db
from app.mail.models import OutboxLetter
from app.people.actions import declare_guardian
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.queries import by_link, doubted_guardians, ever_named, guardians_of, keys_to
from app.people.rules import AgeBand, Relation
from app.release.withdrawals import withdrawals
from app.stories.models import Story
from tests.db.moments import shown_rows
from tests.factories.people import make_guardian, make_staff, tell_for_good
from tests.factories.stories import child_says, guardian_says, make_approved, make_shown, yes_to
from tests.factories.taken import take_from

WHY = "A wrong address; made up."
DAY = timedelta(days=1)


@pytest.fixture
def story() -> Story:
    """Shown in the gallery and to the press: the mother says that she decides alone."""
    shown = make_shown(["gallery", "press"])
    save()
    return shown


@pytest.fixture
def named(story: Story) -> Guardian:
    """Somebody who was named afterwards, by an address that nobody reads."""
    guardian = make_guardian(story.storyteller, declared=False, email="nobody@example.org")
    save()
    return guardian


@pytest.fixture
def helper() -> Staff:
    return make_staff(Role.FACILITATOR)


@pytest.fixture
def lead() -> Staff:
    return make_staff(Role.SAFEGUARDING_LEAD)


def save() -> None:
    commit(outside().queue)


def places(story: Story) -> set[str]:
    """Where it is shown."""
    return set(shown_rows(story.id))


def waiting_letters() -> Sequence[OutboxLetter]:
    return db.session.scalars(select(OutboxLetter)).all()


def test_while_somebody_was_not_heard_nothing_shows_who_the_child_is(story: Story) -> None:
    assert places(story) == {"gallery", "press"}
    father = make_guardian(story.storyteller, declared=False)
    save()
    assert places(story) == {"gallery"}
    declare_guardian(father, "Ion Popescu", Relation.FATHER, alone=True)
    save()
    assert places(story) == {"gallery"}  # now he is heard, and has not answered


def test_two_people_leave_out_who_was_named_by_mistake(
    story: Story, named: Guardian, helper: Staff, lead: Staff
) -> None:
    token = ask_guardian(story, named)
    doubt(helper, named, WHY)
    with pytest.raises(Conflict):
        doubt(helper, named, WHY)
    save()
    assert (places(story), doubted_guardians()) == ({"gallery"}, [(named, story.storyteller.reference)])
    leave_out(lead, named)
    save()
    assert (places(story), doubted_guardians()) == ({"gallery", "press"}, [])
    assert (by_link(token), named.email_sealed) == (None, None)
    assert named not in guardians_of(story.storyteller_id)
    assert named in ever_named(story.storyteller_id)
    about = select(AuditEntry.verb).where(AuditEntry.subject == story.storyteller_id).order_by(AuditEntry.seq)
    assert db.session.scalars(about).all() == ["guardian.doubted", "guardian.left_out"]


def test_a_lead_may_keep_waiting(story: Story, named: Guardian, helper: Staff, lead: Staff) -> None:
    doubt(helper, named, WHY)
    keep_asking(lead, named)
    save()
    assert (places(story), doubted_guardians()) == ({"gallery"}, [])
    with pytest.raises(Conflict):
        leave_out(lead, named)
    doubt(helper, named, WHY)
    assert [guardian.id for guardian, _reference in doubted_guardians()] == [named.id]


def test_who_was_left_out_is_not_written_to(story: Story, named: Guardian, helper: Staff, lead: Staff) -> None:
    doubt(helper, named, WHY)
    leave_out(lead, named)
    save()
    before = len(waiting_letters())
    ask_again(story)
    assert len(waiting_letters()) == before


def test_who_was_left_out_and_is_heard_after_all_decides_like_everybody(
    story: Story, named: Guardian, helper: Staff, lead: Staff
) -> None:
    doubt(helper, named, WHY)
    leave_out(lead, named)
    declare_guardian(named, "Ion Popescu", Relation.FATHER, alone=False)
    save()
    assert named in guardians_of(story.storyteller_id)
    assert named.id in [held.guardian_id for held in keys_to(story.storyteller_id)]
    assert places(story) == {"gallery"}


def test_two_people_end_the_right_of_somebody_who_was_heard(
    story: Story, named: Guardian, helper: Staff, lead: Staff
) -> None:
    """A court took it back, or somebody at a wrong address said that they are the father."""
    token = ask_guardian(story, named)
    doubt(helper, named, WHY)
    declare_guardian(named, "Ion Popescu", Relation.FATHER)
    guardian_says(story, named, {"gallery": "no"})
    save()
    assert (places(story), doubted_guardians()) == (set(), [(named, story.storyteller.reference)])  # a doubt stays
    leave_out(lead, named)
    save()
    assert places(story) == {"gallery", "press"}
    assert (by_link(token), [held.guardian_id for held in keys_to(story.storyteller_id)]) == (
        None,
        [guardians_of(story.storyteller_id)[0].id],
    )
    with pytest.raises(Conflict):
        doubt(helper, named, WHY)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_a_doubt_says_why(story: Story, named: Guardian, helper: Staff, lead: Staff, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        doubt(helper, named, reason)
    assert (refused.value.field, named.doubted_by) == ("reason", None)
    doubt(helper, named, f" {WHY}\n")
    assert read_doubt(lead, named) == WHY
    assert WHY.encode() not in (named.doubt_sealed or b"")


def test_whose_voice_waits_is_not_left_out_and_whoever_is_left_out_can_still_be_heard(
    story: Story, named: Guardian, helper: Staff, lead: Staff
) -> None:
    doubt(helper, named, WHY)
    leave_out(lead, named)
    save()
    take_from(named, story, helper, Method.VOICE)
    save()
    assert named not in guardians_of(story.storyteller_id)  # taken is not heard: a second person must accept it
    with pytest.raises(Conflict):
        doubt(helper, named, WHY)


def test_nobody_is_left_out_whom_a_form_that_waits_would_bring_back(
    story: Story, named: Guardian, helper: Staff, lead: Staff
) -> None:
    declare_guardian(named, "Ion Popescu", Relation.FATHER)
    take_from(named, story, helper, Method.VOICE)
    doubt(helper, named, WHY)
    with pytest.raises(Conflict):
        leave_out(lead, named)
    assert named in guardians_of(story.storyteller_id)


def test_whoever_says_that_they_do_not_decide_is_waited_for_until_a_lead_has_decided(
    story: Story, named: Guardian, helper: Staff, lead: Staff
) -> None:
    ask_guardian(story, named)
    disclaim(named)
    save()
    assert (places(story), named.remind_at) == ({"gallery"}, None)
    assert doubted_guardians() == [(named, story.storyteller.reference)]
    with pytest.raises(Conflict):
        doubt(helper, named, WHY)
    assert read_doubt(lead, named) == ""
    leave_out(lead, named)
    save()
    assert places(story) == {"gallery", "press"}
    declare_guardian(named, "Ion Popescu", Relation.FATHER, alone=True)
    save()
    assert (places(story), named.doubted_at) == ({"gallery"}, None)


def test_a_lead_may_wait_for_somebody_who_says_that_they_do_not_decide(
    story: Story, named: Guardian, lead: Staff
) -> None:
    disclaim(named)
    keep_asking(lead, named)
    save()
    assert (places(story), doubted_guardians(), named.doubted_at) == ({"gallery"}, [], None)


def test_a_wrong_address_is_replaced_by_somebody_who_is_waited_for(story: Story, named: Guardian) -> None:
    token, before = ask_guardian(story, named), waiting_letters()
    there = name_other(guardians_of(story.storyteller_id)[0], named.locale, "right@example.org", named)
    ask_guardian(story, there)
    save()
    assert (places(story), guardians_of(story.storyteller_id)[1:]) == ({"gallery"}, [there])
    assert (by_link(token), named.email_sealed, named.left_out_by) == (None, None, None)
    assert (len(before), len(waiting_letters())) == (1, 1)
    assert before[0].id != waiting_letters()[0].id  # to the wrong address nothing leaves any more


def test_a_letter_to_somebody_else_still_leaves(story: Story, named: Guardian) -> None:
    other = make_guardian(story.storyteller, declared=False, email="another@example.org")
    ask_guardian(story, other)
    (before,) = waiting_letters()
    ask_guardian(story, named)
    withdraw_address(guardians_of(story.storyteller_id)[0], named)
    save()
    assert [letter.id for letter in waiting_letters()] == [before.id]


def test_a_restore_asks_a_lead_only_where_another_key_is_asked_for(story: Story, helper: Staff, lead: Staff) -> None:
    """What an older backup would show without somebody who is asked now is told to the ledger outside the data."""

    def told_by(act: Callable[[], object], days: int) -> bool:
        with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC) + days * DAY):
            act()
            save()
            return withdrawals()[0].at == clock.now()

    assert withdrawals() == []
    father = make_guardian(story.storyteller, declared=False, email="nobody@example.org")
    save()
    assert [told.story_id for told in withdrawals()] == [story.id]
    assert not told_by(lambda: ask_guardian(story, father), 1)
    assert not told_by(lambda: doubt(helper, father, WHY), 2)
    assert not told_by(lambda: leave_out(lead, father), 3)
    assert told_by(lambda: declare_guardian(father, "Ion Popescu", Relation.FATHER, alone=True), 4)


def test_a_month_does_not_count_while_somebody_was_not_heard(lead: Staff) -> None:
    with clock.fixed(datetime(2026, 3, 1, tzinfo=UTC)):
        story = make_approved(["press"], guardians=0, age_band=AgeBand.SIXTEEN_SEVENTEEN)
        mother = make_guardian(story.storyteller)
        tell_for_good(mother, 2026, 3)
        father = make_guardian(story.storyteller, declared=False)
        save()
    with clock.fixed(datetime(2026, 6, 1, tzinfo=UTC)):
        child_says(story, yes_to(["press"]))
        save()
        assert places(story) == set()
        disclaim(father)
        save()
        assert places(story) == set()
        leave_out(lead, father)
        save()
        assert places(story) == set()  # what the child said while somebody was waited for is not theirs alone
        child_says(story, yes_to(["press"]))
        save()
        assert places(story) == {"press"}


def letters_after(days: int, began: datetime) -> int:
    """How many letters were written by then."""
    with clock.fixed(began + days * DAY):
        send_due()
        save()
    return len(waiting_letters())


def test_who_does_not_answer_is_asked_twice_more(story: Story, named: Guardian) -> None:
    began = named.created_at
    assert letters_after(60, began) == 0  # named, and nobody has written to them yet
    with clock.fixed(began):
        ask_guardian(story, named)
        save()
    found = [letters_after(days, began) for days in (1, 6, 7, 8, 29, 30, 31, 90)]
    assert found == [1, 1, 2, 2, 2, 3, 3, 3]


def test_whoever_is_asked_anew_is_reminded_from_then_on(story: Story, named: Guardian) -> None:
    began = named.created_at
    with clock.fixed(began):
        ask_guardian(story, named)
    assert letters_after(40, began) == 2  # the clock slept: one reminder for both
    with clock.fixed(began + 40 * DAY):
        ask_again(story)
        save()
    assert [letters_after(days, began) for days in (41, 46, 47, 69, 70, 99)] == [3, 3, 4, 4, 5, 5]


def test_whoever_says_who_they_are_is_reminded_no_more(story: Story, named: Guardian) -> None:
    began = named.created_at
    with clock.fixed(began):
        ask_guardian(story, named)
    declare_guardian(named, "Ion Popescu", Relation.FATHER)
    save()
    assert letters_after(40, began) == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.CURATOR, Role.ADMINISTRATOR])
def test_only_who_takes_consent_doubts_and_only_a_lead_leaves_out(
    named: Guardian, helper: Staff, lead: Staff, role: Role
) -> None:
    for staff in (make_staff(role), lead):
        with pytest.raises(NotAllowed):
            doubt(staff, named, WHY)
    doubt(helper, named, WHY)
    for staff in (make_staff(role), helper):
        for rule in (leave_out, keep_asking):
            with pytest.raises(NotAllowed):
                rule(staff, named)


def test_the_database_asks_for_two_people(
    story: Story, lead: Staff, refused_by_database: Callable[[Guardian], bool]
) -> None:
    more = {"storyteller_id": story.storyteller_id, "locale": story.locale, "left_out_at": clock.now()}
    assert refused_by_database(Guardian(doubted_by=lead.id, left_out_by=lead.id, **more))
    assert not refused_by_database(Guardian(left_out_by=lead.id, **more))
