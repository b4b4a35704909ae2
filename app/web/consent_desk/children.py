"""One child, as the desk may know them: a reference, languages, and how far each guardian has come."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import g
from werkzeug.wrappers import Response

from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.evidence import reason_of
from app.consent.models import Answer, Evidence
from app.consent.queries import evidence_from, ledger
from app.consent.rules import EvidenceState
from app.extensions import limiter
from app.people.models import Authority, Guardian, Storyteller
from app.people.queries import authority_of, by_reference, ever_named, ever_named_for, is_unheard, knows
from app.people.rules import read_reference
from app.stories.models import Story
from app.stories.queries import by_id, of_storyteller
from app.web.consent_desk.asking import Asking, ask_now, is_open
from app.web.login import me

UNKNOWN = "unknown"
"""What an entry about looking up a reference is about when there is no such child."""


@dataclass(frozen=True)
class Progress:
    """One guardian, without a name or an address. `number` is their place in the order in which they were named."""

    number: int
    guardian: Guardian
    asking: Asking
    """What they are asked now."""
    answered: Answer | None
    """The newest of their answers: when, by which method, about which version; what it says stays with them."""
    act: Authority | None
    waiting: Sequence[Evidence]
    """Each form and recording that nobody has ruled about, the newest first: any of them holds the story back."""
    asked_again: str
    """Why their last form or recording could not be used."""

    @property
    def unheard(self) -> bool:
        """Whether they have not said who they are."""
        return is_unheard(self.guardian)


def found_nothing_yet() -> bool:
    """Whether this request looked for a child whom nobody knows."""
    return bool(g.get("found_nothing"))


def found_nothing(_response: Response) -> bool:
    """The same when it is answered: then it counts against the brakes."""
    return found_nothing_yet()


def by_whom() -> str:
    """One key for each member of staff: a whole school is behind one address."""
    return me().id


brake = limiter.shared_limit("10 per minute; 60 per hour", "reference", key_func=by_whom, deduct_when=found_nothing)


def look_up(typed: str, *, lock: bool = False) -> Story | None:
    """The newest story of the child whom a reference names; that somebody looked is recorded.

    None where there is no such child, another organisation helps them, or nobody can be asked about them. Raises
    `Invalid` for what is no reference. Whoever then acts on the story says `lock`: it is locked before the audit log.
    """
    teller = by_reference(read_reference(typed))
    story = _newest(teller, lock) if teller and knows(me(), teller.id) else None
    record(me().id, Verb.REFERENCE_LOOKED_UP, story.storyteller_id if story else UNKNOWN)
    g.found_nothing = story is None or found_nothing_yet()
    return story


def _newest(teller: Storyteller, lock: bool) -> Story | None:
    newest = next(iter(of_storyteller(teller.id)), None)
    if newest is not None and lock:
        newest = by_id(newest.id, lock=True)
    return newest if newest is not None and is_open(newest) else None


def progress_of(story: Story) -> list[Progress]:
    """Every guardian of a child, in the order in which they were named."""
    answered = {row.guardian_id: row for row in ledger(story.id) if row.guardian_id}
    rows = []
    for number, guardian in enumerate(ever_named(story.storyteller_id), 1):
        if guardian.left_out_at is not None:
            continue
        given = evidence_from(story.id, guardian.id)
        last = next(iter(given), None)
        rows.append(
            Progress(
                number=number,
                guardian=guardian,
                asking=ask_now(story, guardian),
                answered=answered.get(guardian.id),
                act=authority_of(guardian.id),
                waiting=[one for one in given if one.state is EvidenceState.WAITING],
                asked_again=reason_of(last) if last and last.state is EvidenceState.ASK_AGAIN else "",
            )
        )
    return rows


def number_of(guardian: Guardian) -> int:
    """Which of the child's guardians this is."""
    return numbers_of([guardian])[guardian.id]


def numbers_of(guardians: Iterable[Guardian]) -> dict[str, int]:
    """The same of each guardian of all the children whose guardians these are, by the guardian's id."""
    seen: Counter[str] = Counter()
    numbers = {}
    for guardian_id, teller_id in ever_named_for({guardian.storyteller_id for guardian in guardians}):
        seen[teller_id] += 1
        numbers[guardian_id] = seen[teller_id]
    return numbers
