"""Reading the ledger."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from itertools import groupby, starmap

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import joinedload

from app import clock
from app.campaigns import queries as campaigns
from app.campaigns.models import Campaign
from app.campaigns.rules import in_language
from app.consent.models import Answer, Evidence
from app.consent.rules import (
    Attribute,
    Entry,
    EvidenceState,
    Given,
    Party,
    Scope,
    Value,
    campaign_scope,
    closes,
    fold,
    theirs,
)
from app.consent.texts import majors, names
from app.extensions import db
from app.people.models import Staff, Storyteller
from app.people.permissions import Permission, may
from app.people.queries import asked_anew, growing_up, key_of, left_out_after
from app.stories.lifecycle import State
from app.stories.models import Story


def ledger(story_id: str) -> Sequence[Answer]:
    """Every answer about a story, in the order in which they were given."""
    return db.session.scalars(select(Answer).where(Answer.story_id == story_id).order_by(Answer.seq)).all()


def campaign_titles(locale: str) -> dict[str, str]:
    """What every campaign is called now in a language, or in another where it has no title in that, by its scope."""
    return {campaign_scope(one.id): in_language(one.title, locale) for one in campaigns.all_campaigns()}


_ENTRIES = (
    select(
        Answer.party,
        Answer.guardian_id,
        Answer.scope,
        Answer.value,
        Answer.version_number,
        Answer.expires_at,
        Answer.answered_at,
        Answer.confirmed,
        Answer.text_version,
        Answer.said_seq,
    )
    .where(Answer.story_id == bindparam("story"))
    .order_by(Answer.seq)
)
"""The columns of an `Entry`, in its order."""


def said_now(story_id: str) -> tuple[dict[str, Given], dict[str, dict[str, Given]]]:
    """What the child and each guardian say now about a story."""
    rows = db.session.execute(_ENTRIES, {"story": story_id})
    return fold(starmap(Entry, rows), majors())


def said_by_guardian(story_id: str, guardian_id: str) -> dict[str, Given]:
    """What one guardian says now about a story; nothing from before they were left out, should they have been."""
    said, left_out_seq = said_now(story_id)[1].get(guardian_id, {}), left_out_after(guardian_id)
    return theirs(said, left_out_seq or None)


def said_in_todays_words(story_id: str, guardian_id: str) -> dict[str, Given]:
    """The same by the key they hold now, and not about a campaign that is called otherwise since: it is asked anew."""
    retitled, key = _retitled(), key_of(guardian_id)
    said = theirs(said_by_guardian(story_id, guardian_id), key.yes_since if key else None)
    return {scope: given for scope, given in said.items() if scope not in retitled or given.at >= retitled[scope]}


def _retitled() -> dict[str, datetime]:
    """Since when campaigns are called as they are, by scope, where they were called otherwise before."""
    return {campaign_scope(one.id): one.titled_at for one in campaigns.all_campaigns() if one.titled_at}


def took_back(story_id: str, numbers: Container[int]) -> bool:
    """Whether one of the answers of these numbers closes what whoever gave it had left open before."""
    said: dict[tuple[str | None, str], str] = {}
    for row in ledger(story_id):
        about = (row.guardian_id, row.scope)
        if row.seq in numbers and closes(row.party, row.scope, row.value, said.get(about)):
            return True
        said[about] = row.value
    return False


_WAITING = select(exists().where(Evidence.story_id == bindparam("story"), Evidence.state == EvidenceState.WAITING))


def is_evidence_waiting(story_id: str) -> bool:
    """Whether a form, a recording or a call about this story has not been ruled about."""
    return bool(db.session.scalar(_WAITING, {"story": story_id}))


def evidence_from(story_id: str, guardian_id: str) -> Sequence[Evidence]:
    """The forms, recordings and calls in which one guardian answered about a story, newest first."""
    statement = select(Evidence).where(Evidence.story_id == story_id, Evidence.guardian_id == guardian_id)
    return db.session.scalars(statement.order_by(Evidence.taken_at.desc(), Evidence.id)).all()


def evidence_to_rule(staff: Staff, limit: int = 100) -> list[tuple[Evidence, str]]:
    """What waits for a ruling and this person may know of, with the child's reference; the longest waiting first."""
    waiting = _known_to(staff).where(Evidence.state == EvidenceState.WAITING)
    rows = db.session.execute(waiting.order_by(Evidence.taken_at, Evidence.id).limit(limit))
    return [(row.Evidence, row.reference or "") for row in rows]


