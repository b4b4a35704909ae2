"""What a newspaper may have of a campaign, and on which terms."""

from flask import render_template
from flask_babel import lazy_gettext as _

from app.release.exhibits import PRESS, exhibits
from app.web.campaigns import bp
from app.web.campaigns.found import find, is_over, pages_of
from app.web.guard import Audience, open_to

TERMS = (
    _(
        "These stories belong to the children who told them. You may use them to report on this campaign, and for "
        "nothing else: not for advertising, not for collecting money, not for training computer programs."
    ),
    _(
        "The child and the family said yes to newspapers and television, and may take that back on any day. Load this "
        "kit again on the day you print or broadcast, and use only what it still holds."
    ),
    _("When a story is gone from this kit, take it off your pages and out of your archive as far as you can."),
    _("Show a picture whole: do not crop it, colour it, or write on it. Shorten words only between sentences."),
    _("Print the credit beside it as it stands in the captions. A name in it is one that the child made up."),
    _(
        "Do not look for the child or the family, and do not add where they live, which school they go to or what they "
        "are called, even if you know it."
    ),
    _("Do not blame the parents for being away, and do not say more than the child does."),
)


@bp.get("/<slug>/press")
@open_to(Audience.PUBLIC)
def press(slug: str) -> str:
    """What is in the kit, and on which terms."""
    campaign = find(slug)
    items = exhibits(campaign.id, PRESS)
    return render_template(
        "campaigns/press.html",
        campaign=campaign,
        items=items,
        pages=pages_of(campaign, items),
        terms=TERMS,
        over=is_over(campaign),
    )
