"""Seeding the demo's reach: made-up views of the last months, as the counter would have written them down."""

import random
from datetime import date, timedelta

from app import clock
from app.campaigns.models import Campaign
from app.extensions import db
from app.impact.actions import add_views
from app.impact.rules import OTHER, Place, View
from app.people.rules import Locale

DAYS = 120
LANGUAGES = ((Locale.EN, 0.5), (Locale.RO, 0.25), (Locale.ZH, 0.17), (Locale.IT, 0.08))
USUAL = ((Place.GALLERY, "", 60), (Place.CAMPAIGN, "", 35), (Place.PRINT, "", 4), (Place.PRESS, "", 0.6))
"""Where people look who come to us, and how many on a usual day."""
SITES = (("partner.example", 48, 90), ("museum.example", 16, 40), ("radio.example", 6, 21), (OTHER, 1, 90))
"""Made-up sites that hold the campaign: views on a usual day, and for how many days."""
WEEKEND = 0.6


def add_reach(campaign: Campaign) -> None:
    """Views of the demo's campaign and gallery, the same in each demo."""
    dice = random.Random(2012)  # noqa: S311  made-up numbers are no secret
    today, counts = clock.now().date(), dict[View, int]()
    for back in range(DAYS):
        day = today - timedelta(days=back)
        held = [(Place.EMBED, host, usual) for host, usual, days in SITES if back < days]
        for place, host, usual in (*USUAL, *held):
            for language, share in LANGUAGES:
                times = _made_up(dice, day, usual * share)
                slug = "" if place is Place.GALLERY else campaign.slug
                if times:
                    counts[View(day, place, slug, host=host, language=language.value)] = times
    add_views(db.session.connection(), counts)


def _made_up(dice: random.Random, day: date, usual: float) -> int:
    """A number around the usual one, lower at the end of the week."""
    return round(usual * dice.uniform(0.4, 1.6) * (WEEKEND if day.weekday() > 4 else 1) + dice.uniform(-0.4, 0.4))
