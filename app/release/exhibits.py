"""What a campaign takes out of the browser: those of its stories that a further place shows as well.

A hall asks for `print`, a newspaper for `press`. A story must be shown in the campaign and at that place at this
moment, so a no to either, or an end of either, takes it out of what is made from here.
"""

from sqlalchemy import select

from app import clock
from app.consent.rules import CAMPAIGN
from app.extensions import db
from app.release.queries import TABLE, WHOLE, Item, also_at, visible

HALLS, PRESS = "print", "press"

_ALL = visible(*WHOLE).order_by(TABLE.position, TABLE.story_id)
_AT = {place: _ALL.where(also_at(place)) for place in (HALLS, PRESS)}
_ANY = {place: select(visible(TABLE.story_id).where(also_at(place)).exists()) for place in (HALLS, PRESS)}


def whole_campaign(campaign_id: str) -> list[Item]:
    """Everything that a campaign shows of its stories, in the curator's order."""
    rows = db.session.execute(_ALL, {"place": CAMPAIGN + campaign_id, "now": clock.now()})
    return [Item(*row) for row in rows]


def exhibits(campaign_id: str, place: str) -> list[Item]:
    """Everything of the stories that both the campaign and `place` show, in the curator's order."""
    rows = db.session.execute(_AT[place], {"place": CAMPAIGN + campaign_id, "now": clock.now()})
    return [Item(*row) for row in rows]


def has_exhibits(campaign_id: str, place: str) -> bool:
    """Whether there is any such story."""
    return bool(db.session.scalar(_ANY[place], {"place": CAMPAIGN + campaign_id, "now": clock.now()}))
