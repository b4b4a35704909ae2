"""Paper, voice and live calls: what was taken opens nothing before a second person has ruled about it."""

import io
from collections.abc import Callable, Sized
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.consent import evidence
from app.consent.evidence import Ruling
from app.consent.models import Evidence
from app.consent.queries import ledger, said_by_guardian
from app.consent.rules import EvidenceState, Method
from app.consent.sweeping import sweep_evidence
from app.consent.texts import current
from app.errors import Conflict, Gone, Invalid, NotAllowed
from app.extensions import db
from app.mail.models import OutboxLetter
from app.media.actions import delete_for_story
from app.media.rules import Purpose
from app.media.sweeping import sweep_orphans
from app.people.actions import declare_guardian
from app.people.authority import Act, accept_act, claim_act
from app.people.keys import load_key, unseal
from app.people.letters import take as take_letter
from app.people.models import Guardian, GuardianLink, Staff
from app.people.permissions import Role
from app.people.queries import authority_of, claim_of, key_of
from app.people.rules import Basis, Relation
from app.release.facts import facts_of
from app.release.policy import verdict
from app.release.terms import Reason
from app.stories import actions
from app.stories.models import Story
from tests.factories.media import recording
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import answer_by_link, approve, child_says, guardian_says, make_submitted, yes_to
from tests.factories.taken import take_from

WHY = "The photograph is too dark. Could you take it once more?"
SAID = Ruling(yes_to(["gallery"]), "Maria Ionescu", Relation.MOTHER, alone=True)


@pytest.fixture
def story() -> Story:
    """A story that the child and the team said yes to, long enough ago; nobody of the family has answered."""
    with clock.fixed(clock.now() - timedelta(days=30)):
        story = make_submitted()
        child_says(story, yes_to(["gallery"]))
        approve(story)
    return story


@pytest.fixture
def guardian(story: Story) -> Guardian:
    return make_guardian(story.storyteller, declared=False)


def photograph(story: Story, guardian: Guardian, by: Staff | None, content: bytes | None = None) -> Evidence:
    """A photographed form."""
    return take_from(guardian, story, by, content=content)


def reasons(story: Story) -> tuple[Reason, ...]:
    return verdict(facts_of(story), "gallery", clock.now()).reasons


