"""The one rule of the design (section 2), stated a second time, naively and on purpose without the policy's code.

One sentence of the text is one function here. The tests compare this with `release.policy` and with the showcase.
`now=None` asks whether everybody agreed in principle, whatever has run out since.
"""

from datetime import datetime, timedelta

from app.consent.rules import Given
from app.release.terms import Facts, Key

SCOPES = {
    "gallery": "gallery",
    "embed": "embed",
    "print": "print",
    "press": "press",
    "counts": "research_counts",
    "research": "research_microdata",
    "archive": "archive",
}
ENOUGH = {
    ("name", 1): ("invented", "first"),
    ("voice", 2): ("own",),
    ("voice", 1): ("altered", "own"),
    ("face", 1): ("blurred",),
    ("age", 1): ("band",),
    ("place", 1): ("region",),
}
"""What a party must say for so much of an attribute to be seen."""
IDENTIFYING = (("voice", 2), ("face", 1))


def may_be_shown(facts: Facts, place: str, now: datetime) -> bool:
    """A story may be shown at a place, now, if and only if …"""
    return (
        was_approved(facts, place)
        and everybody_said_yes(facts, place, now)
        and not kept_private(facts)
        and child_accepted(facts)
        and not facts.held
        and not facts.leaving
        and not facts.evidence_waiting
        and cooled_off(facts, now)
        and place_is_open(facts, place, now)
        and there_is_something_to_show(facts)
        and what_is_shown_of_the_child_is_current(facts, now)
        and what_is_translated_is_current(facts, now)
    )


def was_approved(facts: Facts, place: str) -> bool:
    """… this exact version was approved by the reviewers it needs."""
    two = facts.under_ten or place == "press" or place.startswith("campaign:") or how_much(facts, "voice") == 2
    return facts.state.value == "approved" and facts.approvals >= (2 if two else 1)


def everybody_said_yes(facts: Facts, place: str, now: datetime) -> bool:
    """… the child and every key-holding guardian required said yes to that place."""
    scope = place if place.startswith("campaign:") else SCOPES[place]
    recognisable = how_much(facts, "voice") == 2 or how_much(facts, "face") == 1
    scopes = ("archive", "gallery", "embed") if place == "archive" else (scope,)
    return all(agreed(facts, one, ("yes",), place == "press" or recognisable, now) for one in scopes)


def agreed(facts: Facts, scope: str, enough: tuple[str, ...], identifying: bool, now: datetime | None) -> bool:
    """The child and the keys say one of the words that are enough, and it holds."""
    given = facts.child.get(scope)
    if given is None or given.value not in enough or not holds(facts, given, now):
        return False
    alone = facts.majority if identifying else facts.own_age
    if alone is not None and given.at >= alone.begins and given.said_seq >= alone.seq:
        return now is None or now >= given.at
    keys = [key for key in facts.keys if reaches(key, scope)]
    said = [key.said[scope] for key in keys if scope in key.said]
    if not keys or any(refuses(one, enough) for one in said):
        return False
    yes = [guardian_holds(facts, key, scope, now) for key in keys]
    if not facts.joint and not identifying:
        return any(yes)
    return all(yes) and (len(keys) > 1 or keys[0].alone) and not facts.unheard


def refuses(given: Given, enough: tuple[str, ...]) -> bool:
    """A guardian's no binds everybody, and stands until the yes that follows it was confirmed."""
    return given.value not in enough or given.stands not in (None, *enough)


def holds(facts: Facts, given: Given, now: datetime | None) -> bool:
    """What the child said is neither expired, nor superseded, nor left unsaid for 90 days after a new question."""
    anew = [one for one in facts.asked_anew if given.at < one.begins or given.said_seq < one.seq]
    silent = now is not None and any(now >= one.begins + timedelta(days=90) for one in anew)
    return not given.superseded and not silent and not expired(given, now)


def guardian_holds(facts: Facts, key: Key, scope: str, now: datetime | None) -> bool:
    """What a guardian said is about this very version, confirmed, current, and the key lives."""
    given = key.said.get(scope)
    if given is None or given.superseded or not given.confirmed or given.version != facts.version or key.claimed:
        return False
    return not expired(given, now) and (now is None or key.until is None or now < key.until)


def expired(given: Given, now: datetime | None) -> bool:
    return now is not None and given.expires_at is not None and now >= given.expires_at


def reaches(key: Key, scope: str) -> bool:
    """Whether the act behind the key is about this."""
    if key.scopes is None:
        return True
    return scope in key.scopes or (scope.startswith("campaign:") and "campaign:" in key.scopes)


def how_much(facts: Facts, attribute: str) -> int:
    """The most of an attribute that there is and that everybody agreed to."""
    there_is = {"voice": [2] * facts.has_sound + [1] * facts.has_altered, "face": [1] * facts.has_blurred}
    for wanted in there_is.get(attribute, [1]):
        if agreed(facts, attribute, ENOUGH[attribute, wanted], (attribute, wanted) in IDENTIFYING, None):
            return wanted
    return 0


def what_is_shown_of_the_child_is_current(facts: Facts, now: datetime) -> bool:
    """A story goes dark when leave to show what it shows of the child has run out."""
    shown = [(attribute, how_much(facts, attribute)) for attribute in ("name", "voice", "face", "age", "place")]
    return all(
        agreed(facts, attribute, ENOUGH[attribute, wanted], (attribute, wanted) in IDENTIFYING, now)
        for attribute, wanted in shown
        if wanted
    )


def what_is_translated_is_current(facts: Facts, now: datetime) -> bool:
    """… and when leave to show it in other languages has run out, while it is."""
    translated = facts.has_translation and agreed(facts, "translate", ("yes",), False, None)
    return not translated or agreed(facts, "translate", ("yes",), False, now)


def kept_private(facts: Facts) -> bool:
    """The child asked to keep the story private."""
    return "keep_private" in facts.child and facts.child["keep_private"].value == "yes"


def child_accepted(facts: Facts) -> bool:
    """… the child saw and accepted the final version when it differs from what they handed in."""
    return not facts.refused and (facts.accepted or not facts.differs)


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
    something = facts.has_other or how_much(facts, "voice") or how_much(facts, "face")
    return facts.media_ready and bool(something)
