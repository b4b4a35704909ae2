"""Forms and recordings in which a guardian answered, and which wait for a second person."""

import io
from functools import cache

from app.consent.evidence import take
from app.consent.models import Evidence
from app.consent.rules import Method
from app.consent.texts import current, load
from app.people.models import Guardian, Staff
from app.stories.models import Story
from tests.factories.media import jpeg, recording


@cache
def file_of(method: Method) -> bytes:
    """A photograph, or a recording; made once."""
    return jpeg() if method is Method.PAPER else recording("ogg", 0.5)


def take_from(
    guardian: Guardian, story: Story, by: Staff | None, method: Method = Method.PAPER, content: bytes | None = None
) -> Evidence:
    """What `by` took from a guardian, or they themselves by their link; a voice has a witness."""
    text, witness = current("guardian", guardian.locale), "Somebody" if method is Method.VOICE else ""
    stream = io.BytesIO(file_of(method) if content is None else content)
    return take(story, guardian, method, text, taken_by=by, witness=witness, stream=stream)


def in_first_words(taken: Evidence) -> None:
    """Have it be an answer to our first questions, which were superseded since."""
    taken.text_version, taken.text_sha256 = 1, load(taken.text_id, 1, taken.text_locale).sha256
