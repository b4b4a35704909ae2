"""Facts of made-up stories, most of which may be shown somewhere: each thing that could be wrong seldom is."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from app.consent.rules import Given
from app.release.policy import Facts, Key, scope_of
from app.stories.lifecycle import State

DAY_ZERO = datetime(2026, 3, 1, 12, tzinfo=UTC)
VERSION = 2
CAMPAIGN = "c" * 22
PLACES = ("gallery", "embed", "print", "press", "research", f"campaign:{CAMPAIGN}")

SHOWN = Facts(
    state=State.APPROVED,
    version=VERSION,
    approvals=2,
    shown_from=DAY_ZERO,
    under_ten=False,
    joint=False,
    has_sound=True,
    has_other=True,
    media_ready=True,
    differs=False,
    accepted=False,
    held=False,
    leaving=False,
    child={scope_of(place): Given("yes", VERSION, None) for place in PLACES} | {"voice": Given("own", VERSION, None)},
    keys=(Key({scope_of(place): Given("yes", VERSION, None) for place in PLACES}),),
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
        has_other=not seldom(),
        media_ready=not seldom(),
        differs=random.random() < 0.2,
        accepted=random.random() < 0.7,
        held=seldom(),
        leaving=seldom(),
        child=random_said(random, child=True),
        keys=tuple(random_key(random) for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)))),
        campaigns={} if seldom() else {CAMPAIGN: random_dates(random)},
    )


def random_key(random: Random) -> Key:
    """A guardian, whose key ends now and then."""
    return Key(random_said(random, child=False), random_moment(random) if random.random() < 0.15 else None)


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
        said["voice"] = random_given(random, random.choice(("own",) * 6 + ("transcript", "altered", "unsure")))
    if child and random.random() < 0.1:
        said["keep_private"] = random_given(random, random.choice(("yes", "no", "unsure")))
    return said


def random_given(random: Random, word: str) -> Given:
    """An answer, most often about the current version, and sometimes running out."""
    version = VERSION - 1 if random.random() < 0.05 else VERSION
    return Given(word, version, random_moment(random) if random.random() < 0.25 else None)


facts = st.integers(0, 2**48).map(lambda seed: random_facts(Random(seed)))
"""Facts from one number: thousands a second, so that the rare combinations come up too."""

moments = st.integers(-3, 9).map(lambda days: DAY_ZERO + timedelta(days=days))
places = st.sampled_from(PLACES)
