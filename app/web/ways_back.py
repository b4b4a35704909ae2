"""Where an error page of the staff area leads back to: the list to which its address belongs, and the front page."""

from typing import NamedTuple

from flask import request
from flask_babel import LazyString, lazy_gettext as _
from flask_login import current_user

from app.people.permissions import Permission, may

STAFF_AREA = "/staff"


class Way(NamedTuple):
    """A page to go back to: the view of it, and what it is called."""

    endpoint: str
    words: LazyString


TODAY = Way("admin.home", _("Today"))
ACTS = Way("consent_desk.acts", _("Acts and doubts"))
RULINGS = Way("consent_desk.rulings", _("Rulings"))
LISTS = (
    ("/staff/cases", Permission.CASE_HANDLE, Way("safeguarding.cases", _("Cases"))),
    ("/staff/review", Permission.STORY_REVIEW, Way("moderation.queue", _("Review"))),
    ("/staff/consent/rulings", Permission.CONSENT_RULE, RULINGS),
    ("/staff/consent/acts", Permission.ACT_RULE, ACTS),
    ("/staff/consent/namings", Permission.ACT_RULE, ACTS),
    ("/staff/consent", Permission.CONSENT_TAKE, Way("consent_desk.desk", _("Consent"))),
    ("/staff/consent", Permission.CONSENT_RULE, RULINGS),
    ("/staff/campaigns", Permission.CAMPAIGN_BUILD, Way("curation.index", _("Campaigns"))),
    ("/staff/words", Permission.WORDS_CHECK, Way("wording.index", _("Words"))),
)
"""The lists, by the beginning of their addresses and the permission that each takes: the first that fits."""


def is_in_staff_area() -> bool:
    """Whether this request is for a page of the staff, by somebody who is logged in. It may read the database."""
    return is_below(STAFF_AREA) and bool(current_user.is_authenticated)


def is_below(beginning: str) -> bool:
    """Whether this request's address is this one, or lies below it."""
    return f"{request.path}/".startswith(f"{beginning}/")


def ways_back() -> list[Way]:
    """The list this address belongs to, where whoever is logged in may open it; then the front page."""
    lists = [way for beginning, takes, way in LISTS if is_below(beginning) and may(current_user.role, takes)]
    return [*lists[:1], TODAY]
