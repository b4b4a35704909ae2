"""Answers that were not given by link: a form that was photographed, a voice that was recorded, a call that was noted.

What was taken waits until a second person, who did not take it, rules about it; then its answers enter the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app import clock
from app.adapters import outside
from app.adapters.sealing import decrypt_stream
from app.audit.actions import order, record
from app.audit.rules import Verb
from app.consent.actions import Asked, answer_as_guardian, is_older, reach
from app.consent.models import Answer, Evidence
from app.consent.queries import evidence_from, ledger, said_by_guardian
from app.consent.rules import EvidenceState, Method, Value, closing, opens, shows_more
from app.consent.texts import ConsentText, load
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db, new_id
from app.mail.letters import guardian_asked_again, guardian_written_down
from app.media import vault
from app.media.renditions import Rendered
from app.media.rules import Format, Kind, Purpose, Refused, format_of
from app.media.sandbox import decode
from app.media.vault import Readable, Shelf
from app.people.actions import declare_guardian, introduce
from app.people.authority import Act, Claim, claim_act
from app.people.keys import create_key, load_key, seal, unseal
from app.people.models import Guardian, Staff
from app.people.permissions import Permission, may
from app.people.rules import GUARDIAN_NAME_MAX, Relation
from app.stories.actions import lock
from app.stories.lifecycle import State
from app.stories.models import Story

LEAF = "evidence"
NOTE_MAX = 1_000
FILE_OF: Mapping[Method, tuple[Kind, tuple[Purpose, ...]]] = {
    Method.PAPER: (Kind.IMAGE, (Purpose.IMAGE_1600, Purpose.IMAGE_800, Purpose.IMAGE_320)),
    Method.VOICE: (Kind.SOUND, (Purpose.SOUND_OPUS,)),
}
"""What each method leaves, and the renditions of it that are looked at or listened to, the first that was made: a small
photograph has no large one."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody read or heard: the answers by scope, and who gave them."""

    values: Mapping[str, str]
    name: str
    relation: Relation
    alone: bool = False
    act: Act | None = None
    """What they said of the decision that appointed them."""
    witnessed: bool = True
    """Whether somebody else was heard to say who spoke; without that no more counts than by a link that was found."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a photograph or a recording: where it lies, what it is, and the renditions that are looked at."""

    shelf: Shelf
    form: Format
    shown: tuple[Purpose, ...]


def take(
    story: Story,
    guardian: Guardian,
    method: Method,
    text: ConsentText,
    *,
    taken_by: Staff | None,
    witness: str = "",
    stream: Readable,
) -> Evidence:
    """Keep a photographed form or a recorded voice; it opens nothing before a second person has accepted it.

    `taken_by` is None where the guardian recorded it by the private link. A voice needs the name of a witness; so does
    the form of a guardian who cannot read. Raises `Invalid` with a media refusal as its code, "witness", or
    "witness_other" where the witness is whoever took it, or the guardian.
    """
    kind, _shown = FILE_OF[method]
    if (method is Method.VOICE and not witness.strip()) or len(witness) > GUARDIAN_NAME_MAX:
        raise Invalid("witness", "witness")
    theirs = unseal(guardian.storyteller_id, f"name:{guardian.id}", guardian.name_sealed)
    if is_same_name(witness, theirs) or (taken_by is not None and is_same_name(witness, taken_by.display_name)):
        raise Invalid("witness_other", "witness")
    evidence = _begin(story, guardian, method, text, taken_by, witness=witness)
    try:
        taken = vault.take(_shelf(evidence), stream, kind)
    except Refused as refused:
        raise Invalid(refused.reason.value, "file") from refused
    evidence.media_type, evidence.sha256 = taken.form.media_type, taken.sha256
    db.session.add(evidence)
    db.session.flush()
    record(_actor(taken_by, guardian), Verb.EVIDENCE_TAKEN, story.id, evidence=evidence.id, method=method.value)
    return evidence


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are the same, however they were typed. No name is nobody's."""
    return one.casefold().split() == other.casefold().split() != []


def note_call(
    staff: Staff,
    story: Story,
    guardian: Guardian,
    text: ConsentText,
    note: str,
    ruling: Ruling,
    version: int | None = None,
) -> Evidence:
    """A trained person asked a guardian in a live call and notes what was said. The answers hold at once.

    `version` is the one they were asked about, where that is not today's. Raises `Conflict` as `accept` does.
    """
    if not may(staff.role, Permission.CONSENT_TAKE):
        raise NotAllowed
    if not note.strip() or len(note) > NOTE_MAX:
        raise Invalid("call_note", "note")
    evidence = _begin(story, guardian, Method.LIVE, text, staff, note=note)
    evidence.version_number = version or story.current
    _close(staff, evidence, EvidenceState.ACCEPTED)
    db.session.add(evidence)
    db.session.flush()
    _enter(evidence, story, text, ruling)
    record(staff.id, Verb.EVIDENCE_ACCEPTED, story.id, evidence=evidence.id, method=Method.LIVE.value)
    reach(story, guardian, guardian_written_down, staff.id)
    return evidence