def test_a_form_waits_for_a_second_person_and_then_enters_the_ledger(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    taken = photograph(story, guardian, facilitator)
    assert reasons(story) == (Reason.EVIDENCE_WAITING, Reason.NO_KEY)
    evidence.accept(make_staff(Role.FACILITATOR), taken, SAID)
    rows = [row for row in ledger(story.id) if row.guardian_id == guardian.id]
    assert {(row.method, row.evidence_id, row.confirmed, row.version_number) for row in rows} == {
        (Method.PAPER, taken.id, True, 1)
    }
    assert {row.scope: row.value for row in rows} == dict(SAID.values)
    assert (reasons(story), guardian.relation) == ((), Relation.MOTHER)


def test_whoever_took_it_does_not_rule_about_it(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    taken = photograph(story, guardian, facilitator)
    with pytest.raises(NotAllowed, match="second_person"):
        evidence.accept(facilitator, taken, SAID)
    with pytest.raises(NotAllowed, match="second_person"):
        evidence.ask_again(facilitator, taken, WHY)
    assert taken.state is EvidenceState.WAITING


def test_who_may_not_rule_may_not_look_either(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    taken, moderator = photograph(story, guardian, facilitator), make_staff(Role.MODERATOR)
    with pytest.raises(NotAllowed):
        evidence.accept(moderator, taken, SAID)
    with pytest.raises(NotAllowed):
        evidence.begin_look(moderator, taken)


def test_a_form_is_ruled_about_once(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    taken, other = photograph(story, guardian, facilitator), make_staff(Role.SAFEGUARDING_LEAD)
    evidence.ask_again(other, taken, WHY)
    assert (said_by_guardian(story.id, guardian.id), reasons(story)) == ({}, (Reason.NO_KEY,))
    with pytest.raises(Conflict):
        evidence.accept(other, taken, SAID)


def test_asking_again_brings_the_guardian_a_fresh_link_and_says_why(story: Story, facilitator: Staff) -> None:
    guardian, other = make_guardian(story.storyteller, email="ana@example.org"), make_staff(Role.SAFEGUARDING_LEAD)
    taken = photograph(story, guardian, facilitator)
    for reason in (" ", "x" * (evidence.NOTE_MAX + 1)):
        with pytest.raises(Invalid, match="ask_again_reason"):
            evidence.ask_again(other, taken, reason)
    evidence.ask_again(other, taken, f" {WHY} ")
    assert evidence.reason_of(taken) == WHY
    letter = take_letter(db.session.scalars(select(OutboxLetter.id)).one())
    assert letter is not None
    assert letter.to == "ana@example.org"
    assert WHY in letter.body.split("\n\n")
    link = db.session.scalars(select(GuardianLink).where(GuardianLink.guardian_id == guardian.id)).one()
    assert link.token_sealed is None


def test_a_voice_needs_a_witness_and_is_kept_under_a_key_of_its_own(story: Story, guardian: Guardian) -> None:
    text, recorded = current("guardian", "en"), recording("webm")
    with pytest.raises(Invalid, match="witness"):
        evidence.take(story, guardian, Method.VOICE, text, taken_by=None, stream=io.BytesIO(recorded))
    taken = evidence.take(
        story, guardian, Method.VOICE, text, taken_by=None, witness="Vasile Rusu", stream=io.BytesIO(recorded)
    )
    assert unseal(taken.id, "witness", taken.witness_sealed) == "Vasile Rusu"
    assert load_key(taken.id) != load_key(story.id)
    stored = b"".join(outside().vault.open(f"{story.id}/{taken.id}/evidence"))
    assert recorded[:64] not in stored
    heard = evidence.open_file(evidence.begin_look(make_staff(Role.SAFEGUARDING_LEAD), taken))
    assert heard.purpose is Purpose.SOUND_OPUS


def test_a_call_holds_at_once_and_is_noted(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    text = current("guardian", "en")
    with pytest.raises(Invalid, match="call_note"):
        evidence.note_call(facilitator, story, guardian, text, " ", SAID)
    noted = evidence.note_call(facilitator, story, guardian, text, "Sunday evening, by video.", SAID)
    assert (noted.state, noted.ruled_by, reasons(story)) == (EvidenceState.ACCEPTED, facilitator.id, ())
    assert unseal(noted.id, "note", noted.note_sealed) == "Sunday evening, by video."
    with pytest.raises(NotAllowed):
        evidence.note_call(make_staff(Role.MODERATOR), story, guardian, text, "A call.", SAID)


def test_only_a_picture_is_taken_as_a_form_and_nothing_is_left_of_anything_else(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    with pytest.raises(Invalid, match="not_a_picture"):
        photograph(story, guardian, facilitator, recording("mp3"))
    assert list(outside().vault.names("")) == []


def test_erasing_the_story_makes_its_evidence_noise(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    taken = photograph(story, guardian, facilitator)
    evidence_id = taken.id
    actions.erase(story, Role.CHILD)
    with pytest.raises(Gone):
        load_key(evidence_id)
    delete_for_story(story.id)
    assert list(outside().vault.names("")) == []


def test_the_sweepers_keep_what_is_known_and_delete_what_is_not(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    taken = photograph(story, guardian, facilitator)
    store = outside().vault
    store.put(f"{story.id}/{'z' * 22}/evidence", [b"of an upload that was cut off"])
    commit(outside().queue)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert (sweep_orphans().deleted, sweep_evidence()) == (0, 1)
    assert list(store.names("")) == [f"{story.id}/{taken.id}/evidence"]


def test_what_an_erased_story_left_in_the_vault_is_swept(story: Story, guardian: Guardian, facilitator: Staff) -> None:
    photograph(story, guardian, facilitator)
    actions.erase(story, Role.CHILD)
    commit(outside().queue)  # and the job that empties its shelf is lost
    assert list(outside().vault.names("")) != []
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert sweep_evidence() == 1
    assert list(outside().vault.names("")) == []


def test_of_more_forms_than_one_question_can_name_each_is_looked_at(
    story: Story, guardian: Guardian, facilitator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = photograph(story, guardian, facilitator)
    commit(outside().queue)
    monkeypatch.setattr("app.media.sweeping.BATCH", 2)
    strays = [f"{story.id}/{letter * 22}/evidence" for letter in "vwxyz"]
    for name in strays:
        outside().vault.put(name, [b"of an upload that was cut off"])
    named: list[int] = []

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Sized, *_more: Any) -> None:
        named.append(len(parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    with clock.fixed(clock.now() + timedelta(hours=2)):
        assert sweep_evidence() == len(strays)
    event.remove(db.engine, "before_cursor_execute", note)
    assert max(named) <= 2 + 1  # and the state of its story
    assert list(outside().vault.names("")) == [f"{story.id}/{taken.id}/evidence"]


def test_the_database_refuses_a_ruling_by_whoever_took_it(
    story: Story, guardian: Guardian, facilitator: Staff, refused_by_database: Callable[[Evidence], bool]
) -> None:
    def ruled_by(staff: Staff) -> Evidence:
        return Evidence(
            story_id=story.id,
            guardian_id=guardian.id,
            version_number=1,
            method=Method.PAPER,
            state=EvidenceState.ACCEPTED,
            text_id="guardian",
            text_version=1,
            text_locale="en",
            text_sha256="0" * 64,
            taken_by=facilitator.id,
            ruled_by=staff.id,
            ruled_at=clock.now(),
        )

    assert refused_by_database(ruled_by(facilitator))
    assert not refused_by_database(ruled_by(make_staff(Role.FACILITATOR)))


def test_whoever_answered_on_paper_is_given_a_link_to_take_it_back_with(
    story: Story, guardian: Guardian, facilitator: Staff
) -> None:
    before = db.session.scalar(select(func.count()).select_from(GuardianLink))
    evidence.accept(make_staff(Role.FACILITATOR), photograph(story, guardian, facilitator), SAID)
    assert db.session.scalar(select(func.count()).select_from(GuardianLink)) == before + 1


def test_a_parent_of_today_says_nothing_by_the_act_of_yesterday(story: Story) -> None:
    carer = make_guardian(story.storyteller, declared=False)
    claim_act(carer, Act(Basis.COURT_ACT, "Court of Iași, 12/2026", clock.now() + timedelta(days=9)))
    accept_act(make_staff(Role.SAFEGUARDING_LEAD), authority_of(carer.id))
    guardian_says(story, carer, yes_to(["gallery"]))
    assert verdict(facts_of(story), "gallery", clock.now()).allowed
    with clock.fixed(clock.now() + timedelta(hours=1)):
        declare_guardian(carer, "Maria", Relation.MOTHER, alone=True)
        assert reasons(story) == (Reason.GUARDIAN_SILENT,)
        guardian_says(story, carer, yes_to(["gallery"]))
        assert reasons(story) == ()


def test_a_form_from_before_takes_away_nothing_that_its_guardian_has_said_since(
    story: Story, facilitator: Staff
) -> None:
    carer = make_guardian(story.storyteller, declared=False)
    told = Act(Basis.COURT_ACT, "Court of Iași, 12/2026", clock.now() + timedelta(days=9))
    ruling = replace(SAID, relation=Relation.COURT_CARER, act=told)
    older = photograph(story, carer, facilitator)
    declare_guardian(carer, "Elena Popescu", Relation.COURT_CARER)
    act = claim_act(carer, told)
    accept_act(make_staff(Role.SAFEGUARDING_LEAD), act)
    newer = photograph(story, carer, facilitator)
    evidence.accept(make_staff(Role.FACILITATOR), older, ruling)
    assert authority_of(carer.id) == act
    evidence.accept(make_staff(Role.FACILITATOR), newer, ruling)
    assert (key_of(carer.id), claim_of(carer.id) is not None) == (act, True)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_of_two_recordings_the_one_that_was_taken_last_says_it(
    story: Story, facilitator: Staff, order: list[int]
) -> None:
    mother = make_guardian(story.storyteller, declared=False)
    taken = [photograph(story, mother, facilitator) for _ in range(2)]
    rulings = [replace(SAID, alone=True), replace(SAID, alone=False, values={"gallery": "no", "voice": "altered"})]
    for number in order:
        evidence.accept(make_staff(Role.FACILITATOR), taken[number], rulings[number])
    held, said = key_of(mother.id), said_by_guardian(story.id, mother.id)
    assert held is not None
    assert (held.alone, said["gallery"].value, said["voice"].value) == (False, "no", "altered")


def test_what_links_said_less_and_then_more_lifts_nothing_that_was_spoken(story: Story, facilitator: Staff) -> None:
    mother, now = make_guardian(story.storyteller), clock.now()
    taken = photograph(story, mother, facilitator)
    for word in ("transcript", "own"):
        answer_by_link(story, mother, {"voice": word}, now)
    with clock.fixed(now + timedelta(days=2)):
        assert answer_by_link(story, mother, {"voice": "own"}, clock.now())
        evidence.accept(make_staff(Role.FACILITATOR), taken, replace(SAID, values={"voice": "altered"}))
    assert said_by_guardian(story.id, mother.id)["voice"].value == "transcript"


def test_a_no_that_was_spoken_is_not_lifted_by_a_link_meanwhile(story: Story, facilitator: Staff) -> None:
    mother = make_guardian(story.storyteller, declared=False)
    older = photograph(story, mother, facilitator)
    declare_guardian(mother, "Elena Popescu", Relation.MOTHER, alone=True)
    answer_by_link(story, mother, {"gallery": "yes"}, clock.now())
    ruling = replace(SAID, alone=False, values={"gallery": "no"})
    evidence.accept(make_staff(Role.FACILITATOR), older, ruling)
    held = key_of(mother.id)
    assert held is not None
    assert (held.alone, said_by_guardian(story.id, mother.id)["gallery"].value) == (False, "no")


def test_a_recording_from_before_shows_no_more_of_the_child_than_was_said_since(
    story: Story, facilitator: Staff
) -> None:
    mother = make_guardian(story.storyteller)
    older = photograph(story, mother, facilitator)
    guardian_says(story, mother, {"voice": "altered"})
    evidence.accept(make_staff(Role.FACILITATOR), older, replace(SAID, values={"gallery": "yes", "voice": "own"}))
    said = said_by_guardian(story.id, mother.id)
    assert (said["gallery"].value, said["voice"].value) == ("yes", "altered")


def test_a_voice_from_before_does_not_decide_alone_when_its_speaker_has_said_together_since(
    story: Story, facilitator: Staff
) -> None:
    mother = make_guardian(story.storyteller, declared=False)
    with clock.fixed(clock.now() + timedelta(days=400)):  # a clock that was ahead changes nothing
        older = photograph(story, mother, facilitator)
    declare_guardian(mother, "Elena Popescu", Relation.MOTHER, alone=False)
    guardian_says(story, mother, {"gallery": "no"})
    evidence.accept(make_staff(Role.FACILITATOR), older, replace(SAID, alone=True))
    held = key_of(mother.id)
    assert held is not None
    assert not held.alone
    assert said_by_guardian(story.id, mother.id)["gallery"].value == "no"
