"""The exhibition of a campaign on paper: a card for each story, for a wall of any size.

What hangs cannot be called back, so each card says when it was printed, which one it is, and where anybody can look
whether it may still hang: on the page that it was printed from.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request
from markupsafe import Markup

from app import clock
from app.release.beside import said_in_words, told_in_words
from app.release.exhibits import HALLS, exhibits
from app.release.queries import Item, shown_at
from app.web.absolute import absolute
from app.web.campaigns import bp
from app.web.campaigns.found import find, is_over
from app.web.captions import Caption, caption_of
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.qr import qr
from app.web.slides import pieces_of, signs_for

SIZES = ("a4", "a3")
LARGE, LARGE_OF_CHINESE = 900, 400
BESIDE, BESIDE_OF_CHINESE = 240, 90
"""Signs of a text that have room on a card, alone and below a picture."""
SIGN = 6
"""How much of a story's address names its card."""


@dataclass(frozen=True)
class Card:
    """What one card shows; `code` leads to the story's page, where the gallery shows it too."""

    item: Item
    image: dict[str, Any] | None
    caption: Caption | None
    words: str
    code: Markup | None

    @property
    def sign(self) -> str:
        """What tells this card from the others."""
        return str(self.item.story_id[:SIGN])

    @property
    def is_long(self) -> bool:
        """Whether its words need smaller letters."""
        return 2 * len(self.words) > signs_for(self.item.locale, LARGE, LARGE_OF_CHINESE)

    @property
    def says_something(self) -> bool:
        """Whether there is anything to see on paper: a recording alone needs its code."""
        return bool(self.image or self.words or self.code)


@bp.get("/<slug>/print")
@open_to(Audience.PUBLIC, query=("size",), kept=False)
def printed(slug: str) -> Response:
    """The cards, in the size of the paper; today's date stands on them, so they are kept nowhere."""
    campaign, size = find(slug), request.args.get("size", "")
    page = render_template(
        "campaigns/print.html",
        campaign=campaign,
        cards=cards_of(exhibits(campaign.id, HALLS)),
        size=size if size in SIZES else SIZES[0],
        sizes=SIZES,
        today=clock.now(),
        address=absolute("campaigns.printed", slug=slug),
        over=is_over(campaign),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def cards_of(items: list[Item]) -> list[Card]:
    """A card for each story of which paper can show something."""
    with_page = shown_at("gallery", [item.story_id for item in items])
    cards = [card_of(item, has_page=item.story_id in with_page) for item in items]
    return [card for card in cards if card.says_something]


def card_of(item: Item, *, has_page: bool) -> Card:
    """One story as far as a card has room."""
    image = item.images[0] if item.images else None
    room = (BESIDE, BESIDE_OF_CHINESE) if image else (LARGE, LARGE_OF_CHINESE)
    told = told_in_words(item.body) or "\n\n".join(said_in_words(sound, item.locale) for sound in item.sounds)
    words = pieces_of(told, signs_for(item.locale, *room), most=1)
    code = qr(absolute("gallery.story", story_id=item.story_id)) if has_page else None
    caption = caption_of(image, page_code(), item.locale) if image else None
    return Card(item, image, caption, words[0] if words else "", code)
