"""The one rule: it says what the design says, its window is its verdict, and no answer but yes opens a place."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings, strategies as st

from app.consent.rules import Attribute
from app.release.policy import approvals_for, places_of, scope_of, shown, translated, verdict, window
from app.release.terms import FOREVER, Facts, Key, Reason
from app.stories.lifecycle import State
from tests.factories.facts import (
    DAY_ZERO,
    PLACES,
    SHOWN,
    VERSION,
    facts as some_facts,
    moments,
    places,
    random_facts,
    random_moment,
    yes,
)
from tests.factories.restated_rule import may_be_shown, reaches


@settings(max_examples=300, deadline=None)
@given(some_facts, places, moments)
def test_the_policy_says_what_the_design_says(facts: Facts, place: str, now: datetime) -> None:
    assert verdict(facts, place, now).allowed == may_be_shown(facts, place, now)


@settings(max_examples=300, deadline=None)
@given(some_facts, places, moments)
def test_the_window_is_exactly_when_the_verdict_allows(facts: Facts, place: str, now: datetime) -> None:
    span = window(facts, place)
    assert verdict(facts, place, now).allowed == (span is not None and span[0] <= now < span[1])


@settings(max_examples=300, deadline=None)
@given(some_facts, places, moments)
def test_a_verdict_gives_a_reason_or_an_end(facts: Facts, place: str, now: datetime) -> None:
    said = verdict(facts, place, now)
    assert said.allowed == (said.reasons == ())
    assert (said.until is not None) == said.allowed
    assert len(set(said.reasons)) == len(said.reasons)
    if said.until is not None and said.until != FOREVER:
        assert not verdict(facts, place, said.until).allowed


@settings(max_examples=300, deadline=None)
@given(some_facts, places, moments, st.sampled_from(["no", "unsure"]), st.integers(0, 3), st.sampled_from([1, VERSION]))
def test_a_no_or_an_unsure_never_opens_a_place(
    facts: Facts, place: str, now: datetime, word: str, who: int, version: int
) -> None:
    answer = {scope_of(place): yes(word, version=version)}
    before = verdict(facts, place, now).allowed
    counts = True
    if who == 0 or not facts.keys:
        after = replace(facts, child={**facts.child, **answer})
    else:
        at = (who - 1) % len(facts.keys)
        key = facts.keys[at]
        keys = (*facts.keys[:at], replace(key, said={**key.said, **answer}), *facts.keys[at + 1 :])
        after, counts = replace(facts, keys=keys), reaches(key, scope_of(place))
    allowed = verdict(after, place, now).allowed
    assert before or not allowed
    if counts and facts.own_age is None and facts.majority is None:  # else others may decide without them
        assert not allowed


LESS = {"name": "none", "voice": "transcript", "face": "never", "age": "none", "place": "none", "translate": "no"}
"""The no to each of the questions that are about what is shown, and not about where."""


def seen_of(facts: Facts) -> list[int]:
    """How much is seen of the child, question by question, wherever a story is shown."""
    return [*(shown(facts, attribute).grade for attribute in Attribute), translated(facts).grade]


@settings(max_examples=300, deadline=None)
@given(some_facts, places, moments, st.sampled_from(sorted(LESS)), st.booleans(), st.integers(0, 3))
def test_a_no_about_the_child_never_shows_more_and_opens_a_place_only_with_less_of_them(
    facts: Facts, place: str, now: datetime, scope: str, unsure: bool, who: int
) -> None:
    answer = {scope: yes("unsure" if unsure else LESS[scope])}
    if who == 0 or not facts.keys:
        after = replace(facts, child={**facts.child, **answer})
    else:
        at = (who - 1) % len(facts.keys)
        key = replace(facts.keys[at], said={**facts.keys[at].said, **answer})
        after = replace(facts, keys=(*facts.keys[:at], key, *facts.keys[at + 1 :]))
    seen, less = seen_of(facts), seen_of(after)
    assert all(now_seen <= before for before, now_seen in zip(seen, less, strict=True))
    if verdict(after, place, now).allowed and not verdict(facts, place, now).allowed:
        assert less != seen


@settings(max_examples=300, deadline=None)
@given(some_facts, places, moments)
def test_what_is_public_was_approved_and_answered_and_is_not_held(facts: Facts, place: str, now: datetime) -> None:
    if not verdict(facts, place, now).allowed:
        return
    assert facts.state is State.APPROVED
    assert facts.approvals >= approvals_for(facts, place)
    assert facts.child[scope_of(place)].value == "yes"
    if facts.own_age is None and facts.majority is None:
        assert any(scope_of(place) in key.said and key.said[scope_of(place)].value == "yes" for key in facts.keys)
    assert not facts.held
    assert not facts.leaving
    assert not facts.evidence_waiting


def test_rule_window_and_policy_agree_about_four_thousand_stories() -> None:
    random = Random(55_000_000)
    for _ in range(4_000):
        facts, place, now = random_facts(random), random.choice(PLACES), random_moment(random)
        span = window(facts, place)
        inside = span is not None and span[0] <= now < span[1]
        assert (verdict(facts, place, now).allowed, inside) == (may_be_shown(facts, place, now),) * 2, facts


def test_the_made_up_facts_reach_both_answers_at_every_place() -> None:
    random = Random(2012)
    seen = {
        (place, verdict(random_facts(random), place, random_moment(random)).allowed)
        for place in PLACES
        for _ in range(200)
    }
    assert seen == {(place, allowed) for place in PLACES for allowed in (True, False)}


def test_a_yes_of_everybody_opens_every_place() -> None:
    assert {place for place in places_of(SHOWN) if verdict(SHOWN, place, DAY_ZERO).allowed} == set(PLACES)


def test_a_campaign_that_did_not_choose_the_story_says_so() -> None:
    other = "campaign:" + "d" * 22
    reasons = (Reason.CHILD_SILENT, Reason.GUARDIAN_SILENT, Reason.NOT_IN_CAMPAIGN)
    assert verdict(SHOWN, other, DAY_ZERO).reasons == reasons


def test_every_state_but_approved_says_why_not() -> None:
    reasons = {state: verdict(replace(SHOWN, state=state), "gallery", DAY_ZERO).reasons for state in State}
    assert reasons == {
        State.DRAFT: (Reason.NOT_SUBMITTED,),
        State.SUBMITTED: (Reason.WAITING_FOR_REVIEW,),
        State.IN_REVIEW: (Reason.WAITING_FOR_REVIEW,),
        State.CHANGES_ASKED: (Reason.CHANGES_ASKED,),
        State.APPROVED: (),
        State.DECLINED: (Reason.DECLINED,),
        State.ERASED: (Reason.ERASED,),
    }


def test_without_a_key_nothing_is_shown() -> None:
    assert verdict(replace(SHOWN, keys=()), "gallery", DAY_ZERO).reasons == (Reason.NO_KEY,)
    assert verdict(replace(SHOWN, keys=(), keyless=True), "gallery", DAY_ZERO).reasons == (Reason.KEY_GONE,)


def test_one_yes_is_enough_unless_the_place_or_the_country_asks_for_all() -> None:
    silent = replace(SHOWN, keys=(*SHOWN.keys, Key({})))
    assert verdict(silent, "gallery", DAY_ZERO).allowed
    assert verdict(silent, "press", DAY_ZERO).reasons == (Reason.GUARDIAN_SILENT,)
    assert verdict(replace(silent, joint=True), "gallery", DAY_ZERO).reasons == (Reason.GUARDIAN_SILENT,)


def test_a_key_dies_with_its_act() -> None:
    ends = DAY_ZERO + timedelta(days=2)
    facts = replace(SHOWN, keys=(replace(SHOWN.keys[0], until=ends),))
    assert window(facts, "gallery") == (DAY_ZERO, ends)
    assert verdict(facts, "gallery", ends).reasons == (Reason.KEY_GONE,)
