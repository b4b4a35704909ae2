"""The picture that links to a campaign bring along."""

from flask import Response
from flask_babel import gettext as _

from app.campaigns.rules import in_language
from app.release import queries
from app.web import share_pictures
from app.web.campaigns import bp
from app.web.campaigns.found import find
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.share_pictures import Motif


@bp.get("/<slug>/share.jpg")
@open_to(Audience.PUBLIC, kept=False)
def share(slug: str) -> Response:
    """The campaign's picture, else the first one of its stories, else its first words; and its title."""
    campaign = find(slug)
    painted = [item for item in queries.in_campaign(campaign.id) if queries.may_stand_for_others(item)]
    shown = next((item for item in painted if item.story_id == campaign.hero_id), next(iter(painted), None))
    title, words = in_language(campaign.title, page_code()), in_language(campaign.text, page_code())
    return share_pictures.answer(
        lambda: Motif(
            title, str(_("A campaign")), words[:400], share_pictures.read_picture(shown.images[0]) if shown else None
        ),
        title,
        words[:400],
        shown,
    )
