"""Taking in what a guardian left: the photograph of a form, or a voice. It waits for a second person."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext as _
from werkzeug.datastructures import FileStorage

from app.adapters.queue import rollback
from app.consent.evidence import take, waits_already
from app.consent.rules import Method
from app.errors import Invalid
from app.extensions import limiter
from app.media.rules import Refusal
from app.people.permissions import Permission
from app.stories.queries import version_of
from app.web import questions
from app.web.consent_desk import bp
from app.web.consent_desk.asking import Asking, open_asking
from app.web.consent_desk.children import number_of
from app.web.forms import one_line, only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.sent import went_well, went_wrong
from app.web.transaction import start_writing, writes_late
from app.web.words import sentence

FIELD_OF = {"recording": "photo"}
"""What the file is called on the page of a photograph."""
NO_FORM = {Refusal.NOT_A_PICTURE, Refusal.VIDEO, Refusal.UNSUPPORTED, Refusal.BROKEN, Refusal.HOSTILE}
"""Why a file is no photograph: the sentences that a child reads about these speak of drawings and recordings."""
NOT_THE_FORM = _("This is not a photograph of the form. Please take it again.")


@bp.get("/ask/<token>/photo")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
def photo(token: str) -> str:
    """Where the code on a form leads: one photograph of exactly that form."""
    return _show_photo(open_asking(token, older=True), {})


def _show_photo(asking: Asking, errors: dict[str, LazyString]) -> str:
    number = number_of(asking.guardian)
    witness = one_line("witness")
    return render_template(
        "consent_desk/photo.html",
        asking=asking,
        number=number,
        witness=witness,
        errors=errors,
        only_noes=sentence("only_noes"),
    )


@bp.post("/ask/<token>/photo")
@limiter.limit("60 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes_late
def take_photo(token: str) -> ResponseReturnValue:
    """Keep the photograph, with the name of the witness of a guardian who cannot read."""
    only_fields("photo", "witness")
    file = next((sent for sent in request.files.getlist("photo") if sent.filename), None)
    if file is None:
        wrong = {"photo": _("Please take a photo of the form.")}
    else:
        errors = _keep(token, Method.PAPER, file, one_line("witness"))
        wrong = {FIELD_OF.get(field, field): errors[field] for field in errors}
    if wrong:
        return went_wrong(wrong, lambda: _show_photo(open_asking(token, older=True), wrong))
    flash(gettext("The photo is safe with us. Somebody else reads it now."), "good")
    return _back(token)


@bp.get("/ask/<token>/voice")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
def voice(token: str) -> str:
    """The text to read aloud, question by question, and one recording of all of it."""
    return _show_voice(open_asking(token), {})


def _show_voice(asking: Asking, errors: dict[str, LazyString]) -> str:
    return render_template(
        "consent_desk/voice.html",
        asking=asking,
        number=number_of(asking.guardian),
        questions=questions.ask(asking.text, version_of(asking.story, asking.version), asking.shown_at),
        witness=one_line("witness"),
        errors=errors,
        only_noes=sentence("only_noes"),
    )


@bp.post("/ask/<token>/voice")
@limiter.limit("60 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes_late
def take_voice(token: str) -> ResponseReturnValue:
    """Keep the recording, with the name of the witness who speaks it there."""
    only_fields("witness", "recording")
    file = request.files.get("recording")
    if not file:
        wrong = {"recording": _("Please record the answers first.")}
    else:
        wrong = _keep(token, Method.VOICE, file, one_line("witness"))
    if wrong:
        return went_wrong(wrong, lambda: _show_voice(open_asking(token, older=True), wrong))
    flash(gettext("The recording is safe with us. Somebody else listens to it now."), "good")
    return _back(token)


def _keep(token: str, method: Method, file: FileStorage, witness: str = "") -> dict[str, LazyString]:
    """Take the file in, which has arrived as a whole, unless it waits already; what is wrong, by field."""
    start_writing()
    asking = open_asking(token, lock=True, older=True)
    try:
        taken = take(
            asking.story,
            asking.guardian,
            method,
            asking.text,
            taken_by=me(),
            witness=witness,
            stream=file.stream,
        )
        taken.version_number, taken.shown_at = asking.version, asking.shown_at
        if waits_already(taken):
            rollback()
    except Invalid as refusal:
        rollback()
        field = "witness" if refusal.field == "witness" else "recording"
        is_no_form = method is Method.PAPER and refusal.code in NO_FORM
        return {field: NOT_THE_FORM if is_no_form else sentence(refusal.code)}
    return {}


def _back(token: str) -> ResponseReturnValue:
    asking = open_asking(token, older=True)
    if asking.is_older:
        flash(sentence("only_noes"), "info")
    return went_well(url_for("consent_desk.desk", reference=asking.reference))
