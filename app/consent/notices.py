"""Writing to guardians again: to confirm, before a yes runs out, about a new version or text, about growing up.

Each notice is written once, with a fresh link. Where no address is known the link waits on the child's page, to be
handed over. Which are due is `rules.due_notices`'s business.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app import clock
from app.adapters import outside
from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.actions import ask_guardian, reach
from app.consent.models import Answer, GuardianNotice
from app.consent.queries import said_by_guardian
from app.consent.rules import PEACE, REMINDERS, Notice, Party, Value, due_notices, next_reminder
from app.consent.texts import majors
from app.extensions import db
from app.mail import letters
from app.people.line import lock_stories
from app.people.models import Authority, Guardian, Storyteller
from app.people.queries import growing_up, guardians_of, has_come, is_key, key_of, unheard
from app.stories.lifecycle import State
from app.stories.models import Story, Version
from app.stories.queries import of_storyteller, waits_for_child

Column = InstrumentedAttribute[Any]

CLOCK = "clock"
BATCH = 200
UNWRITTEN = (State.DRAFT, State.ERASED, State.CHANGES_ASKED)
"""States in which nobody is written to about a story."""
OWN_AGE, MAJORITY = "own_age", "majority"


def ask_again(story: Story) -> None:
    """A new version was handed in: ask every guardian who may be asked now; the clock asks the others later."""
    for guardian in guardians_of(story.storyteller_id):
        if said_by_guardian(story.id, guardian.id):
            write_due(story, guardian)
        elif guardian.doubted_by is None:  # perhaps at a wrong address
            ask_guardian(story, guardian)


def send_due() -> int:
    """The clock writes what is due; how many guardians were looked at."""
    pairs = db.session.execute(_pairs(db.session.get_bind().dialect.name), _today()).all()
    unheard_of = db.session.scalars(_to_remind_of_themselves()).all()
    tellers = db.session.scalars(_to_tell_month_again()).all()
    _lock_all([story_id for story_id, _ in pairs], [*unheard_of, *tellers])
    for story_id, guardian_id in pairs:
        write_due(db.session.get_one(Story, story_id), db.session.get_one(Guardian, guardian_id))
    for guardian in unheard_of:
        _remind(guardian)
    for guardian in tellers:
        told = (story for story in of_storyteller(guardian.storyteller_id) if story.state not in UNWRITTEN)
        for story in islice(told, 1):
            write_due(story, guardian)
    return len(pairs) + len(unheard_of) + len(tellers)


def _lock_all(story_ids: Iterable[str], guardians: Iterable[Guardian]) -> None:
    """Every story that is written about or may change by it, before the first entry in the audit log."""
    children = {guardian.storyteller_id for guardian in guardians}
    lock_stories({*story_ids, *db.session.scalars(select(Story.id).where(Story.storyteller_id.in_(children)))})


def _remind(guardian: Guardian) -> None:
    """Ask somebody who has not said who they are once more, about every story that was handed in."""
    for story in of_storyteller(guardian.storyteller_id):
        write_due(story, guardian)
    guardian.remind_at = next_reminder(guardian.asked_at or guardian.created_at, clock.now())
    db.session.flush()


def is_written_about(story: Story) -> bool:
    """Whether guardians are written to about a story now."""
    return story.state not in UNWRITTEN and story.erase_after is None


def write_due(story: Story, guardian: Guardian) -> None:
    """Write everything that is due to one guardian about one story, and was not written before."""
    if not is_written_about(story):
        return
    known = select(GuardianNotice.kind, GuardianNotice.about).where(
        GuardianNotice.guardian_id == guardian.id, GuardianNotice.story_id == story.id
    )
    written = {(row.kind, row.about) for row in db.session.execute(known)}
    for kind, about in sorted(_due(story, guardian) - written):
        db.session.add(GuardianNotice(story_id=story.id, guardian_id=guardian.id, kind=kind, about=about))
        db.session.flush()
        reach(story, guardian, _letter(kind, about))
        record(CLOCK, Verb.CONSENT_NOTICE_SENT, story.id, kind=kind.value)


def _due(story: Story, guardian: Guardian) -> set[tuple[Notice, str]]:
    said = said_by_guardian(story.id, guardian.id)
    wait = outside().settings.confirm_after
    due = due_notices(said, story.current, majors()[Party.GUARDIAN], clock.now(), wait)
    if waits_for_child(story):
        due = {(kind, about) for kind, about in due if kind is not Notice.NEW_VERSION}
    if guardian.remind_at is not None and guardian.remind_at <= clock.now():
        due.add((Notice.UNHEARD, f"{guardian.remind_at:%Y-%m-%d %H:%M}"))
    if guardian.majority_holds_from is None and guardian.told_majority_at is not None:
        due |= _month_to_confirm(guardian.told_majority_at, wait)
    if said and key_of(guardian.id) is not None:
        due |= {(Notice.OWN_AGE, name) for name in _grown(story.storyteller)}
    return due


def _month_to_confirm(told_at: datetime, wait: timedelta) -> set[tuple[Notice, str]]:
    """The month of the 18th birthday was told once."""
    return {(Notice.CONFIRM, f"{told_at:%Y-%m-%d %H:%M:%S.%f}")} if clock.now() >= told_at + wait else set()


def _grown(teller: Storyteller) -> Iterable[str]:
    """What the young person has reached, by a clock that was sure: the last step alone is written about."""
    came = (teller.own_age_came_seq, teller.majority_came_seq)
    steps = zip((OWN_AGE, MAJORITY), growing_up(teller), came, strict=True)
    return [name for name, alone, seq in steps if has_come(alone) and seq is not None][-1:]


def _letter(kind: Notice, about: str) -> letters.ToGuardian:
    match kind:
        case Notice.CONFIRM:
            return letters.guardian_confirm
        case Notice.RUNS_OUT:
            return letters.guardian_runs_out
        case Notice.NEW_VERSION:
            return letters.guardian_new_version
        case Notice.NEW_TEXT:
            return letters.guardian_new_text
        case Notice.UNHEARD:
            return letters.guardian_link
        case Notice.OWN_AGE:
            return letters.guardian_majority if about == MAJORITY else letters.guardian_own_age


def _today() -> dict[str, object]:
    """What the parameters of `_pairs` stand for at this moment."""
    now, major = clock.now(), majors()[Party.GUARDIAN]
    ahead = {f"in_{days}": now + timedelta(days=days) for span in _spans() for days in span}
    moments = {"confirm": now - outside().settings.confirm_after, "peace": now - PEACE, "today": now.date()}
    return {**ahead, **moments, "major": major, "about_major": str(major)}


@cache
def _pairs(_dialect: str) -> Select[str, str | None]:
    """The guardians, each with a story, for whom something is due as far as one query can tell.

    It looks at the newest answer to each question; `write_due` looks more closely. No order: of more than a batch,
    nobody stands before others for ever.
    """
    newer = aliased(Answer)
    newest = ~exists().where(
        newer.story_id == Answer.story_id,
        newer.guardian_id == Answer.guardian_id,
        newer.scope == Answer.scope,
        newer.seq > Answer.seq,
    )
    about_current = Answer.version_number == Story.current
    due = or_(
        about_current & _to_confirm(),
        *(about_current & _to_remind(*span) for span in _spans()),
        about_current & _to_ask_in_new_words() & _not_in_peace(),
        ~about_current & _to_show_new_version() & _not_in_peace(),
        _grew_up(),
    )
    pairs = (
        select(Answer.story_id, Answer.guardian_id)
        .join(Story, Story.id == Answer.story_id)
        .join(Storyteller, Storyteller.id == Story.storyteller_id)
        .join(Guardian, Guardian.id == Answer.guardian_id)
        .where(Guardian.left_out_at.is_(None), Story.state.not_in(UNWRITTEN), Story.erase_after.is_(None))
        .where(newest, due, or_(Guardian.left_out_seq == 0, Answer.said_seq >= Guardian.left_out_seq))
        .distinct()
        .subquery()
    )
    return select(pairs.c.story_id, pairs.c.guardian_id).order_by(func.random()).limit(BATCH)


def _to_remind_of_themselves() -> Select[Guardian]:
    """Who was named, was written to, and has not said who they are by now."""
    due = Guardian.remind_at <= clock.now()
    return select(Guardian).where(due, unheard()).order_by(Guardian.remind_at).limit(BATCH)


def _to_tell_month_again() -> Select[Guardian]:
    """Who told the month of the 18th birthday once, and was not asked for it again."""
    before = clock.now() - outside().settings.confirm_after
    asked = exists().where(
        GuardianNotice.guardian_id == Guardian.id,
        GuardianNotice.kind == Notice.CONFIRM,
        GuardianNotice.about == _to_the_microsecond(Guardian.told_majority_at),
    )
    told = (Guardian.told_majority_at <= before, Guardian.majority_holds_from.is_(None), Guardian.left_out_at.is_(None))
    return select(Guardian).where(*told, ~asked).order_by(Guardian.told_majority_at).limit(BATCH)


def _written(kind: Notice, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether whoever gave an answer was written to about its story for this reason."""
    about_them = (GuardianNotice.guardian_id == Answer.guardian_id, GuardianNotice.story_id == Answer.story_id)
    return exists().where(*about_them, GuardianNotice.kind == kind, *more)