def find_evidence(staff: Staff, evidence_id: str) -> tuple[Evidence, str] | None:
    """The same for one by its id, whether it waits or was ruled about."""
    row = db.session.execute(_known_to(staff).where(Evidence.id == evidence_id)).first()
    return (row.Evidence, row.reference or "") if row else None


def _known_to(staff: Staff) -> Select[Evidence, str | None]:
    """Whoever takes evidence rules about what colleagues of the same organisation took; a lead about everything."""
    everything = (
        select(Evidence, Storyteller.reference)
        .options(joinedload(Evidence.guardian))
        .join(Story, Story.id == Evidence.story_id)
        .join(Storyteller, Storyteller.id == Story.storyteller_id)
        .where(Story.state != State.ERASED, Story.erase_after.is_(None))
    )
    if not may(staff.role, Permission.CONSENT_TAKE):
        return everything
    colleagues = select(Staff.id).where(Staff.organisation_id == staff.organisation_id)
    return everything.where(Evidence.taken_by.in_(colleagues))


def taken_back(story_id: str) -> list[str]:
    """The scopes whose yes became a no in the act that closed the last open place; none while any is open.

    A yes that would have to be asked anew today is left out.
    """
    rows = [row for row in ledger(story_id) if row.party is Party.CHILD and row.scope != Scope.KEEP_PRIVATE]
    asked_anew = _asked_anew(rows, db.session.get_one(Story, story_id).storyteller)
    said: dict[str, str] = {}
    taken: set[str] = set()
    for _moment, act in groupby(rows, key=lambda row: row.answered_at):
        opened = {scope for scope, value in said.items() if value == Value.YES} - asked_anew
        answers = {row.scope: row.value for row in act}
        said |= answers
        if Value.YES in said.values():
            taken = set()
        elif opened:
            taken = {scope for scope in opened if said[scope] == Value.NO}
        else:
            taken -= answers.keys()
    return sorted(taken)


def _asked_anew(rows: Iterable[Answer], teller: Storyteller) -> set[str]:
    """The scopes whose newest yes has run out, or was an answer to other words or by a child who has grown up since."""
    major, retitled, now = majors()[Party.CHILD], _retitled(), clock.now()
    grown = [one for one in (*growing_up(teller), *asked_anew(teller)) if one is not None]
    newest = {row.scope: row for row in rows if row.value == Value.YES}
    return {
        scope
        for scope, row in newest.items()
        if row.text_version < major
        or (scope in retitled and row.answered_at < retitled[scope])
        or (row.expires_at is not None and row.expires_at <= now)
        or any(one.asks_again(row.answered_at, row.said_seq, now) for one in grown)
    }


def asked_scopes(
    party: Party, now: datetime, *, has_sound: bool, has_picture: bool
) -> list[tuple[str, str, Campaign | None]]:
    """What a party is asked today: (scope, name of its question, campaign), the announced campaigns included."""
    needless = {Attribute.VOICE.value: not has_sound, Attribute.FACE.value: not has_picture}
    asked: list[tuple[str, str, Campaign | None]] = []
    for name in names(party):
        if name == "campaign":
            announced = campaigns.announced_campaigns(now)
            asked += [(campaign_scope(campaign.id), name, campaign) for campaign in announced]
        elif not needless.get(name):
            asked.append((name, name, None))
    return asked
