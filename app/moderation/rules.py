"""The moderator's list (rights §3), decisions, and how long a claim lasts."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from app.errors import Invalid

CLAIM_LASTS = timedelta(minutes=15)
REASON_MIN = 10
REASON_MAX = 300
MAX_THEMES = 3


class Line(StrEnum):
    """The twenty lines; approval is impossible until each is answered."""

    REAL_NAME = "real_name"
    SCHOOL = "school"
    PLACE = "place"
    CONTACT = "contact"
    FACE = "face"
    VOICE = "voice"
    METADATA = "metadata"
    PEERS = "peers"
    JIGSAW = "jigsaw"
    STATUS = "status"
    OWN_WORDS = "own_words"
    DIGNITY = "dignity"
    HARM = "harm"
    ALWAYS_ANONYMOUS = "always_anonymous"
    BLAME = "blame"
    KEYS = "keys"
    FINAL_SEEN = "final_seen"
    TRANSLATION = "translation"
    INDEPENDENT = "independent"
    BEST_INTEREST = "best_interest"


class Mark(StrEnum):
    """How a line was answered. A problem makes approval impossible."""

    FINE = "fine"
    NOT_APPLICABLE = "not_applicable"
    PROBLEM = "problem"


class Decision(StrEnum):
    """What a review came to."""

    APPROVE = "approve"
    ASK_CHANGES = "ask_changes"
    DECLINE = "decline"


def check_approval(marks: Mapping[str, str]) -> None:
    """Refuse an approval while a line is unanswered or names a problem. Raises `Invalid` with the line as field."""
    for line in Line:
        mark = marks.get(line.value)
        if mark not in {known.value for known in Mark}:
            raise Invalid("line_unanswered", line.value)
        if mark == Mark.PROBLEM:
            raise Invalid("line_is_a_problem", line.value)
