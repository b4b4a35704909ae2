"""Looking at my own story, as it is with us now."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.media.rules import State
from app.stories.queries import content, version_of
from app.web import previews
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story


def file_address(name: str) -> str:
    """Where the child looks at a rendition."""
    return url_for("my_story.file", name=name)


@bp.get("/my-story/look")
@open_to(Audience.CHILD)
def look() -> str:
    """The page."""
    story = my_story()
    version = version_of(story)
    told = content(version)
    return render_template(
        "my_story/look.html",
        told=told,
        images=previews.images(told.assets),
        sounds=previews.sounds(told.assets),
        files=[row for row in previews.rows(told.assets, file_address) if row["state"] != State.READY],
        address=file_address,
        must_accept=version.differs and version.accepted_at is None,
    )


@bp.get("/my-story/files/<name>")
@open_to(Audience.CHILD)
def file(name: str) -> ResponseReturnValue:
    """One rendition, of the current version or of the one that is being changed."""
    story = my_story()
    return previews.stream(previews.find_rendition(story, name))
