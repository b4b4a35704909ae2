"""Withdrawals: what was taken back of a story is told to the ledger outside the data, so that no backup shows it again.

Every transaction passes here before it commits (see `hook`). A story is withdrawn when less of it is shown afterwards,
and, shown or not, when somebody refused or stopped something that an older copy of the database would still allow.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import afterwards
from app.adapters.revocations import Fate, Revocation
from app.consent.models import Answer
from app.consent.queries import took_back
from app.extensions import db
from app.people.models import Authority, Guardian
from app.people.queries import is_unheard, keys_to
from app.people.rules import Basis
from app.release.models import Withdrawal
from app.safeguarding.models import Case, Suspension
from app.stories.lifecycle import State
from app.stories.models import Approval, Story, Version, Wording
from app.stories.queries import erasures

STOPS: Mapping[type, Callable[[Any], bool]] = {
    Case: lambda row: row.closed_at is None,
    Suspension: lambda row: row.decided_at is None,
    Approval: lambda row: row.void_at is not None,
    Version: lambda row: row.refused_at is not None,
    Wording: lambda row: row.refused_at is not None,
    Story: lambda row: row.erase_after is not None or row.state is State.CHANGES_ASKED,
}
"""The rows that, written like this, stop a story that was on its way; an answer does when it closes something."""


def _asks_for_more(held: Authority) -> bool:
    """Whether a key is asked for that an older copy of the database might not ask for: another's, or one more."""
    if held.ended_at is not None:
        return False
    together = held.basis is Basis.PARENT and not held.alone
    return held.accepted_at is None or together or len(keys_to(held.guardian.storyteller_id)) > 1


def _was_ended(held: Authority) -> bool:
    """Whether a key was taken from somebody before its own time was over: an older copy would still obey it."""
    if held.accepted_at is None or held.ended_at is None:
        return False
    return held.closes_at is None or held.ended_at < held.closes_at


def taken_back(rows: Iterable[Any], added: Container[int]) -> set[str]:
    """The stories of which these rows, written in this transaction, take something back, whatever is shown now.

    `added` are the identities of the rows that were not there before.
    """
    stopped: set[str] = set()
    answers: dict[str, set[int]] = {}
    for row in rows:
        if isinstance(row, Answer):
            answers.setdefault(row.story_id, set()).add(row.seq)
        elif type(row) in STOPS and STOPS[type(row)](row):
            stopped.add(row.id if isinstance(row, Story) else row.story_id)
        elif isinstance(row, Guardian):
            stopped |= _handed_in(row) if id(row) in added and is_unheard(row) else set()
        elif isinstance(row, Authority):
            stopped |= _handed_in(row.guardian) if _asks_for_more(row) or _was_ended(row) else set()
    return stopped | {story_id for story_id, numbers in answers.items() if took_back(story_id, numbers)}


def _handed_in(guardian: Guardian) -> set[str]:
    """The stories about which somebody can be asked; what is a draft in a backup is one after a restore."""
    handed_in = Story.state.not_in((State.DRAFT, State.ERASED))
    return set(db.session.scalars(select(Story.id).where(Story.storyteller_id == guardian.storyteller_id, handed_in)))


def note_withdrawals(story_ids: Iterable[str]) -> None:
    """Something of these stories is taken back by the current transaction: the ledger is told when it has committed."""
    at = clock.now()
    told = [Revocation(Fate.WITHDRAWN, story_id, at) for story_id in story_ids]
    for each in told:
        db.session.merge(Withdrawal(story_id=each.story_id, at=at))
    db.session.flush()
    if told:
        afterwards(partial(outside().revocations.append, told))


def withdrawals() -> list[Revocation]:
    """The newest withdrawal of each story that the database knows, oldest first."""
    statement = select(Withdrawal.story_id, Withdrawal.at).order_by(Withdrawal.at, Withdrawal.story_id)
    return [Revocation(Fate.WITHDRAWN, *row) for row in db.session.execute(statement)]


def write_down_revocations() -> None:
    """Tell the ledger outside the data what it does not know: a process ended between the commit and the line."""
    ledger = outside().revocations
    known = ledger.read()
    ledger.append([each for each in (*erasures(), *withdrawals()) if not known.knows(each)])
    if known.is_bloated:
        ledger.compact()
