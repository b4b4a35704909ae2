"""Consent records (ISO/IEC TS 27560:2023) as JSON-LD with the W3C Data Privacy Vocabulary, DPV 2.

One record for each party and scope, with everything that party ever said about it. Whom it is about is named by
pseudonyms only. Pure; `exports` collects what it needs. The standard's fields are mapped as the DPV guide maps them
(w3id.org/dpv/guides/consent-27560).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.consent.rules import Attribute, Method, Party, Scope, Value, opens, silence_ends
from app.people.rules import Since

Json = dict[str, Any]

CONFORMS_TO = "https://w3id.org/dpv/schema/dpv-27560#record"
CONTEXT: Json = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "loc": "https://w3id.org/dpv/loc#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "eyes": "urn:eyes-on-me:terms:",
}
PURPOSES: Mapping[str, str] = {
    Scope.RESEARCH_COUNTS: "dpv:NonCommercialResearch",
    Scope.RESEARCH_MICRODATA: "dpv:NonCommercialResearch",
    Scope.RECONTACT: "dpv:CommunicationManagement",
    Scope.KEEP_PRIVATE: "dpv:NonCommercialPurpose",
    Scope.TRANSLATE: "dpv:NonCommercialPurpose",
    Scope.MACHINE_PROCESS: "dpv:NonCommercialPurpose",
}
"""What each scope is for; every other one shows the story to people."""
TO_SHOW = "dpv:PublicBenefit"

METHODS: Mapping[Method, str] = {
    Method.SELF: "answered on the pages that the child's own story card opens",
    Method.LINK: "answered by a private link, and confirmed by a later one",
    Method.PAPER: "written on a form, which a second person transcribed",
    Method.VOICE: "spoken on a recording before a witness, which a second person heard",
    Method.LIVE: "said in a live call, which was noted",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the ledger. `who` is the pseudonym of a guardian, empty for the child."""

    who: str
    scope: str
    value: str
    version: int
    at: datetime
    expires_at: datetime | None
    confirmed: bool
    method: Method
    text_id: str
    text_version: int
    text_locale: str
    text_sha256: str
    said_seq: int
    """After which entry of the audit log it was said."""

    @property
    def party(self) -> Party:
        """Who answered."""
        return Party.GUARDIAN if self.who else Party.CHILD


@dataclass(frozen=True, slots=True)
class About:
    """What the records of one story have in common; all ids are pseudonyms."""

    story: str
    subject: str
    version: int
    erased: bool
    controller: str
    """Where whoever runs this deployment can be reached."""
    countries: tuple[str, ...]
    """Whose law counts: ISO codes."""
    bases: Mapping[str, str]
    """By what each guardian decides, or says that they do, by pseudonym."""
    claimed: frozenset[str]
    """Who of these decides by nothing that a second person has accepted, or waits for that again."""
    majors: Mapping[str, int]
    """For each party, the version of its text from which on answers hold."""
    since: Mapping[str, int]
    """After which entry of the audit log a yes of a guardian counts, where not any does, by pseudonym."""
    asked_anew: tuple[Since, ...]
    """When the child, growing up, was or will be asked everything anew."""


def document(events: Iterable[Event], about: About, now: datetime) -> Json:
    """Every record about one story; `events` in the order of the ledger."""
    said: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        said.setdefault((event.who, event.scope), []).append(event)
    return {"@context": CONTEXT, "@graph": [record(history, about, now) for history in said.values()]}


def record(history: Sequence[Event], about: About, now: datetime) -> Json:
    """The record of everything one party said about one scope."""
    first, last = history[0], history[-1]
    identifier = f"{about.story}/{first.who or 'child'}/{first.scope}"
    return {
        "@id": _urn("record", identifier),
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": {"@id": CONFORMS_TO},
        "dct:identifier": identifier,
        "dct:created": _moment(first.at),
        "dct:modified": _moment(last.at),
        "dct:language": last.text_locale,
        "dpv:hasDataSubject": {"@id": _urn("person", about.subject), "@type": "dpv:DataSubject"},
        "dpv:isIndicatedBy": _party(first.who, about),
        "dpv:hasConsentStatus": {"@id": status_now(history, about, now)},
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": {"@id": about.controller}},
        "dpv:hasNotice": _notice(last),
        "dpv:hasProcess": _process(first.scope, about),
        "dpv:hasLegalBasis": [_event(history[: number + 1], about) for number in range(len(history))],
        "eyes:scope": first.scope,
    }


