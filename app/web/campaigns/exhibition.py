"""The exhibition of a campaign on a screen in a hall: what both the campaign and exhibitions may show, slide by slide.

It runs for days and looks every half minute whether its stories are still there: a story that was taken back is gone
within a minute, and without a connection the screen goes dark after three (docs/exhibitions.md).
"""

from flask import render_template

from app.release.exhibits import HALLS, exhibits
from app.web.campaigns import bp
from app.web.campaigns.found import find, is_over
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.slides import slides_of


@bp.get("/<slug>/exhibition")
@open_to(Audience.PUBLIC)
def exhibition(slug: str) -> str:
    """Every slide; without a script one below the other."""
    campaign = find(slug)
    slides = [slide for item in exhibits(campaign.id, HALLS) for slide in slides_of(item, page_code())]
    return render_template("campaigns/exhibition.html", campaign=campaign, slides=slides, over=is_over(campaign))
