"""The pictures that links to the home page and to a story bring along."""

from flask import Response
from flask_babel import gettext as _

from app.release.queries import may_stand_for_others
from app.web import share_pictures
from app.web.gallery import bp
from app.web.gallery.pages import find
from app.web.guard import Audience, open_to
from app.web.labels import label_of, note_of, title_of
from app.web.share_pictures import Motif


@bp.get("/share.jpg")
@open_to(Audience.PUBLIC, kept=False)
def share() -> Response:
    """The home page's: what this is."""
    return share_pictures.answer(
        lambda: Motif(_("What a child sees when the parents are far away"), _("Drawings, words and voices"))
    )


@bp.get("/stories/<story_id>/share.jpg")
@open_to(Audience.PUBLIC, kept=False)
def share_story(story_id: str) -> Response:
    """A story's: its first picture or its first words, its title and its label; its content note in place of both."""
    item = find(story_id)
    picture = item.images[0] if may_stand_for_others(item) else None
    return share_pictures.answer(
        lambda: Motif(
            title_of(item),
            label_of(item),
            note_of(item) or item.text[:400],
            share_pictures.read_picture(picture) if picture else None,
        ),
        *item,
    )
