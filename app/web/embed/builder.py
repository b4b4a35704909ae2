"""`/embed`: what to show on one's own site, how it shall look, what that looks like, and the lines to copy."""

from dataclasses import dataclass
from re import fullmatch

from flask import render_template, request, url_for
from flask_babel import LazyString, lazy_gettext as _

from app import clock
from app.adapters import outside
from app.campaigns.queries import open_campaigns
from app.errors import Gone, NotFound
from app.release.queries import Filters
from app.web.absolute import absolute
from app.web.choices import filter_fields
from app.web.embed import bp, subjects
from app.web.embed.colours import HEX
from app.web.embed.look import SELECTION, SHAPES, Look, how_many
from app.web.embedding import component_code, frame_code, script_code
from app.web.guard import Audience, open_to
from app.web.headers import allow_own_frames
from app.web.locale import CODES
from app.web.words import sentence

KINDS = ("campaign", "selection", "story")
ASKED = {"what": "|".join(KINDS), "in": "|".join(CODES), "look": SHAPES["look"], "columns": SHAPES["columns"]}


@dataclass(frozen=True)
class Built:
    """The lines to copy for one subject, and the frame to look at."""

    subject: subjects.Subject
    preview: str
    frame: str
    script: str
    component: str
    oembed: str


@bp.get("/embed")
@open_to(Audience.PUBLIC, query=("campaign", "story", "accent"), shapes=ASKED | SELECTION)
def builder() -> str:
    """The form, and under it what comes of it."""
    allow_own_frames()
    values = request.args.to_dict()
    campaigns = open_campaigns(clock.now())
    what = values.get("what", "")
    values["what"] = what if what in KINDS else "selection"  # any site may show these
    if campaigns:
        values.setdefault("campaign", campaigns[0].slug)
    look, language = Look.read({**values, "theme": ""}), values.get("in", "")
    built, error = _build(values, look, language if language in CODES else "")
    return render_template(
        "embed/builder.html",
        values=values,
        campaigns=campaigns,
        filter_fields=filter_fields(Filters.read(values)),
        count=str(how_many(values)),
        look=look,
        accent_error=_wrong_colour(values.get("accent", "")),
        error=error,
        built=built,
        languages_of_frame=CODES,
    )


def _wrong_colour(typed: str) -> LazyString | str:
    wrong = typed and not fullmatch(f"#?{HEX}", typed)
    return _("A colour has six signs from 0 to 9 and a to f, such as 1b4b94.") if wrong else ""


def _build(values: dict[str, str], look: Look, language: str) -> tuple[Built | None, LazyString | str]:
    """What comes of a choice, or a sentence that says why nothing does."""
    try:
        subject = _chosen(values)
    except Gone:
        return None, _("This was here, and was taken back. That is how it should be.")
    except NotFound as refusal:
        if refusal.code == subjects.OVER:
            return None, sentence(refusal.code)
        return None, _("We cannot find this, or other sites may not show it.")
    return (built_of(subject, look, language), "") if subject else (None, "")


def _chosen(values: dict[str, str]) -> subjects.Subject | None:
    """The subject; none while nothing is chosen yet. Raises `Gone` and `NotFound`."""
    what, typed = values["what"], values.get(values["what"], "").strip()
    if what == "selection":
        return subjects.selection(values)
    if not typed:
        return None
    if what == "campaign":
        return subjects.campaign(typed)
    return subjects.at(typed if "/" in typed else absolute("gallery.story", story_id=typed)).subject


def built_of(subject: subjects.Subject, look: Look, language: str) -> Built:
    """Every way to put it on a page."""
    attributes = {subject.kind: subject.component or "newest", "theme": look.theme, "accent": look.accent}
    attributes |= {"columns": look.columns, "lang": language}
    return Built(
        subject=subject,
        preview=url_for(subject.frame, **subject.frame_values(look, language)),
        frame=frame_code(subject.address(look, language), subject.title),
        script=script_code(),
        component=component_code(attributes, subject.page, subject.title),
        oembed=f"{outside().settings.public_url}{url_for('embed.oembed', url=subject.address(look, language))}",
    )
