"""Words beside stories: captions, transcripts, translations and content notes are written here, and checked by a second
person; and the themes of a story are chosen."""

from flask import Blueprint

from app.web.locale import remember_language

bp = Blueprint("wording", __name__, url_prefix="/staff/words")
bp.before_request(remember_language)

from app.web.wording import checking, desk, story, transcript  # noqa: E402, F401  (the views register themselves)
