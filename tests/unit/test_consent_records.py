"""Consent records: what a history comes to, and that the records are what the standard and the vocabulary ask for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.consent.records import METHODS, About, Event, document, record, status_now, status_then
from app.consent.rules import ATTRIBUTE_VALUES, SILENCE_LASTS, Method, Scope
from app.people.rules import Since
from tests.unit.dpv_checks import faults, graph_of, strangers

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_DAY = timedelta(days=1)
MOTHER = "a" * 32
ABOUT = About(
    story="5" * 32,
    subject="c" * 32,
    version=2,
    erased=False,
    controller="https://eyes.example",
    countries=("IT", "RO"),
    bases={MOTHER: "parent"},
    claimed=frozenset(),
    majors={"child": 1, "guardian": 1},
    since={},
    asked_anew=(),
)


def said(value: str, at: datetime = MORNING, **other: Any) -> Event:
    """An answer of the child about the gallery."""
    event = Event(
        who="",
        scope="gallery",
        value=value,
        version=2,
        at=at,
        expires_at=at + 730 * A_DAY if value == "yes" else None,
        confirmed=True,
        method=Method.SELF,
        text_id="child",
        text_version=1,
        text_locale="ro",
        text_sha256="0123456789abcdef" * 4,
        said_seq=5,
    )
    return replace(event, **other)


def by_mother(value: str, at: datetime = MORNING, **other: Any) -> Event:
    """The same by the mother's private link."""
    return said(value, at, **{"who": MOTHER, "method": Method.LINK, "text_id": "guardian"} | other)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        (["yes"], "dpv:ConsentGiven"),
        (["no"], "dpv:ConsentRefused"),
        (["unsure"], "dpv:ConsentRequestDeferred"),
        (["yes", "no"], "dpv:ConsentWithdrawn"),
        (["yes", "unsure"], "dpv:ConsentWithdrawn"),
        (["yes", "no", "no"], "dpv:ConsentWithdrawn"),
        (["no", "yes"], "dpv:ConsentGiven"),
        (["yes", "yes"], "dpv:RenewedConsentGiven"),
        (["yes", "no", "yes"], "dpv:RenewedConsentGiven"),
        (["unsure", "no"], "dpv:ConsentRefused"),
    ],
)
def test_what_a_history_comes_to(values: list[str], status: str) -> None:
    history = [said(value, MORNING + number * A_DAY) for number, value in enumerate(values)]
    assert status_now(history, ABOUT, MORNING + 10 * A_DAY) == status


def test_a_yes_by_link_is_requested_until_it_is_confirmed() -> None:
    first = by_mother("yes", confirmed=False)
    assert status_then([first]) == "dpv:ConsentRequested"
    assert status_then([first, by_mother("yes", MORNING + A_DAY)]) == "dpv:ConsentGiven"
    assert status_then([first, by_mother("no", MORNING + A_DAY)]) == "dpv:ConsentRefused"


@pytest.mark.parametrize(
    ("event", "about", "status"),
    [
        (said("yes", expires_at=MORNING + A_DAY), ABOUT, "dpv:ConsentExpired"),
        (by_mother("yes", version=1), ABOUT, "dpv:ConsentRequested"),
        (said("yes", version=1), ABOUT, "dpv:ConsentGiven"),
        (by_mother("yes"), ABOUT, "dpv:ConsentGiven"),
        (by_mother("yes"), replace(ABOUT, bases={}), "dpv:ConsentRevoked"),
        (by_mother("yes"), replace(ABOUT, since={MOTHER: 6}), "dpv:ConsentRevoked"),
        (by_mother("yes"), replace(ABOUT, since={MOTHER: 5}), "dpv:ConsentGiven"),
        (by_mother("no"), replace(ABOUT, bases={}), "dpv:ConsentRefused"),
        (by_mother("yes"), replace(ABOUT, claimed=frozenset([MOTHER])), "dpv:ConsentRequested"),
        (said("yes"), replace(ABOUT, majors={"child": 2, "guardian": 1}), "dpv:ConsentRequested"),
        (said("yes"), replace(ABOUT, erased=True), "dpv:ConsentWithdrawn"),
        (said("no"), replace(ABOUT, erased=True), "dpv:ConsentRefused"),
        (said("own", scope="voice"), ABOUT, "dpv:ConsentGiven"),
        (said("transcript", scope="voice"), ABOUT, "dpv:ConsentRefused"),
    ],
)
def test_a_yes_counts_only_while_it_holds(event: Event, about: About, status: str) -> None:
    assert status_now([event], about, MORNING + A_DAY) == status


