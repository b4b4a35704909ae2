"""Sites that embed."""

from itertools import count

from app.campaigns.models import EmbeddingSite
from app.campaigns.sites import save_site
from app.people.rules import Locale
from tests.factories.campaigns import ACTOR

WEBHOOK = "https://hooks.partner.example/eyes"

_numbers = count(1)


def make_site(origin: str = "", *, webhook: str | None = None, locale: Locale = Locale.EN) -> EmbeddingSite:
    """A site that is told from now on; by letter alone unless it has a webhook."""
    name = origin or f"https://site-{next(_numbers)}.example"
    return save_site(ACTOR, name, f"web@{name.rpartition('/')[2].partition(':')[0]}", webhook, locale)
