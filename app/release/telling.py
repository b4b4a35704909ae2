"""Telling a site what a notice says: by its webhook, by letter unless that said "done", and again until it answers."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.webhook import Reply
from app.campaigns.models import Campaign, EmbeddingSite
from app.campaigns.sites import signing_secret
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.mail.letters import TakeDown, take_down
from app.mail.models import OutboxLetter
from app.people.hashes import hash_token
from app.people.keys import seal, unseal
from app.people.letters import post
from app.release.models import OPEN, TakedownNotice
from app.release.notices import drop_allowed
from app.release.rules import BACK_OFF, EMBED, is_done, letter_is_due, next_attempt, signature

TOKEN_BYTES = 32
TAKEN_BACK = "story.taken_back"


@dataclass(frozen=True)
class Call:
    """What goes to a site's webhook; `url` is None for a site that has none."""

    url: str | None
    headers: dict[str, str]
    body: bytes


def waiting(now: datetime, limit: int = 200) -> list[str]:
    """Ids of the notices that are due to be told, or asked about again, the longest waiting first."""
    statement = select(TakedownNotice.id).where(TakedownNotice.next_attempt_at <= now)
    oldest = TakedownNotice.next_attempt_at, TakedownNotice.created_at
    return list(db.session.scalars(statement.order_by(*oldest).limit(limit)))


def take(notice_id: str) -> Call | None:
    """Begin an attempt to tell a site; nothing when it is not due, or the story may be shown there again.

    The attempt is counted before it begins, so that a killed worker counts, and until the next one is due nobody
    else tries.
    """
    notice = _locked(notice_id)
    if notice is None or notice.next_attempt_at is None or notice.next_attempt_at > clock.now():
        return None
    drop_allowed(notice)
    if notice.closed_at is not None:
        return None
    notice.next_attempt_at = clock.now() + BACK_OFF[min(notice.attempts, len(BACK_OFF) - 1)]
    notice.attempts += 1
    return _call(notice, db.session.get_one(EmbeddingSite, notice.site_id))


def _locked(notice_id: str) -> TakedownNotice | None:
    return db.session.get(TakedownNotice, notice_id, with_for_update=True, populate_existing=True)


def _call(notice: TakedownNotice, site: EmbeddingSite) -> Call:
    said = {
        "type": TAKEN_BACK,
        "notice": notice.id,
        "site": site.origin,
        "story": notice.story_id,
        "addresses": asked_in(notice).addresses,
        "at": notice.created_at.isoformat(timespec="seconds"),
    }
    body = json.dumps(said, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "Eyes-Notice": notice.id,
        "Eyes-Signature": signature(signing_secret(site), int(clock.now().timestamp()), body),
    }
    return Call(site.webhook, headers, body)


def asked_in(notice: TakedownNotice) -> TakeDown:
    """What a site is asked to take away."""
    site = db.session.get_one(EmbeddingSite, notice.site_id)
    base = f"{outside().settings.public_url}/embed"
    ids = [place.removeprefix(CAMPAIGN) for place in notice.places if place.startswith(CAMPAIGN)]
    slugs = db.session.scalars(select(Campaign.slug).where(Campaign.id.in_(ids)).order_by(Campaign.slug))
    return TakeDown(
        site=urlsplit(site.origin).netloc,
        story=f"{base}/stories/{notice.story_id}",
        campaigns=[f"{base}/campaigns/{slug}" for slug in slugs],
        altogether=EMBED in notice.places,
    )


def note_reply(notice_id: str, reply: Reply | None) -> None:
    """Keep what came of an attempt; None when there was no webhook, or no answer.

    A letter leaves when one is due; the first one even when it is done, because people keep what no program knows of.
    """
    notice, now = _locked(notice_id), clock.now()
    if notice is None or notice.acknowledged_at is not None or notice.closed_at is not None:
        return
    if reply is not None and 200 <= reply.status < 300:
        notice.told_at = notice.told_at or now
        if is_done(reply.body):
            if notice.mailed_at is None:
                _write(notice, is_done=True)
            acknowledge(notice)
            return
    site = db.session.get_one(EmbeddingSite, notice.site_id)
    if letter_is_due(now, notice.mailed_at):
        _write(notice)
    notice.next_attempt_at = next_attempt(
        now,
        reached=site.webhook is None or notice.told_at is not None,
        attempts=notice.attempts,
        mailed_at=notice.mailed_at or now,
        chases=notice.chases,
    )


