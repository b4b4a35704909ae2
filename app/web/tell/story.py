"""What I bring: a drawing or a photo, words, my voice."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.extensions import limiter
from app.media.rules import State
from app.stories.actions import detach, working_version
from app.stories.models import Version
from app.stories.queries import content, version_of
from app.web import intake, pieces, previews
from app.web.guard import Audience, open_to
from app.web.tell import bp
from app.web.tell.draft import STEPS, goes_back, my_draft, onward
from app.web.transaction import writes_late
from app.web.words import sentence

STEP = STEPS["story"]


def _look() -> Version:
    return version_of(my_draft())


def _work() -> Version:
    return working_version(my_draft())


DESK = pieces.Desk(look=_look, work=_work, remove="tell.remove_file")


def file_address(name: str) -> str:
    """Where the child looks at a rendition."""
    return url_for("tell.file", name=name)


@bp.get("/story")
@open_to(Audience.VISITOR)
def story() -> str:
    """The page."""
    return _show(pieces.stored(_look()), {})


def _show(typed: dict[str, str], errors: dict[str, LazyString]) -> str:
    return render_template(
        "tell/story.html",
        step=STEP,
        typed=typed,
        errors=errors,
        upload=url_for("tell.receive_file", asset_id="ID"),
        files=pieces.files(DESK, _look(), file_address),
    )


@bp.post("/story")
@limiter.limit("60 per minute")
@open_to(Audience.VISITOR)
@writes_late
def save_story() -> ResponseReturnValue:
    """Keep words and files. When something is wrong the page comes back, with what was good kept already."""
    errors = pieces.save(DESK)
    if not goes_back():
        errors = errors or _nothing_told()
    if errors:
        return _show(pieces.typed(), errors)
    return onward(STEP, {})


def _nothing_told() -> dict[str, LazyString]:
    """The sentence for a story without words and without a usable file; better here than on the last page."""
    told = content(_look())
    if told.text.strip() or any(asset.state is not State.REFUSED for asset in told.assets):
        return {}
    return {"text": sentence("nothing_told")}


@bp.post("/files/<asset_id>/remove")
@open_to(Audience.VISITOR)
@writes_late
def remove_file(asset_id: str) -> ResponseReturnValue:
    """Take a file out; the button stands in the page's form, so what was typed is kept too."""
    errors = pieces.save(DESK)
    detach(_work(), intake.read_id(asset_id))
    if errors:
        return _show(pieces.typed(), errors)
    flash(_("It is taken out."), "good")
    return redirect(url_for("tell.story"))


@bp.put("/files/<asset_id>")
@limiter.limit("120 per minute")
@open_to(Audience.VISITOR)
@writes_late
def receive_file(asset_id: str) -> ResponseReturnValue:
    """Take one file in, as the body of the request."""
    return pieces.receive_body(DESK, asset_id)


@bp.get("/files/<name>")
@open_to(Audience.VISITOR)
def file(name: str) -> ResponseReturnValue:
    """The child's own look at what was made of a file."""
    return previews.stream(previews.find_rendition(my_draft(), name))
