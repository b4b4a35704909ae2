"""Facts of made-up stories, most of which may be shown somewhere: each thing that could be wrong seldom is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from app.consent.rules import Given
from app.people.rules import Since
from app.release.policy import scope_of
from app.release.terms import Facts, Key
from app.stories.lifecycle import State

DAY_ZERO = datetime(2026, 3, 1, 12, tzinfo=UTC)
VERSION = 2
CAMPAIGN = "c" * 22
ATTRIBUTES = {
    "name": ("invented",) * 6 + ("none", "first", "unsure"),
    "voice": ("own",) * 6 + ("transcript", "altered", "unsure"),
    "face": ("blurred",) * 3 + ("never", "unsure"),
    "age": ("band",) * 6 + ("none", "unsure"),
    "place": ("region",) * 6 + ("none", "unsure"),
}
PLACES = ("gallery", "embed", "print", "press", "counts", "research", "archive", f"campaign:{CAMPAIGN}")


def yes(word: str = "yes", **how: Any) -> Given:
    """An answer that opens, given before `DAY_ZERO`, that does not run out; single things as in `how`."""
    return replace(Given(word, VERSION, None, DAY_ZERO - timedelta(days=1)), **how)


SHOWN = Facts(
    state=State.APPROVED,
    version=VERSION,
    approvals=2,
    shown_from=DAY_ZERO,
    under_ten=False,
    joint=False,
    has_sound=True,
    has_altered=False,
    has_blurred=False,
    has_other=True,
    has_translation=False,
    media_ready=True,
    differs=False,
    accepted=False,
    refused=False,
    held=False,
    leaving=False,
    evidence_waiting=False,
    child={scope_of(place): yes() for place in PLACES} | {"voice": yes("own")},
    keys=(Key({scope_of(place): yes() for place in PLACES}),),
    keyless=False,
    unheard=False,
    own_age=None,
    majority=None,
    asked_anew=(),
    campaigns={CAMPAIGN: (DAY_ZERO, None)},
)
"""A story that is shown everywhere from `DAY_ZERO` on."""


def random_moment(random: Random) -> datetime:
    """Some moment around `DAY_ZERO`; few enough different ones that they meet."""
    return DAY_ZERO + timedelta(days=random.randint(-2, 8))


def random_facts(random: Random) -> Facts:
    """The facts of one story."""

    def seldom() -> bool:
        return random.random() < 0.06

    return Facts(
        state=random.choice(list(State)) if seldom() else State.APPROVED,
        version=VERSION,
        approvals=random.choice((0, 1, 2, 2, 2, 3)),
        shown_from=None if seldom() else DAY_ZERO + timedelta(days=random.randint(-2, 2)),
        under_ten=random.random() < 0.3,
        joint=random.random() < 0.3,
        has_sound=random.random() < 0.6,
        has_altered=random.random() < 0.2,
        has_blurred=random.random() < 0.2,
        has_other=not seldom(),
        has_translation=random.random() < 0.2,
        media_ready=not seldom(),
        differs=random.random() < 0.2,
        accepted=random.random() < 0.7,
        refused=seldom(),
        held=seldom(),
        leaving=seldom(),
        evidence_waiting=seldom(),
        child=random_said(random, child=True),
        keys=tuple(random_key(random) for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)))),
        keyless=seldom(),
        unheard=seldom(),
        own_age=Since(random_moment(random), random.choice((0, 0, 1))) if random.random() < 0.25 else None,
        majority=Since(random_moment(random), random.choice((0, 0, 1))) if random.random() < 0.15 else None,
        asked_anew=tuple(
            Since(random_moment(random), random.choice((0, 0, 1))) for _ in range(random.choice((0, 0, 0, 1, 2)))
        ),
        campaigns={} if seldom() else {CAMPAIGN: random_dates(random)},
    )


def random_key(random: Random) -> Key:
    """A guardian, whose key ends now and then, or reaches no further than an act allows."""
    some = frozenset(random.sample(["gallery", "embed", "campaign:", "voice", "name"], 3))
    return Key(
        random_said(random, child=False),
        until=random_moment(random) if random.random() < 0.15 else None,
        scopes=some if random.random() < 0.1 else None,
        alone=random.random() < 0.8,
        claimed=random.random() < 0.1,
    )


def random_dates(random: Random) -> tuple[datetime, datetime | None]:
    """When a campaign is open."""
    opens = DAY_ZERO + timedelta(days=random.randint(-2, 3))
    return opens, opens + timedelta(days=random.randint(1, 5)) if random.random() < 0.4 else None


def random_said(random: Random, *, child: bool) -> dict[str, Given]:
    """What one party says, about most places."""
    said = {
        scope_of(place): random_given(random, random.choice(("yes",) * 18 + ("no", "unsure")))
        for place in PLACES
        if random.random() < 0.92
    }
    if random.random() < 0.8:
        said["translate"] = random_given(random, random.choice(("yes",) * 6 + ("no", "unsure")))
    for attribute, words in ATTRIBUTES.items():
        if random.random() < 0.8:
            said[attribute] = random_given(random, random.choice(words))
    if child and random.random() < 0.1:
        said["keep_private"] = random_given(random, random.choice(("yes", "no", "unsure")))
    return said


def random_given(random: Random, word: str) -> Given:
    """An answer, most often confirmed and about the current version and text, and sometimes running out."""
    confirmed = random.random() < 0.95
    return Given(
        word,
        VERSION - 1 if random.random() < 0.05 else VERSION,
        random_moment(random) if random.random() < 0.25 else None,
        DAY_ZERO + timedelta(days=random.choice((-90, -30, 0, 3))),
        confirmed=confirmed,
        stands=None if confirmed else random.choice((None, word, "no")),
        superseded=random.random() < 0.03,
        said_seq=random.choice((0, 1, 1)),
    )


facts = st.integers(0, 2**48).map(lambda seed: random_facts(Random(seed)))
"""Facts from one number: thousands a second, so that the rare combinations come up too."""

moments = st.integers(-3, 9).map(lambda days: DAY_ZERO + timedelta(days=days))
places = st.sampled_from(PLACES)