def _write(notice: TakedownNotice, *, is_done: bool = False) -> None:
    """The first letter, or one that asks again; one that asks for no answer, when the site has said that it is done."""
    again, asked = notice.mailed_at is not None, asked_in(notice)
    site = db.session.get_one(EmbeddingSite, notice.site_id)
    url = "" if is_done else f"{outside().settings.public_url}/embed/acknowledge/{_token(notice)}"
    letter_id = post(site.id, lambda letter_id: take_down(letter_id, site.email, site.locale, asked, url, again=again))
    notice.letter_id = notice.letter_id or letter_id
    notice.mailed_at = clock.now()
    notice.chases += again


def _token(notice: TakedownNotice) -> str:
    """What the link in every letter of a notice ends with."""
    if notice.token_sealed is not None:
        return unseal(notice.site_id, f"notice:{notice.id}", notice.token_sealed)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    notice.token_hash = hash_token(token)
    notice.token_sealed = seal(notice.site_id, f"notice:{notice.id}", token)
    return token


def by_token(token: str, *, lock: bool = False) -> TakedownNotice | None:
    """The notice a letter's link is about."""
    statement = select(TakedownNotice).where(TakedownNotice.token_hash == hash_token(token))
    if lock:
        statement = statement.with_for_update()
    return db.session.scalar(statement)


def acknowledge(notice: TakedownNotice) -> None:
    """The site says that it is done. Saying so again, or of a notice that is over, changes nothing."""
    if notice.acknowledged_at is None and notice.closed_at is None:
        notice.acknowledged_at, notice.next_attempt_at, notice.token_sealed = clock.now(), None, None


@dataclass(frozen=True)
class Told:
    """What became of a story at other sites: how many are still to be told, were told, and said that it is done."""

    waiting: int
    told: int
    answered: int


def told_about(story_id: str) -> Told:
    """The report on one story, of the sites that should not show it now. A letter counts once it has left."""
    statement = (
        select(TakedownNotice, OutboxLetter.id.label("unsent"))
        .outerjoin(OutboxLetter, (OutboxLetter.id == TakedownNotice.letter_id) & OutboxLetter.sent_at.is_(None))
        .where(TakedownNotice.story_id == story_id, TakedownNotice.closed_at.is_(None))
    )
    reached: dict[str, bool] = {}
    answered: dict[str, bool] = {}
    for notice, unsent in db.session.execute(statement):
        told = notice.told_at is not None or (notice.mailed_at is not None and unsent is None)
        reached[notice.site_id] = reached.get(notice.site_id, True) and told
        answered[notice.site_id] = answered.get(notice.site_id, True) and notice.acknowledged_at is not None
    told_sites = sum(reached.values())
    return Told(len(reached) - told_sites, told_sites, sum(answered.values()))


@dataclass(frozen=True)
class Unfinished:
    """A notice that a site has not answered, as staff see it."""

    notice: TakedownNotice
    origin: str

    @property
    def unanswered(self) -> bool:
        """Whether the product stopped asking: somebody has to write or call."""
        return self.notice.next_attempt_at is None


def unfinished() -> Iterable[Unfinished]:
    """Every notice without an answer, oldest first."""
    statement = (
        select(TakedownNotice, EmbeddingSite.origin)
        .join(EmbeddingSite, EmbeddingSite.id == TakedownNotice.site_id)
        .where(OPEN)
        .order_by(TakedownNotice.created_at, EmbeddingSite.origin)
    )
    return [Unfinished(notice, origin) for notice, origin in db.session.execute(statement)]