@pytest.mark.parametrize(
    ("event", "asked", "status"),
    [
        (said("yes"), Since(MORNING + A_DAY, 0), "dpv:ConsentExpired"),
        (said("yes"), Since(MORNING + 2 * A_DAY, 0), "dpv:ConsentGiven"),
        (said("yes"), Since(MORNING - A_DAY, 5), "dpv:ConsentGiven"),
        (said("yes"), Since(MORNING - A_DAY, 6), "dpv:ConsentExpired"),
        (by_mother("yes"), Since(MORNING + A_DAY, 0), "dpv:ConsentGiven"),
        (said("yes", scope="keep_private", expires_at=MORNING), Since(MORNING + A_DAY, 0), "dpv:ConsentGiven"),
    ],
)
def test_a_child_who_grew_up_and_is_silent_says_yes_no_longer(event: Event, asked: Since, status: str) -> None:
    about = replace(ABOUT, asked_anew=(asked,))
    assert status_now([event], about, MORNING + A_DAY + SILENCE_LASTS) == status


def test_what_others_take_back_is_revoked() -> None:
    assert status_then([by_mother("yes"), by_mother("no")]) == "dpv:ConsentRevoked"
    assert status_now([by_mother("yes")], replace(ABOUT, erased=True), MORNING) == "dpv:ConsentRevoked"


def test_each_event_says_what_it_meant_then() -> None:
    made = record([said("yes"), said("no", MORNING + A_DAY)], ABOUT, MORNING + 2 * A_DAY)
    assert [event["dpv:hasConsentStatus"]["@id"] for event in made["dpv:hasLegalBasis"]] == [
        "dpv:ConsentGiven",
        "dpv:ConsentWithdrawn",
    ]
    assert made["dct:created"]["@value"] == MORNING.isoformat()
    assert made["dct:modified"]["@value"] == (MORNING + A_DAY).isoformat()


def everything() -> list[Event]:
    """An answer about every scope and attribute, by every method."""
    scopes = [*(scope.value for scope in Scope), "campaign:abc"]
    children = [said(value, scope=scope) for scope in scopes for value in ("yes", "no", "unsure")]
    shown = [said(value, scope=name) for name, values in ATTRIBUTE_VALUES.items() for value in values]
    guardians = [by_mother("yes", method=method, scope=scope) for scope in scopes for method in Method]
    return [*children, *shown, *guardians, by_mother("yes", confirmed=False)]


def test_one_record_for_each_party_and_scope() -> None:
    made = document(everything(), ABOUT, MORNING)["@graph"]
    scopes = len(Scope) + 1
    assert len(made) == 2 * scopes + len(ATTRIBUTE_VALUES)
    assert len({one["@id"] for one in made}) == len(made)


def test_every_method_has_words() -> None:
    assert set(METHODS) == set(Method)


def test_the_records_are_what_vocabulary_and_shapes_ask_for() -> None:
    graph = graph_of(document(everything(), ABOUT, MORNING))
    assert len(graph) > 500
    assert strangers(graph) == set()
    assert faults(graph) == ""


def drop(*names: str) -> Callable[[dict[str, Any]], None]:
    return lambda made: [made.pop(name) for name in names] and None


def put(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda made: made.update({name: value})


BROKEN: dict[str, Callable[[dict[str, Any]], None]] = {
    "no text": drop("dpv:hasNotice"),
    "no purpose": lambda made: made["dpv:hasProcess"].pop("dpv:hasPurpose"),
    "nobody said it": drop("dpv:isIndicatedBy"),
    "no status": drop("dpv:hasConsentStatus"),
    "no history": drop("dpv:hasLegalBasis"),
    "a guardian of nobody": lambda made: made["dpv:isIndicatedBy"].pop("dpv:hasRelationWithDataSubject"),
    "a text without its hash": lambda made: made["dpv:hasNotice"].update({"eyes:sha256": "abc"}),
    "a moment that is none": put("dct:created", "yesterday"),
    "an event by no method": lambda made: made["dpv:hasLegalBasis"][0].pop("dpv:hasIndicationMethod"),
    "an event about no version": lambda made: made["dpv:hasLegalBasis"][0].pop("eyes:version"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_record_does_not_fit_the_shapes(what: str) -> None:
    whole = document([by_mother("yes")], ABOUT, MORNING)
    assert faults(graph_of(whole)) == ""
    BROKEN[what](whole["@graph"][0])
    assert faults(graph_of(whole)) != ""


@pytest.mark.parametrize(
    ("change", "stranger"),
    [
        (put("dpv:hasConsentStatus", {"@id": "dpv:ConsentSomehow"}), ("ConsentSomehow", "status")),
        (put("dpv:hasConsentStatus", {"@id": "dpv:ConsentNotice"}), ("ConsentNotice", "status")),
        (put("dpv:hasConsentState", {"@id": "dpv:ConsentGiven"}), ("hasConsentState", "property")),
        (put("@type", ["dpv:ConsentRecord", "dpv:hasNotice"]), ("hasNotice", "class")),
    ],
)
def test_a_term_the_vocabulary_does_not_have_is_found(
    change: Callable[[dict[str, Any]], None], stranger: tuple[str, str]
) -> None:
    whole = document([by_mother("yes")], ABOUT, MORNING)
    change(whole["@graph"][0])
    assert (f"https://w3id.org/dpv#{stranger[0]}", stranger[1]) in strangers(graph_of(whole))