def accept(staff: Staff, evidence: Evidence, ruling: Ruling) -> None:
    """A second person wrote down what the form or the recording says: it enters the ledger.

    Raises `NotAllowed` for whoever took it, `Conflict` when it was ruled about before, or when the story or the
    questions have changed since and it says no to nothing, `Invalid` where a yes has no witness, or none but the
    guardian or whoever rules: a no needs none.
    """
    story, witness = _lock(staff, evidence), witness_of(evidence)
    if any(is_same_name(name, witness) for name in (ruling.name, staff.display_name)):
        ruling = replace(ruling, witnessed=False)
    if says_yes(ruling) and not ruling.witnessed:
        raise Invalid("witness_other", "name")
    text = load(evidence.text_id, evidence.text_version, evidence.text_locale)
    _close(staff, evidence, EvidenceState.ACCEPTED)
    db.session.flush()
    _enter(evidence, story, text, ruling)
    record(staff.id, Verb.EVIDENCE_ACCEPTED, story.id, evidence=evidence.id, method=evidence.method.value)
    reach(story, db.session.get_one(Guardian, evidence.guardian_id), guardian_written_down, staff.id)


def says_yes(ruling: Ruling) -> bool:
    """Whether anything in it opens."""
    return closing(ruling.values) != ruling.values


def ask_again(staff: Staff, evidence: Evidence, reason: str) -> None:
    """What was taken does not show an answer: it cannot be read or heard, or somebody else spoke.

    The guardian receives a fresh link with the reason in kind words, where an address is known. Raises `Invalid`.
    """
    story = _lock(staff, evidence)
    if not reason.strip() or len(reason) > NOTE_MAX:
        raise Invalid("ask_again_reason", "reason")
    evidence.note_sealed = seal(evidence.id, "note", reason.strip())
    _close(staff, evidence, EvidenceState.ASK_AGAIN)
    db.session.flush()
    reach(story, evidence.guardian, partial(guardian_asked_again, reason=reason.strip()))
    record(staff.id, Verb.EVIDENCE_ASKED_AGAIN, story.id, evidence=evidence.id)


def begin_look(staff: Staff, evidence: Evidence) -> Look:
    """What `open_file` needs, so that no transaction is open while a decoder works; `note_look` then records it."""
    if not may(staff.role, Permission.CONSENT_RULE):
        raise NotAllowed
    if evidence.media_type is None:
        raise Conflict("not_in_this_state")
    _kind, shown = FILE_OF[evidence.method]
    return Look(_shelf(evidence), format_of(evidence.media_type), shown)


def open_file(look: Look) -> Rendered:
    """The photograph or recording, made anew from its pixels or samples; needs no database."""
    shelf = look.shelf
    sealed = outside().vault.open(shelf.name())
    made = decode(decrypt_stream(shelf.key, sealed, shelf.name().encode()), look.form)
    renditions = {rendition.purpose: rendition for rendition in made.renditions}
    return next(renditions[purpose] for purpose in look.shown if purpose in renditions)


def note_look(staff: Staff, look: Look) -> None:
    """Somebody is shown it."""
    record(staff.id, Verb.EVIDENCE_OPENED, look.shelf.story_id, evidence=look.shelf.asset_id)


def witness_of(evidence: Evidence) -> str:
    """The name of the witness, as it was typed."""
    return unseal(evidence.id, "witness", evidence.witness_sealed)


def waits_already(taken: Evidence) -> bool:
    """Whether the same was sent before and waits: a button was pressed twice, or an answer did not arrive."""
    waiting = [one for one in evidence_from(taken.story_id, taken.guardian_id) if one.state is EvidenceState.WAITING]
    return any(_said_by(one) == _said_by(taken) for one in waiting if one.id != taken.id)


def _said_by(one: Evidence) -> tuple[object, ...]:
    """All that it says: a file that is handed in again may have another witness, or be about something else."""
    return one.method, one.sha256, one.version_number, one.text_sha256, witness_of(one)


def reason_of(evidence: Evidence) -> str:
    """Why it was asked for again."""
    return unseal(evidence.id, "note", evidence.note_sealed)


