"""What somebody wrote into a form that could not be taken, for the error page to give back: no browser keeps it."""

from flask import request
from werkzeug.exceptions import HTTPException

from app.web.guard import is_from_elsewhere, is_written

WRITTEN = (
    "title",
    "text",
    "message",
    "words",
    "worry",
    "reason",
    "outcome",
    "note",
    "act_note",
    "appeal",
    "partners",
    "embedding_sites",
    "vtt",
)
"""The fields into which people write more than a line; one of a language has that after a hyphen: `text-ro`."""
PARTS = ("title", "text")
"""What the fields of words beside a story end with, after what they are about: `caption-…text`."""
STALE = ("stale_form", "stale_telling")
GIVEN_BACK = (403, 409, 410, 429)
"""The refusals that are nobody's mistake in the form itself: pressing the button again would not take it either."""


def is_long(name: str) -> bool:
    """Whether people write more than a line into the field of this name."""
    first, hyphen, _rest = name.partition("-")
    return first in WRITTEN or (bool(hyphen) and name.endswith(PARTS))


def written(status: int, code: str) -> list[str]:
    """The longer words that were posted, where a refusal gives them back.

    What another site sent is not shown on a page of ours.
    """
    if (status not in GIVEN_BACK and code not in STALE) or is_from_elsewhere():
        return []
    try:
        typed = {name: words.strip() for name, words in request.form.items() if is_long(name)}
    except HTTPException:  # a form that is too large, or that did not arrive: this page says something else already
        return []
    return [words for name, words in typed.items() if is_written(name, words)]
