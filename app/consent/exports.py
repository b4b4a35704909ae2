"""The consent records of one story, from the ledger."""

import hashlib
import hmac
from collections.abc import Iterable

from app import clock
from app.adapters import outside
from app.consent.models import Answer
from app.consent.queries import ledger
from app.consent.records import CONTEXT, About, Event, Json, document
from app.consent.texts import majors
from app.people.queries import asked_anew, authority_of, claim_of
from app.stories.lifecycle import State
from app.stories.models import Story

PSEUDONYM_LENGTH = 32


def export(stories: Iterable[Story]) -> Json:
    """Every record about these stories, the erased ones included: by then they lead to nobody."""
    documents = [_about(story) for story in stories]
    return {"@context": CONTEXT, "@graph": [one for document in documents for one in document["@graph"]]}


def _about(story: Story) -> Json:
    rows = ledger(story.id)
    settings, teller = outside().settings, story.storyteller
    guardians = sorted({row.guardian_id for row in rows if row.guardian_id})
    held = {pseudonym(guardian): authority_of(guardian) for guardian in guardians}
    about = About(
        story=pseudonym(story.id),
        subject=pseudonym(teller.id),
        version=story.current,
        erased=story.state is State.ERASED,
        controller=settings.public_url,
        countries=tuple(sorted({teller.country, settings.country} - {""})),
        bases={guardian: act.basis.value for guardian, act in held.items() if act is not None},
        claimed=frozenset(pseudonym(guardian) for guardian in guardians if claim_of(guardian)),
        majors=majors(),
        since={
            guardian: act.yes_since for guardian, act in held.items() if act is not None and act.yes_since is not None
        },
        asked_anew=asked_anew(teller),
    )
    return document(map(_read, rows), about, clock.now())


def _read(row: Answer) -> Event:
    return Event(
        who=pseudonym(row.guardian_id) if row.guardian_id else "",
        scope=row.scope,
        value=row.value,
        version=row.version_number,
        at=row.answered_at,
        expires_at=row.expires_at,
        confirmed=row.confirmed,
        method=row.method,
        text_id=row.text_id,
        text_version=row.text_version,
        text_locale=row.text_locale,
        text_sha256=row.text_sha256,
        said_seq=row.said_seq,
    )


def pseudonym(record_id: str) -> str:
    """The name of a child, guardian or story in the records: always the same, and leading back to nobody."""
    secret = outside().keyring.secret("consent-records")
    return hmac.new(secret, record_id.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_LENGTH]
