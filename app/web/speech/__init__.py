"""What the child's own page says aloud: one short clip a sentence, in every language, to be played in a row.

`python -m tools.speech` makes the clips; a house test fails when a sentence was changed and its clip was not.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from flask_babel import LazyString, force_locale, lazy_gettext as _

from app.errors import NotFound
from app.web.child_words import NEXT_FOR_CHILD, SHOWN_FOR_CHILD
from app.web.words import PLACES, REASONS_FOR_CHILD, STATES_FOR_CHILD

FOLDER = Path(__file__).parent

VOCABULARY: Mapping[str, LazyString] = {
    **{f"state-{state}": words for state, words in STATES_FOR_CHILD.items()},
    **{f"next-{state}": words for state, words in NEXT_FOR_CHILD.items() if words},
    **{f"reason-{reason}": words for reason, words in REASONS_FOR_CHILD.items()},
    **{f"place-{place}": words for place, words in PLACES.items()},
    **{f"shown-{grade}": words for grade, words in SHOWN_FOR_CHILD.items()},
    "place-campaign": _("A campaign"),
    "can_be_seen": _("Can be seen"),
    "allowed": _("Allowed"),
    "not_shown": _("Not shown"),
}
"""Every sentence that can be spoken, by the key of its clip."""


def sentences(locale: str) -> dict[str, str]:
    """What the clips of one language say, by their keys."""
    with force_locale(locale):
        return {key: str(words) for key, words in VOCABULARY.items()}


def clips(locale: str, keys: Iterable[str]) -> bytes:
    """The clips of these sentences in a row, as one MP3. Raises `NotFound` for a key that is not in the vocabulary."""
    return b"".join(_clip(locale, key) for key in keys)


@cache
def _clip(locale: str, key: str) -> bytes:
    if key not in VOCABULARY:
        raise NotFound
    return (FOLDER / locale / f"{key}.mp3").read_bytes()