def _to_confirm() -> ColumnElement[bool]:
    waits = ~Answer.confirmed & _in_todays_words() & (Answer.answered_at <= bindparam("confirm"))
    return waits & ~_written(Notice.CONFIRM, GuardianNotice.about >= _to_the_microsecond(Answer.answered_at))


def _spans() -> list[tuple[int, int]]:
    """Each reminder's days ahead, and those of the next one."""
    return list(zip(REMINDERS, (*REMINDERS[1:], 0), strict=True))


def _to_remind(days: int, following: int) -> ColumnElement[bool]:
    after: ColumnElement[datetime] = bindparam(f"in_{following}")
    until: ColumnElement[datetime] = bindparam(f"in_{days}")
    near = Answer.confirmed & _in_todays_words() & (Answer.expires_at > after) & (Answer.expires_at <= until)
    return near & ~_written(Notice.RUNS_OUT, GuardianNotice.about == _day(Answer.expires_at) + f"/{days}")


def _in_todays_words() -> ColumnElement[bool]:
    return Answer.text_version >= bindparam("major")


def _day(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[str]:
    """The day of a moment (UTC) as `date.isoformat` writes it."""
    return func.substr(_to_the_microsecond(moment), 1, 10)


def _to_the_microsecond(moment: Column) -> ColumnElement[str]:
    """A moment (UTC) as `%Y-%m-%d %H:%M:%S.%f` writes it: text that is in order of time."""
    if db.session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24:MI:SS.US")
    return cast(moment, String)


def _to_ask_in_new_words() -> ColumnElement[bool]:
    old = Answer.expires_at.is_not(None) & (Answer.text_version < bindparam("major"))
    return old & ~_written(Notice.NEW_TEXT, GuardianNotice.about == bindparam("about_major"))


def _to_show_new_version() -> ColumnElement[bool]:
    other = aliased(Answer)
    seen = exists().where(
        other.story_id == Answer.story_id,
        other.guardian_id == Answer.guardian_id,
        other.version_number == Story.current,
    )
    child_first = exists().where(
        Version.story_id == Story.id,
        Version.number == Story.current,
        Version.differs,
        Version.accepted_at.is_(None),
    )
    about = GuardianNotice.about == cast(Story.current, String)
    return ~seen & ~child_first & ~_written(Notice.NEW_VERSION, about)


def _not_in_peace() -> ColumnElement[bool]:
    refusal = aliased(Answer)
    return ~exists().where(
        refusal.story_id == Answer.story_id,
        refusal.guardian_id == Answer.guardian_id,
        refusal.value == Value.NO.value,
        refusal.answered_at > bindparam("peace"),
    )


def _grew_up() -> ColumnElement[bool]:
    child = Storyteller
    own_age, majority = (
        and_(day.is_not(None), day <= bindparam("today"), clear_seq.is_not(None), came_seq.is_not(None))
        for day, clear_seq, came_seq in (
            (child.own_age_from, child.own_age_clear_seq, child.own_age_came_seq),
            (child.majority_from, child.majority_clear_seq, child.majority_came_seq),
        )
    )
    decides = exists().where(Authority.guardian_id == Guardian.id, is_key(Authority))
    return decides & or_(
        own_age & ~majority & ~_written(Notice.OWN_AGE, GuardianNotice.about == OWN_AGE),
        majority & ~_written(Notice.OWN_AGE, GuardianNotice.about == MAJORITY),
    )
