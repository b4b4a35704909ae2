"""What stands in an iframe: no header, no script, no cookie, and only by the sites a campaign allows."""

from flask import render_template

from app import clock
from app.campaigns.queries import public_campaign
from app.errors import NotFound
from app.web.campaign_page import public_page
from app.web.embed import bp
from app.web.guard import Audience, open_to
from app.web.headers import allow_framing


@bp.get("/campaigns/<slug>")
@open_to(Audience.PUBLIC)
def campaign(slug: str) -> str:
    """A campaign's blocks, with the stories that other sites may show too."""
    found = public_campaign(slug, clock.now())
    if found is None:
        raise NotFound
    allow_framing(found.embedding_sites)
    over = found.closes_at is not None and found.closes_at <= clock.now()
    return render_template("embed/campaign.html", **public_page(found, "embed"), over=over)
