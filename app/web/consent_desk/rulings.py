"""What waits for a second person: looking at it, writing down what it says, or asking again."""

from dataclasses import dataclass, replace

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _

from app import clock
from app.adapters.queue import rollback
from app.audit.rules import Verb
from app.consent.actions import is_older
from app.consent.evidence import (
    accept,
    ask_again,
    begin_look,
    has_closed_since,
    note_look,
    open_file,
    says_yes,
    witness_of,
)
from app.consent.models import Evidence
from app.consent.queries import evidence_to_rule, find_evidence
from app.consent.rules import EvidenceState, Method, Party
from app.consent.texts import ConsentText, load
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.extensions import db, is_id
from app.media.rules import RENDITION_TYPES, Refused
from app.people.permissions import Permission, may
from app.people.queries import staff_names
from app.stories.models import Story
from app.stories.queries import version_of
from app.web import acts, questions
from app.web.consent_desk import bp
from app.web.consent_desk.acts import count_waiting
from app.web.consent_desk.children import number_of, numbers_of
from app.web.consent_desk.heard import NOTHING, WHO, Heard, read_heard
from app.web.forms import many_lines, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.previews import LOCKED
from app.web.questions import Question
from app.web.transaction import look_again, start_writing, writes, writes_late
from app.web.words import RELATIONS, sentence

WRONG = 422


@dataclass(frozen=True)
class Waiting:
    """What waits, and what it was an answer to."""

    evidence: Evidence
    reference: str
    story: Story
    text: ConsentText

    @property
    def asked(self) -> list[Question]:
        """The questions of exactly that text, about exactly that version, as they stood on the form."""
        version = version_of(self.story, self.evidence.version_number)
        return questions.ask(self.text, version, self.evidence.shown_at)

    @property
    def is_older(self) -> bool:
        """Whether the story or the questions have changed since: then only a no counts."""
        return is_older(self.story, self.evidence.version_number, self.text)


def find(evidence_id: str) -> Waiting:
    """What waits under this id for whoever is logged in.

    Raises `NotFound`, `NotAllowed` for who took it, and `Conflict` when somebody else was faster.
    """
    found = find_evidence(me(), evidence_id) if is_id(evidence_id) else None
    if found is None:
        raise NotFound
    evidence, reference = found
    if evidence.taken_by == me().id:
        raise NotAllowed("second_person")
    if evidence.state is not EvidenceState.WAITING:
        raise Conflict("not_in_this_state")
    text = load(evidence.text_id, evidence.text_version, evidence.text_locale)
    return Waiting(evidence, reference, db.session.get_one(Story, evidence.story_id), text)


@bp.get("/rulings")
@open_to(Audience.STAFF, Permission.CONSENT_RULE)
@writes
def rulings() -> str:
    """Everything that waits, the longest waiting first."""
    waiting = evidence_to_rule(me())
    return render_template(
        "consent_desk/rulings.html",
        waiting=waiting,
        names=staff_names({evidence.taken_by or "" for evidence, _reference in waiting}),
        numbers=numbers_of(evidence.guardian for evidence, _reference in waiting),
        acts_and_doubts=count_waiting() if may(me().role, Permission.ACT_RULE) else 0,
        me=me(),
        now=clock.now(),
    )


@bp.get("/rulings/<evidence_id>")
@open_to(Audience.STAFF, Permission.CONSENT_RULE)
@writes
def ruling(evidence_id: str) -> str:
    """The photograph or the recording, and the questions beside it."""
    return _show(find(evidence_id), NOTHING)


def _show(waiting: Waiting, heard: Heard) -> str:
    evidence, asked = waiting.evidence, waiting.asked
    look_again(me().id, Verb.EVIDENCE_VIEWED, evidence.story_id, evidence=evidence.id)
    return render_template(
        "consent_desk/ruling.html",
        closed_since=has_closed_since(evidence),
        waiting=waiting,
        only_noes=sentence("only_noes"),
        evidence=evidence,
        number=number_of(evidence.guardian),
        questions=asked,
        witness=witness_of(evidence),
        names=staff_names({evidence.taken_by or ""}),
        relations=RELATIONS,
        **acts.asked_of(evidence.guardian, asked),
        values=heard.typed,
        errors=heard.errors,
    )


@bp.get("/rulings/<evidence_id>/file")
@open_to(Audience.STAFF, Permission.CONSENT_RULE)
@writes_late
def evidence_file(evidence_id: str) -> ResponseReturnValue:
    """The file, made anew and kept by nobody on the way; each look is in the audit."""
    look = begin_look(me(), find(evidence_id).evidence)
    rollback()
    try:
        shown = open_file(look)
    except Refused as refused:
        raise Conflict(refused.reason.value) from refused
    start_writing()
    note_look(me(), look)
    response = Response(shown.content, content_type=RENDITION_TYPES[shown.purpose][0])
    response.headers["Content-Security-Policy"] = LOCKED
    return response.make_conditional(request, accept_ranges=True, complete_length=len(shown.content))


@bp.post("/rulings/<evidence_id>/accept")
@open_to(Audience.STAFF, Permission.CONSENT_RULE)
@writes
def accept_evidence(evidence_id: str) -> ResponseReturnValue:
    """It says this: the answers enter the ledger."""
    only_fields("witness_heard", *WHO, *questions.fields(Party.GUARDIAN))
    waiting = find(evidence_id)
    heard = read_heard(waiting.evidence.guardian, waiting.asked)
    witnessed = waiting.evidence.method is not Method.VOICE or bool(request.form.get("witness_heard"))
    if heard.ruling is not None and says_yes(heard.ruling) and not witnessed:
        unheard: LazyString = _(
            "Without a witness who says their name, no yes in a recording can be accepted. Please ask again, or keep"
            " what they said no to alone."
        )
        heard = Heard(heard.typed, {**heard.errors, "witness_heard": unheard}, None)
    if heard.ruling is None:
        return _show(waiting, heard), WRONG
    older = waiting.is_older
    try:
        accept(me(), waiting.evidence, replace(heard.ruling, witnessed=witnessed))
    except Invalid as refusal:
        return _again(evidence_id, heard, {refusal.field or "questions": sentence(refusal.code)})
    except Conflict as refusal:
        if refusal.code not in ("only_noes", "left_out"):
            raise
        return _again(evidence_id, heard, {"questions": sentence(refusal.code)})
    flash(sentence("only_noes") if older else gettext("The answers are kept."), "info" if older else "good")
    return redirect(url_for("consent_desk.rulings"), 303)


def _again(evidence_id: str, heard: Heard, wrong: dict[str, LazyString]) -> ResponseReturnValue:
    rollback()
    return _show(find(evidence_id), Heard(heard.typed, wrong, None)), WRONG


@bp.post("/rulings/<evidence_id>/ask-again")
@open_to(Audience.STAFF, Permission.CONSENT_RULE)
@writes
def ask_evidence_again(evidence_id: str) -> ResponseReturnValue:
    """It shows no answer: the guardian is asked once more, in kind words."""
    only_fields("reason")
    waiting, reason = find(evidence_id), many_lines("reason")
    try:
        ask_again(me(), waiting.evidence, reason)
    except Invalid as refusal:
        return _again(evidence_id, Heard({"reason": reason}, {}, None), {"reason": sentence(refusal.code)})
    flash(gettext("The guardian is asked again. Whoever helped them sees your words at the desk."), "good")
    return redirect(url_for("consent_desk.rulings"), 303)
