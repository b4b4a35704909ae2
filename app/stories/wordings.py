"""Words beside a story: reading them, and the child's no.

What is sealed of each is JSON: `{"text"}` of a caption or a note, `{"title", "text"}` of a translation, and
`{"cues": [[start, end, words] …]}` of a transcript, in milliseconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb as Audit
from app.errors import Conflict, NotFound
from app.extensions import db
from app.people.keys import seal, unseal_all
from app.people.permissions import Role
from app.stories.actions import lock
from app.stories.cues import Cue
from app.stories.models import Story, Wording
from app.stories.rules import Beside, Standing


@dataclass(frozen=True)
class Written:
    """Words beside a story, unsealed."""

    id: str
    kind: Beside
    about: str
    locale: str
    version: int
    words: Mapping[str, Any]
    written_by: str
    written_at: datetime
    standing: Standing
    reason: str = ""
    """Why they were sent back."""

    @property
    def text(self) -> str:
        """What they say, whatever their kind."""
        if self.kind is Beside.TRANSCRIPT:
            return "\n".join(cue.text for cue in self.cues)
        return str(self.words.get("text", ""))

    @property
    def title(self) -> str:
        """The title of a translation."""
        return str(self.words.get("title", ""))

    @property
    def cues(self) -> list[Cue]:
        """The cues of a transcript."""
        return [Cue(*cue) for cue in self.words.get("cues", ())]


def standing_of(row: Wording) -> Standing:
    """Where a row stands."""
    if row.refused_at is not None:
        return Standing.REFUSED
    if row.reviewed_at is not None:
        return Standing.CHECKED
    return Standing.RETURNED if row.returned_at is not None else Standing.WAITING


def seal_words(row: Wording, words: Mapping[str, Any]) -> None:
    """Put words into a row that has its id."""
    row.words_sealed = seal(row.story_id, _field(row), json.dumps(words, ensure_ascii=False))


def seal_reason(row: Wording, reason: str) -> None:
    """Say why words are sent back."""
    row.reason_sealed = seal(row.story_id, _why(row), reason)


def _field(row: Wording) -> str:
    return f"wording:{row.id}"


def _why(row: Wording) -> str:
    return f"wording_reason:{row.id}"


def open_words(story_id: str, rows: Sequence[Wording]) -> list[Written]:
    """What rows of one story say, with one look at its key."""
    said = unseal_all(
        story_id, {_field(row): row.words_sealed for row in rows} | {_why(row): row.reason_sealed for row in rows}
    )
    return [
        Written(
            id=row.id,
            kind=row.kind,
            about=row.about,
            locale=row.locale.value,
            version=row.version_number,
            words=json.loads(said[_field(row)]),
            written_by=row.written_by,
            written_at=row.written_at,
            standing=standing_of(row),
            reason=said[_why(row)],
        )
        for row in rows
    ]


def written_beside(story: Story) -> list[Written]:
    """Everything that was written beside the newest version, and, of what was not written anew, beside older ones."""
    statement = select(Wording).where(Wording.story_id == story.id).order_by(Wording.written_at, Wording.id)
    return open_words(story.id, db.session.scalars(statement).all())


_CHECKED = (
    select(Wording)
    .where(
        Wording.story_id == bindparam("story"),
        Wording.version_number == bindparam("version"),
        Wording.reviewed_at.is_not(None),
        Wording.refused_at.is_(None),
    )
    .order_by(Wording.kind, Wording.about, Wording.locale)
)


def checked_beside(story_id: str, number: int) -> Sequence[Wording]:
    """The words beside a version that may be printed, still sealed."""
    return db.session.scalars(_CHECKED, {"story": story_id, "version": number}).all()


def refuse_words(story: Story, wording_id: str) -> None:
    """The child does not want these words beside their story, nor what somebody wrote to take their place."""
    lock(story)
    row = db.session.get(Wording, wording_id)
    if row is None or row.story_id != story.id:
        raise NotFound
    if row.refused_at is not None:
        raise Conflict("not_in_this_state")
    same = (Wording.kind == row.kind, Wording.about == row.about, Wording.locale == row.locale)
    for each in db.session.scalars(select(Wording).where(Wording.story_id == story.id, *same)):
        each.refused_at = clock.now()
    db.session.flush()
    record(Role.CHILD.value, Audit.WORDS_REFUSED, story.id, wording=row.id, kind=row.kind.value)
