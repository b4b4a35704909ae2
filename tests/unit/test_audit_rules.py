"""The hash chain: whatever is done to the entries, the first broken link is named."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.audit.rules import GENESIS, Entry, Verb, digest, first_broken

START = datetime(2026, 3, 1, tzinfo=UTC)
LENGTH = 8


def chain(length: int = LENGTH) -> list[Entry]:
    """A chain that holds."""
    entries: list[Entry] = []
    for seq in range(1, length + 1):
        previous = entries[-1].digest if entries else GENESIS
        told: tuple[Any, ...] = (seq, START + timedelta(seconds=seq), "clock", "story.viewed", f"s{seq}", {"n": seq})
        entries.append(Entry(*told, previous, digest(*told, previous)))
    return entries


def head(entries: list[Entry]) -> tuple[int, str]:
    """What the head says after these entries."""
    return (entries[-1].seq, entries[-1].digest) if entries else (0, GENESIS)


HOLDS = chain()
places = st.integers(0, LENGTH - 1)


@pytest.mark.parametrize("length", [0, 1, 2, LENGTH])
def test_an_untouched_chain_holds(length: int) -> None:
    assert first_broken(chain(length), head(chain(length))) is None


CHANGES = {
    "at": START,
    "actor": "child",
    "verb": "story.erased",
    "subject": "other",
    "detail": {"n": 0},
    "previous": "f" * 64,
    "digest": "f" * 64,
    "seq": 99,
}


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("at", range(LENGTH))
def test_an_edited_entry_is_named(field: str, at: int) -> None:
    entries = [*HOLDS[:at], replace(HOLDS[at], **{field: CHANGES[field]}), *HOLDS[at + 1 :]]
    assert first_broken(entries, head(HOLDS)) == at + 1


@given(places)
def test_an_edited_entry_with_a_digest_made_anew_breaks_the_next_link(at: int) -> None:
    told = replace(HOLDS[at], actor="somebody else")
    made = digest(told.seq, told.at, told.actor, told.verb, told.subject, told.detail, told.previous)
    entries = [*HOLDS[:at], replace(told, digest=made), *HOLDS[at + 1 :]]
    assert first_broken(entries, head(HOLDS)) == at + 2


@given(places)
def test_a_deleted_entry_is_named(at: int) -> None:
    assert first_broken([*HOLDS[:at], *HOLDS[at + 1 :]], head(HOLDS)) == at + 1


@given(places, places)
def test_entries_that_changed_places_are_named(one: int, other: int) -> None:
    entries = list(HOLDS)
    entries[one], entries[other] = entries[other], entries[one]
    assert first_broken(entries, head(HOLDS)) == (None if one == other else min(one, other) + 1)


@given(st.integers(0, LENGTH - 1))
def test_an_end_that_was_cut_off_is_named_by_the_head_and_by_any_copy_of_it(kept: int) -> None:
    assert first_broken(HOLDS[:kept], head(HOLDS)) == kept + 1
    assert first_broken(HOLDS[:kept], head(HOLDS[:kept])) is None  # set back with it, the head itself cannot tell


@given(st.integers(0, LENGTH - 1))
def test_an_entry_beyond_the_head_is_named(counted: int) -> None:
    assert first_broken(HOLDS, head(HOLDS[:counted])) is not None


def test_an_entry_told_twice_is_named() -> None:
    assert first_broken([*HOLDS[:3], HOLDS[2], *HOLDS[3:]], head(HOLDS)) == 4


def test_the_digest_binds_the_time_to_the_microsecond_and_the_detail_in_any_order() -> None:
    def of(at: datetime, detail: dict[str, Any]) -> str:
        return digest(1, at, "child", "story.hidden", "s", detail, GENESIS)

    assert of(START, {"a": 1, "b": 2}) == of(START, {"b": 2, "a": 1})
    assert of(START, {}) != of(START + timedelta(microseconds=1), {})
    assert of(START, {"a": 1}) != of(START, {"a": "1"})


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_is_a_noun_and_a_past_tense(verb: Verb) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z]+(_[a-z]+)*", verb.value)
    assert len(verb.value) <= 64
