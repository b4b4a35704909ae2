"""The one rule of the design (section 2), stated a second time, naively and on purpose without the policy's code.

One sentence of the text is one function here. The tests compare this with `release.policy` and with the showcase.
"""

from datetime import datetime

from app.consent.rules import Given
from app.release.policy import Facts, Key

SCOPES = {
    "gallery": "gallery",
    "embed": "embed",
    "print": "print",
    "press": "press",
    "research": "research_microdata",
}


def may_be_shown(facts: Facts, place: str, now: datetime) -> bool:
    """A story may be shown at a place, now, if and only if …"""
    return (
        was_approved(facts, place)
        and child_said_yes(facts, place, now)
        and guardians_said_yes(facts, place, now)
        and (not facts.differs or facts.accepted)
        and not facts.held
        and not facts.leaving
        and cooled_off(facts, now)
        and place_is_open(facts, place, now)
        and there_is_something_to_show(facts)
        and voice_is_current(facts, now)
    )


def was_approved(facts: Facts, place: str) -> bool:
    """… this exact version was approved by the reviewers it needs."""
    two = facts.under_ten or place == "press" or place.startswith("campaign:") or voice_is_heard(facts)
    return facts.state.value == "approved" and facts.approvals >= (2 if two else 1)


def scope(place: str) -> str:
    return place if place.startswith("campaign:") else SCOPES[place]


def current(given: Given | None, word: str, now: datetime) -> bool:
    """Given, in this word, and neither withdrawn nor expired. Silence and unsure are other words."""
    return given is not None and given.value == word and (given.expires_at is None or now < given.expires_at)


def child_said_yes(facts: Facts, place: str, now: datetime) -> bool:
    """… the child said yes to that place, and did not ask to keep the story private."""
    private = facts.child.get("keep_private")
    if private is not None and private.value == "yes":
        return False
    return current(facts.child.get(scope(place)), "yes", now)


def guardian_said_yes(facts: Facts, key: Key, word_about: str, word: str, now: datetime) -> bool:
    """A current answer about this very version, by somebody whose key has not ended."""
    given = key.said.get(word_about)
    holds = key.until is None or now < key.until
    return holds and given is not None and given.version == facts.version and current(given, word, now)


def guardians_said_yes(facts: Facts, place: str, now: datetime) -> bool:
    """… every key-holding guardian required said yes to that place. A no or an unsure of any of them wins."""
    if not facts.keys:
        return False
    for key in facts.keys:
        given = key.said.get(scope(place))
        if given is not None and given.value in ("no", "unsure"):
            return False
    agreed = [guardian_said_yes(facts, key, scope(place), "yes", now) for key in facts.keys]
    return all(agreed) if facts.joint or place == "press" or voice_is_heard(facts) else any(agreed)


def voice_is_heard(facts: Facts) -> bool:
    """Whether the child and all guardians allowed the own voice, for a story that has one."""
    parties = [facts.child.get("voice"), *(key.said.get("voice") for key in facts.keys)]
    words = [given is not None and given.value == "own" for given in parties]
    about_this = [given is not None and given.version == facts.version for given in parties[1:]]
    return facts.has_sound and len(parties) > 1 and all(words) and all(about_this)


def voice_is_current(facts: Facts, now: datetime) -> bool:
    """A story whose voice is heard goes dark when leave to hear it has run out."""
    if not voice_is_heard(facts):
        return True
    guardians = [guardian_said_yes(facts, key, "voice", "own", now) for key in facts.keys]
    return current(facts.child.get("voice"), "own", now) and all(guardians)


def cooled_off(facts: Facts, now: datetime) -> bool:
    """… the cooling-off time has passed."""
    return facts.shown_from is not None and facts.shown_from <= now


def place_is_open(facts: Facts, place: str, now: datetime) -> bool:
    """… and the place itself is open: a campaign chose the story, and has dates."""
    if not place.startswith("campaign:"):
        return True
    dates = facts.campaigns.get(place.removeprefix("campaign:"))
    return dates is not None and dates[0] <= now and (dates[1] is None or now < dates[1])


def there_is_something_to_show(facts: Facts) -> bool:
    """Every file came out of the decoder, and something of the version may be shown."""
    return facts.media_ready and (facts.has_other or voice_is_heard(facts))
