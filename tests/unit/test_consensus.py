"""What child and guardians say together: keys and their acts, confirmation, growing up, and how much is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.consent.rules import Attribute, Given
from app.people.rules import Since
from app.release.policy import shown, verdict, window
from app.release.terms import FOREVER, Facts, Key, Reason
from tests.factories.facts import CAMPAIGN, DAY_ZERO, SHOWN, VERSION, yes

QUIET = replace(SHOWN, has_sound=False)
"""A story without a voice: nobody could recognise the child by it."""
DAY = timedelta(days=1)
KEY = SHOWN.keys[0]


def reasons(facts: Facts, place: str = "gallery") -> tuple[Reason, ...]:
    return verdict(facts, place, DAY_ZERO).reasons


def says(key: Key, **answers: Given) -> Key:
    """The same guardian, with single answers changed."""
    return replace(key, said={**key.said, **answers})


def test_a_yes_by_link_counts_when_it_was_confirmed() -> None:
    assert reasons(replace(QUIET, keys=(says(KEY, gallery=yes(confirmed=False)),))) == (Reason.GUARDIAN_UNCONFIRMED,)


def test_an_answer_to_a_text_that_changed_much_is_asked_for_again() -> None:
    child = {**SHOWN.child, "gallery": yes(superseded=True)}
    assert reasons(replace(QUIET, child=child)) == (Reason.CHILD_OLDER_TEXT,)
    assert reasons(replace(QUIET, keys=(says(KEY, gallery=yes(superseded=True)),))) == (Reason.GUARDIAN_OLDER_TEXT,)


@pytest.mark.parametrize(("word", "reason"), [("no", Reason.GUARDIAN_NO), ("unsure", Reason.GUARDIAN_UNSURE)])
def test_one_guardian_who_does_not_agree_is_enough(word: str, reason: Reason) -> None:
    assert reasons(replace(QUIET, keys=(KEY, says(KEY, gallery=yes(word))))) == (reason,)


def test_a_no_stands_until_the_yes_after_it_was_confirmed() -> None:
    said_once = yes(confirmed=False, stands="no", version=VERSION - 1)
    assert reasons(replace(QUIET, keys=(KEY, says(KEY, gallery=said_once)))) == (Reason.GUARDIAN_NO_STANDS,)
    assert reasons(replace(QUIET, keys=(KEY, says(KEY, gallery=yes(confirmed=False))))) == ()
    assert reasons(replace(QUIET, keys=(KEY, says(KEY, gallery=yes(confirmed=False, stands="yes"))))) == ()


def test_what_could_identify_a_child_needs_every_key() -> None:
    silent = replace(KEY, said={})
    assert reasons(replace(QUIET, keys=(KEY, silent))) == ()
    assert reasons(replace(QUIET, keys=(KEY, silent)), "press") == (Reason.GUARDIAN_SILENT,)
    assert shown(replace(SHOWN, keys=(KEY, says(silent, gallery=yes()))), Attribute.VOICE).grade == 0


def test_a_parent_who_does_not_decide_alone_waits_for_the_other() -> None:
    mother = replace(KEY, alone=False)
    assert reasons(replace(QUIET, keys=(mother,))) == ()
    assert reasons(replace(QUIET, keys=(mother,)), "press") == (Reason.GUARDIAN_MISSING,)
    assert reasons(replace(QUIET, keys=(mother,), joint=True)) == (Reason.GUARDIAN_MISSING,)
    assert reasons(replace(QUIET, keys=(mother, KEY), joint=True)) == ()


def test_a_parents_word_that_they_decide_alone_is_not_believed_beside_somebody_who_was_named_and_not_heard() -> None:
    named = replace(QUIET, unheard=True)
    assert reasons(named) == ()
    assert reasons(named, "press") == (Reason.GUARDIAN_MISSING,)
    assert reasons(replace(named, joint=True)) == (Reason.GUARDIAN_MISSING,)
    assert reasons(replace(named, keys=(KEY, KEY)), "press") == (Reason.GUARDIAN_MISSING,)
    assert shown(replace(SHOWN, unheard=True), Attribute.VOICE).grade == 0


def test_a_key_reaches_as_far_as_its_act() -> None:
    carer = replace(KEY, scopes=frozenset({"gallery", "campaign:"}))
    facts = replace(QUIET, keys=(carer,))
    assert reasons(facts) == ()
    assert reasons(facts, f"campaign:{CAMPAIGN}") == ()
    assert reasons(facts, "embed") == (Reason.NO_KEY,)


def test_a_waiting_recording_of_a_guardian_holds_everything_back() -> None:
    assert reasons(replace(QUIET, evidence_waiting=True)) == (Reason.EVIDENCE_WAITING,)


def test_a_version_the_child_refused_is_never_shown() -> None:
    refused = replace(QUIET, differs=True, accepted=False, refused=True)
    assert window(refused, "gallery") is None
    assert reasons(refused) == (Reason.FINAL_REFUSED,)


def test_at_own_age_an_earlier_yes_holds_for_ninety_days() -> None:
    grown = DAY_ZERO + 10 * DAY
    facts = replace(QUIET, own_age=Since(grown, 0), asked_anew=(Since(grown, 0),))
    assert window(facts, "gallery") == (DAY_ZERO, grown + 90 * DAY)
    assert verdict(facts, "gallery", grown + 90 * DAY).reasons == (Reason.CHILD_GREW_UP,)


def test_from_own_age_on_a_yes_of_their_own_is_enough_where_nobody_could_recognise_them() -> None:
    facts = replace(QUIET, keys=(replace(KEY, said={"gallery": yes("no")}),), own_age=Since(DAY_ZERO - 30 * DAY, 0))
    assert window(facts, "gallery") == (DAY_ZERO, FOREVER)
    assert reasons(facts, "press") == (Reason.GUARDIAN_SILENT,)
    assert window(replace(facts, keys=()), "gallery") == (DAY_ZERO, FOREVER)


def test_until_they_are_of_age_guardians_still_decide_about_their_voice() -> None:
    facts = replace(SHOWN, own_age=Since(DAY_ZERO - 30 * DAY, 0), keys=(says(KEY, voice=yes("transcript")),))
    assert shown(facts, Attribute.VOICE).grade == 0
    assert shown(replace(facts, majority=Since(DAY_ZERO - 30 * DAY, 0)), Attribute.VOICE).grade == 2


def test_of_age_they_are_asked_about_everything_again() -> None:
    facts = replace(QUIET, own_age=Since(DAY_ZERO - 30 * DAY, 0), majority=Since(DAY_ZERO + 5 * DAY, 0))
    facts = replace(facts, asked_anew=(Since(DAY_ZERO - 30 * DAY, 0), Since(DAY_ZERO + 5 * DAY, 0)))
    assert window(facts, "press") == (DAY_ZERO, DAY_ZERO + 95 * DAY)


@pytest.mark.parametrize(
    ("child", "guardian", "grade"),
    [("own", "own", 2), ("own", "altered", 1), ("altered", "own", 1), ("transcript", "own", 0), ("own", "unsure", 0)],
)
def test_a_voice_is_shown_as_far_as_everybody_agrees(child: str, guardian: str, grade: int) -> None:
    facts = replace(
        SHOWN, has_altered=True, child={**SHOWN.child, "voice": yes(child)}, keys=(says(KEY, voice=yes(guardian)),)
    )
    assert shown(facts, Attribute.VOICE).grade == grade


def test_until_an_altered_recording_exists_altered_publishes_no_sound() -> None:
    altered = {**SHOWN.child, "voice": yes("altered")}
    facts = replace(SHOWN, child=altered, keys=(says(KEY, voice=yes("altered")),))
    assert shown(facts, Attribute.VOICE).grade == 0
    assert reasons(facts) == ()
    assert reasons(replace(facts, has_other=False)) == (Reason.NOTHING_TO_SHOW,)


def test_leave_to_hear_an_older_recording_is_no_leave_to_hear_this_one() -> None:
    facts = replace(SHOWN, keys=(says(KEY, voice=yes("own", version=VERSION - 1)),))
    assert shown(facts, Attribute.VOICE).grade == 0


def test_what_nobody_answered_about_the_child_is_not_shown() -> None:
    assert {attribute: shown(QUIET, attribute).grade for attribute in Attribute} == dict.fromkeys(Attribute, 0)


def test_a_name_is_shown_when_the_child_and_one_key_say_so_and_none_says_no() -> None:
    child, mother = {**SHOWN.child, "name": yes("invented")}, says(KEY, name=yes("invented"))
    facts = replace(QUIET, child=child, keys=(mother, replace(KEY, said={})))
    assert shown(facts, Attribute.NAME).grade == 1
    assert shown(replace(facts, keys=(mother, says(KEY, name=yes("none")))), Attribute.NAME).grade == 0


def test_a_story_goes_dark_with_the_leave_to_show_what_it_shows_of_the_child() -> None:
    ends = DAY_ZERO + 3 * DAY
    facts = replace(
        QUIET, child={**SHOWN.child, "name": yes("invented", expires_at=ends)}, keys=(says(KEY, name=yes("invented")),)
    )
    assert window(facts, "gallery") == (DAY_ZERO, ends)