def _begin(
    story: Story,
    guardian: Guardian,
    method: Method,
    text: ConsentText,
    taken_by: Staff | None,
    *,
    witness: str = "",
    note: str = "",
) -> Evidence:
    if guardian.storyteller_id != story.storyteller_id:
        raise NotAllowed
    lock(story)
    if story.state in (State.DRAFT, State.ERASED):
        raise Conflict("not_in_this_state")
    evidence = Evidence(
        id=new_id(),
        story_id=story.id,
        guardian_id=guardian.id,
        version_number=story.current,
        method=method,
        state=EvidenceState.WAITING,
        text_id=text.id,
        text_version=text.version,
        text_locale=text.locale,
        text_sha256=text.sha256,
        taken_by=taken_by.id if taken_by else None,
        taken_at=clock.now(),
        taken_seq=order(),
    )
    create_key(evidence.id, dies_with=story.id)
    evidence.witness_sealed = seal(evidence.id, "witness", witness.strip()) if witness.strip() else None
    evidence.note_sealed = seal(evidence.id, "note", note.strip()) if note.strip() else None
    return evidence


def _shelf(evidence: Evidence) -> Shelf:
    return Shelf(evidence.story_id, evidence.id, load_key(evidence.id), LEAF)


def _lock(staff: Staff, evidence: Evidence) -> Story:
    """Put everybody who rules in line; only a second person may."""
    if not may(staff.role, Permission.CONSENT_RULE) or evidence.taken_by == staff.id:
        raise NotAllowed("second_person")
    story = db.session.get_one(Story, evidence.story_id)
    lock(story)
    db.session.refresh(evidence)
    if evidence.state is not EvidenceState.WAITING:
        raise Conflict("not_in_this_state")
    return story


def _close(staff: Staff, evidence: Evidence, state: EvidenceState) -> None:
    evidence.state, evidence.ruled_by, evidence.ruled_at = state, staff.id, clock.now()


def _enter(evidence: Evidence, story: Story, text: ConsentText, ruling: Ruling) -> None:
    guardian, said_seq = db.session.get_one(Guardian, evidence.guardian_id), evidence.taken_seq
    values, only_noes = ruling.values, not ruling.witnessed or is_older(story, evidence.version_number, text)
    if only_noes:
        values = closing(values)
        if ruling.values and not values:
            raise Conflict("only_noes")
    if only_noes or guardian.declared_seq > said_seq:  # what they said since stands
        introduce(
            guardian,
            ruling.name,
            ruling.relation,
            alone=ruling.alone,
            act=ruling.act,
            said_seq=said_seq,
            noted_by=evidence.ruled_by,
        )
    else:
        declare_guardian(
            guardian, ruling.name, ruling.relation, alone=ruling.alone, said_seq=said_seq, claim_is=Claim.ENDS
        )
        if ruling.act is not None:
            claim_act(guardian, ruling.act, evidence.ruled_by)
    asked = Asked(evidence.method, text, evidence.version_number, evidence_id=evidence.id, said_seq=evidence.taken_seq)
    said = [row for row in ledger(story.id) if row.guardian_id == guardian.id]
    left = {
        scope: _worth([row for row in said if row.scope == scope], value, evidence) for scope, value in values.items()
    }
    values = {scope: value for scope, value in left.items() if value is not None}
    answer_as_guardian(story, guardian, values, asked)


def _worth(said: Sequence[Answer], value: str, evidence: Evidence) -> str | None:
    """What of a value counts beside all that its guardian has said about the same; None where that stands.

    Where links said less since, and then more again, the least of it counts: no link lifts what was spoken.
    """
    against = [row for row in said if _outlasts(row, value, evidence)]
    if not against:
        return value
    newest = said[-1]
    if any(row.method is not Method.LINK for row in against) or not shows_more(newest.scope, newest.value, value):
        return None
    for row in against:
        if shows_more(row.scope, value, row.value):
            value = row.value
    return value


def _outlasts(said: Answer, value: str, evidence: Evidence) -> bool:
    """Whether what was said since stands against a value: by a form or voice always, by a link where it shows less.

    Whoever finds a link does not lift a no that was spoken before. A no is more than *not sure*: whoever said it is
    left in peace.
    """
    if said.said_seq <= evidence.taken_seq:
        return False
    no_since = (said.value, value) == (Value.NO, Value.UNSURE)
    return said.method is not Method.LINK or no_since or shows_more(said.scope, value, said.value)


def has_closed_since(evidence: Evidence) -> bool:
    """Whether its guardian has taken anything back since it was taken; that stands, whatever it says."""
    said = said_by_guardian(evidence.story_id, evidence.guardian_id)
    return any(given.said_seq > evidence.taken_seq and not opens(scope, given.value) for scope, given in said.items())


def _actor(taken_by: Staff | None, guardian: Guardian) -> str:
    return taken_by.id if taken_by else guardian.actor
