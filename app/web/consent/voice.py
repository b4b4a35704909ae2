"""Answering by voice, for those who would rather speak: the text is read aloud, and one recording holds the answers."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.adapters.queue import rollback
from app.consent.actions import is_older
from app.consent.evidence import take, waits_already
from app.consent.rules import Method
from app.errors import Conflict, Invalid
from app.extensions import limiter
from app.people.rules import GUARDIAN_NAME_MAX
from app.stories.queries import version_of
from app.web import questions
from app.web.consent import bp
from app.web.consent.link import Opened, can_be_read, open_link, open_to_read, unread, version_shown
from app.web.forms import one_line, only_fields, small_number
from app.web.guard import Audience, open_to
from app.web.sent import went_well, went_wrong
from app.web.transaction import writes
from app.web.words import sentence

FIELD_OF = {"file": "recording"}
CHANGED = _("The story or the questions have changed since you opened this page. Please look again and speak.")
KEPT = _(
    "We keep your recording: what you say no to in it counts. The story or the questions have changed since, so please"
    " look again before you say yes."
)

KEPT_UNREAD = _("We keep your recording: what you say no to in it counts.")


@bp.get("/<token>/voice")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def voice(token: str) -> str:
    """The text, question by question, and the recorder."""
    return _show(token, open_to_read(token), {})


def _show(token: str, opened: Opened, errors: dict[str, LazyString], notice: LazyString | str = "") -> str:
    text = questions.page_text("guardian")
    return render_template(
        "consent/voice.html",
        token=token,
        story=opened.story,
        text=text,
        questions=questions.ask(text, version_of(opened.story)),
        values=request.form,
        errors=errors,
        notice_words=notice,
    )


@bp.post("/<token>/voice")
@limiter.limit("10 per minute")
@open_to(Audience.GUARDIAN)
@writes
def keep_voice(token: str) -> ResponseReturnValue:
    """Keep one recording, also while the story can be read no more: a no in it counts.

    It opens nothing before a second person has listened to it.
    """
    only_fields("witness", "recording", "version", "text")
    opened = open_link(token, lock=True, leaving=True)
    readable = can_be_read(opened.story)
    try:
        errors = _check()
        if not errors:
            _take(opened)
    except Invalid as refusal:
        rollback()
        errors = {FIELD_OF.get(refusal.field or "", refusal.field or "recording"): sentence(refusal.code)}
    except Conflict:
        return (_show(token, opened, {}, CHANGED), 409) if readable else unread(token, opened.story)
    if not readable:
        return unread(token, opened.story, next(iter(errors.values()), KEPT_UNREAD))
    if errors:
        return went_wrong(errors, lambda: _show(token, opened, errors))
    if is_older(opened.story, small_number("version"), questions.known_text("guardian")):
        flash(KEPT, "info")
    return went_well(url_for("consent.receipt", token=token))


def _check() -> dict[str, LazyString]:
    errors = {}
    if not 0 < len(one_line("witness")) <= GUARDIAN_NAME_MAX:
        errors["witness"] = sentence("witness")
    if not getattr(request.files.get("recording"), "filename", ""):
        errors["recording"] = _("Please record your voice here, or choose a recording.")
    return errors


def _take(opened: Opened) -> None:
    """Raises `Conflict` where it is not said what was asked, `Invalid` for what is no recording.

    It is kept even when the story or the questions have changed since: a no in it counts.
    """
    text, version = questions.known_text("guardian"), version_shown(opened.story)
    if version is None:
        raise Conflict("older_version")
    taken = take(
        opened.story,
        opened.guardian,
        Method.VOICE,
        text,
        taken_by=None,
        witness=one_line("witness"),
        stream=request.files["recording"].stream,
    )
    taken.version_number, taken.shown_at = version, questions.shown_at()
    if waits_already(taken):
        rollback()