def status_now(history: Sequence[Event], about: About, now: datetime) -> str:
    """What all of it comes to: a yes counts while it is confirmed, current, about this story, and theirs to say."""
    last = history[-1]
    status = status_then(history)
    if status not in ("dpv:ConsentGiven", "dpv:RenewedConsentGiven"):
        return status
    if about.erased:
        return _taken_back(last)
    if any(end <= now for end in _ends(last, about)):
        return "dpv:ConsentExpired"
    if last.who and (last.who not in about.bases or last.said_seq < about.since.get(last.who, last.said_seq)):
        return "dpv:ConsentRevoked"  # with the right to give it
    older = last.party is Party.GUARDIAN and last.version != about.version
    if older or last.who in about.claimed or last.text_version < about.majors[last.party]:
        return "dpv:ConsentRequested"
    return status


def status_then(history: Sequence[Event]) -> str:
    """What the last answer of a history meant when it was given."""
    *earlier, last = history
    was_given = any(event.confirmed and opens(event.scope, event.value) for event in earlier)
    if opens(last.scope, last.value):
        if not last.confirmed:
            return "dpv:ConsentRequested"
        return "dpv:RenewedConsentGiven" if was_given else "dpv:ConsentGiven"
    if was_given:
        return _taken_back(last)
    return "dpv:ConsentRequestDeferred" if last.value == Value.UNSURE else "dpv:ConsentRefused"


def _taken_back(last: Event) -> str:
    """The vocabulary says *withdrawn* of the person it is about, and *revoked* of anybody else."""
    return "dpv:ConsentRevoked" if last.who else "dpv:ConsentWithdrawn"


def _ends(last: Event, about: About) -> list[datetime]:
    """When a yes runs out: on its day, and the child's by their silence too when they grow up; to be private never."""
    if last.scope == Scope.KEEP_PRIVATE:
        return []
    silence = [] if last.who else silence_ends(last.at, last.said_seq, about.asked_anew)
    return [*silence, *([last.expires_at] if last.expires_at else [])]


def _event(history: Sequence[Event], about: About) -> Json:
    last = history[-1]
    said: Json = {
        "@type": "dpv:Consent",
        "dct:date": _moment(last.at),
        "dpv:isIndicatedAtTime": _moment(last.at),
        "dpv:isIndicatedBy": {"@id": _urn("person", last.who or about.subject)},
        "dpv:hasIndicationMethod": METHODS[last.method],
        "dpv:hasConsentStatus": {"@id": status_then(history)},
        "dpv:hasNotice": _notice(last),
        "eyes:answer": last.value,
        "eyes:confirmed": last.confirmed,
        "eyes:story": {"@id": _urn("story", about.story)},
        "eyes:version": last.version,
    }
    if last.expires_at is not None:
        said["dct:valid"] = _moment(last.expires_at)
        said["dpv:hasDuration"] = {"@type": "dpv:UntilTimeDuration", "dct:date": _moment(last.expires_at)}
    return said


def _party(who: str, about: About) -> Json:
    if not who:
        return {"@id": _urn("person", about.subject)}
    party: Json = {
        "@id": _urn("person", who),
        "@type": "dpv:GuardianOfDataSubject",
        "dpv:hasRelationWithDataSubject": {"@id": _urn("person", about.subject)},
    }
    return party | ({"eyes:basis": about.bases[who]} if who in about.bases else {})


def _notice(event: Event) -> Json:
    return {
        "@id": _urn("text", f"{event.text_id}:{event.text_version}:{event.text_locale}"),
        "@type": "dpv:ConsentNotice",
        "dct:identifier": event.text_id,
        "dct:hasVersion": str(event.text_version),
        "dct:language": event.text_locale,
        "eyes:sha256": event.text_sha256,
    }


def _process(scope: str, about: About) -> Json:
    data = f"the story, and of the child: {scope}" if scope in set(Attribute) else "the story"
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {"@id": _urn("scope", scope), "@type": ["dpv:Purpose", PURPOSES.get(scope, TO_SHOW)]},
        "dpv:hasPersonalData": {"@type": "dpv:PersonalData", "dct:description": data},
        "dpv:hasDataController": {"@id": about.controller, "@type": "dpv:DataController"},
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": {"@type": "dpv:UntilEventDuration", "dct:description": "until the story is erased"},
        },
        "dpv:hasJurisdiction": [{"@id": f"loc:{country}"} for country in about.countries],
    }


def _urn(kind: str, name: str) -> str:
    return f"urn:eyes-on-me:{kind}:{name}"


def _moment(moment: datetime) -> Json:
    return {"@type": "xsd:dateTime", "@value": moment.isoformat()}
