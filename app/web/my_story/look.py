"""Looking at my own story, as it is with us now; and saying whether a version that somebody changed may be shown."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.errors import Conflict, NotFound
from app.media.rules import State
from app.safeguarding.queries import is_locked
from app.stories.actions import accept_final, refuse_final
from app.stories.models import Story, Version
from app.stories.queries import changes, content, handed_in, version_of
from app.web import previews
from app.web.child_words import CHANGES
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.transaction import writes


def file_address(name: str) -> str:
    """Where the child looks at a rendition."""
    return url_for("my_story.file", name=name)


@bp.get("/my-story/look")
@open_to(Audience.CHILD)
def look() -> str:
    """The page; a version that somebody changed stands beside the one that was handed in."""
    story = my_story()
    version, mine, locked = version_of(story), handed_in(story), is_locked(story.id)
    changed = changes(content(mine), content(version))
    return render_template(
        "my_story/look.html",
        version=version,
        final=_told(version, locked=locked),
        mine=_told(mine, locked=locked) if changed else None,
        locked=locked,
        changes=[CHANGES[change] for change in changed],
        address=file_address,
    )


def _told(version: Version, *, locked: bool) -> dict[str, Any]:
    """One version as the page shows it; without its files while a case says that nobody may look at them."""
    told = content(version)
    shown = () if locked else told.assets
    return {
        "title": told.title,
        "text": told.text,
        "images": previews.images(shown),
        "sounds": previews.sounds(shown),
        "files": [row for row in previews.rows(shown, file_address) if row["state"] != State.READY],
    }


@bp.post("/my-story/accept")
@open_to(Audience.CHILD)
@writes
def accept() -> ResponseReturnValue:
    """The child has looked at the final version, and it is fine."""
    return _decide(accept_final, _("Thank you. You said yes to this version."))


@bp.post("/my-story/refuse")
@open_to(Audience.CHILD)
@writes
def refuse() -> ResponseReturnValue:
    """The child does not want to be shown like that."""
    return _decide(refuse_final, _("You said no. This version is shown to nobody. You can write to us."))


def _decide(decide: Callable[[Story], None], words: LazyString) -> ResponseReturnValue:
    """Decide about the version that stood on the page. Raises `Conflict` when there is a newer one."""
    only_fields("version")
    story = my_story(lock=True)
    if request.form.get("version") != str(story.current):
        raise Conflict("not_in_this_state")
    decide(story)
    flash(words, "good")
    return redirect(url_for("my_story.home"))


@bp.get("/my-story/files/<name>")
@open_to(Audience.CHILD)
def file(name: str) -> ResponseReturnValue:
    """One rendition, of the current version or of the one that is being changed."""
    story = my_story()
    if is_locked(story.id):
        raise NotFound
    return previews.stream(previews.find_rendition(story, name))
