"""Writing down what is said in a recording: rows of times and words, or a WebVTT file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext

from app.curation.worded import Worded
from app.curation.wording import Place, write_words
from app.errors import Conflict, EyesError, Faulty, Invalid, NotFound
from app.media.rules import Kind
from app.people.permissions import Permission
from app.people.rules import Locale
from app.stories.cues import CUES_MAX, VTT_MAX, Cue, clock, in_order, read_clock, read_vtt, write_vtt
from app.stories.rules import Beside
from app.web import previews
from app.web.forms import many_lines, one_line, tidied
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.wording import bp
from app.web.wording.page import (
    STALE,
    UNFIT,
    Slot,
    address_of,
    asset_of,
    at,
    chosen_locale,
    closed,
    find_again,
    find_worded,
    slot_of,
)
from app.web.words import sentence

TRANSCRIPT = "/<story_id>/transcripts/<asset_id>"
SPARE = 5
"""Empty rows at the end of the form."""


@dataclass(frozen=True)
class Row:
    """One cue as it is typed; `hint` is what the original says there."""

    start: str = ""
    end: str = ""
    text: str = ""
    hint: str = ""
    error: LazyString | str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing: where a row ends the next one begins, whether anybody speaks there or not."""
        return not (self.end or self.text)


def row_of(cue: Cue, hint: str = "") -> Row:
    """A cue as a form shows it."""
    return Row(clock(cue.start), clock(cue.end), cue.text, hint)


def stored_rows(slot: Slot) -> list[Row]:
    """The rows a form begins with: what was written, else the times of the original, to be put into this language."""
    written = [Cue(*cue) for cue in slot.value.get("cues", ())]
    original = slot.original.cues if slot.original else []
    if not written:
        return [row_of(cue._replace(text=""), cue.text) for cue in original]
    hints = {cue.start: cue.text for cue in original}
    return [row_of(cue, hints.get(cue.start, "")) for cue in written]


def typed_rows() -> list[Row]:
    """The rows of the form that was sent, without the blank ones."""
    columns = [[tidied(value) for value in request.form.getlist(name)[:CUES_MAX]] for name in ("start", "end", "cue")]
    rows = [Row(*values) for values in zip(*columns, strict=False)]
    return [row for row in rows if not row.is_blank]


def cues_of(rows: Sequence[Row]) -> list[Cue]:
    """Rows as cues, in order. Raises `Faulty` for times that are none."""
    times = [(read_clock(row.start), read_clock(row.end)) for row in rows]
    if wrong := {f"cue-{place}": "cue_clock" for place, pair in enumerate(times) if None in pair}:
        raise Faulty(wrong)
    return in_order(Cue(start or 0, end or 0, row.text) for (start, end), row in zip(times, rows, strict=True))


@bp.get(TRANSCRIPT)
@open_to(Audience.STAFF, Permission.WORDS_WRITE)
@writes
def transcript(story_id: str, asset_id: str) -> str:
    """The editor."""
    worded = find_worded(story_id, look=True)
    slot = slot_for(worded, asset_id, chosen_locale(worded))
    return render(worded, slot, stored_rows(slot))


def slot_for(worded: Worded, asset_id: str, locale: Locale) -> Slot:
    """The transcript of a recording. Raises `NotFound`, also where the family has not said yes to translations."""
    asset_of(worded, asset_id, Kind.SOUND)
    if closed(worded, Beside.TRANSCRIPT, locale):
        raise NotFound
    sounds = [asset.id for asset in worded.words.assets if asset.kind is Kind.SOUND]
    name = previews.name_of(Kind.SOUND, sounds.index(asset_id) + 1)
    return slot_of(worded, Beside.TRANSCRIPT, asset_id, locale, name)


@bp.post(TRANSCRIPT)
@open_to(Audience.STAFF, Permission.WORDS_WRITE)
@writes
def write_transcript(story_id: str, asset_id: str) -> ResponseReturnValue:
    """Save the rows, offer more of them, or read a file into them. What was typed always comes back."""
    worded = find_worded(story_id, lock=True)
    slot = slot_for(worded, asset_id, chosen_locale(worded))
    go, rows = one_line("go"), typed_rows()
    if go == "read":
        return read_file(worded, slot)
    if go == "more":
        return render(worded, slot, rows, spare=len(rows) + SPARE)
    try:
        cues = cues_of(rows)
        rows = [row_of(cue) for cue in cues]
        place = Place(Beside.TRANSCRIPT, asset_id, Locale(slot.locale))
        write_words(me(), worded, place, {"cues": cues}, one_line("base"))
    except (Invalid, Conflict) as refusal:
        worded = find_again(story_id)
        slot = slot_for(worded, asset_id, Locale(slot.locale))
        return render(worded, slot, rows, refusal), STALE if isinstance(refusal, Conflict) else UNFIT
    flash(gettext("Saved. A colleague checks it before it is printed."), "good")
    return redirect(at(worded, slot.locale, f"words-{slot.field}"), 303)


def read_file(worded: Worded, slot: Slot) -> ResponseReturnValue:
    """Show what a WebVTT file or a pasted text holds as rows; nothing is saved yet."""
    file = request.files.get("file")
    given = file.stream.read(VTT_MAX + 1).decode("utf-8", "replace") if file else ""
    pasted = many_lines("vtt")
    try:
        cues = in_order(read_vtt(given or pasted))[:CUES_MAX]
    except Invalid as refusal:
        worded = find_again(worded.story.id)
        return render(worded, slot, typed_rows() or stored_rows(slot), refusal, pasted=pasted), UNFIT
    return render(worded, slot, [row_of(cue) for cue in cues], read=True)


def render(
    worded: Worded,
    slot: Slot,
    rows: Sequence[Row],
    refusal: EyesError | None = None,
    *,
    pasted: str = "",
    read: bool = False,
    spare: int = SPARE,
) -> str:
    """The editor with these rows, each with what is wrong with it."""
    faults = refusal.faults if isinstance(refusal, Faulty) else {}
    shown = [replace(row, error=error_of(faults, place)) for place, row in enumerate(rows)]
    asset = asset_of(worded, slot.about, Kind.SOUND)
    errors = {name: sentence(code) for name, code in faults.items()}
    if isinstance(refusal, Invalid) and refusal.field == "vtt":
        errors = {"vtt": sentence(refusal.code)}
    return render_template(
        "wording/transcript.html",
        story=worded.story,
        slot=slot,
        sound=previews.sound_of(asset),
        address=address_of(worded),
        back=at(worded, slot.locale, f"words-{slot.field}"),
        rows=[*shown, *[Row()] * max(0, min(spare, CUES_MAX - len(shown)))],
        errors=errors,
        refusal=sentence(refusal.code) if isinstance(refusal, Conflict) else None,
        pasted=pasted,
        read=read,
    )


def error_of(faults: dict[str, str], place: int) -> LazyString | str:
    """What is wrong with one row."""
    code = faults.get(f"cue-{place}")
    return sentence(code) if code else ""


@bp.get(f"{TRANSCRIPT}.vtt")
@open_to(Audience.STAFF, Permission.WORDS_WRITE)
@writes
def download(story_id: str, asset_id: str) -> Response:
    """What was written, as a WebVTT file."""
    worded = find_worded(story_id, look=True)
    slot = slot_for(worded, asset_id, chosen_locale(worded))
    cues = [Cue(*cue) for cue in slot.value.get("cues", ())]
    response = Response(write_vtt(cues, slot.locale), content_type="text/vtt; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="transcript-{slot.locale}.vtt"'
    return response
