"""From rows of the showcase to the shapes of the API."""

from collections.abc import Callable
from typing import Any

from flask import Response
from pydantic import BaseModel

from app import clock
from app.campaigns.models import Campaign as CampaignRow
from app.campaigns.rules import has_ended, last_day
from app.people.rules import AgeBand, Locale
from app.release.beside import told_in_words
from app.release.elsewhere import Stretch
from app.release.queries import Item
from app.stories.rules import Medium
from app.web.absolute import RIGHTS, absolute, file_address
from app.web.api.schema import (
    Campaign,
    Cue,
    Image,
    Picture,
    Recording,
    Sound,
    Story,
    StoryPage,
    Transcript,
    Translation,
)


def answer(shape: BaseModel, following: str | None = None) -> Response:
    """A shape as JSON; `following` is the address of the next page, said in the `Link` header too."""
    response = Response(shape.model_dump_json(), mimetype="application/json")
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def page_of(stretch: Stretch, following: str | None) -> StoryPage:
    """Some of a list of stories."""
    return StoryPage(items=[story_of(item) for item in stretch.items], next=following, too_few=stretch.too_few)


def story_of(item: Item) -> Story:
    """One story, with everything that may be known of it."""
    return Story(
        id=item.story_id,
        url=absolute("gallery.story", story_id=item.story_id),
        shown_on=item.shown_on,
        language=Locale(item.locale),
        title=item.title,
        text=item.text,
        name=item.invented_name,
        age=AgeBand(item.age_band) if item.age_band else None,
        country=item.country or None,
        themes=item.themes,
        media=media_of(item),
        helper=item.helper or None,
        help=item.help or None,
        images=[image_of(image) for image in item.images],
        sounds=[sound_of(item, number, sound) for number, sound in enumerate(item.sounds, 1)],
        unheard=[transcripts_of(recording) for recording in item.body.get("unheard", ())],
        translations=[
            Translation(language=Locale(code), **words) for code, words in item.body.get("translations", {}).items()
        ],
        notes=item.body.get("notes", {}),
        rights=RIGHTS,
    )


def media_of(item: Item) -> list[Medium]:
    """What a story is made of."""
    there = {Medium.DRAWING: item.images, Medium.TEXT: told_in_words(item.body), Medium.SOUND: item.sounds}
    return [medium for medium, present in there.items() if present]


def image_of(image: dict[str, Any]) -> Image:
    """One image with its sizes."""
    pictures = [
        Picture(url=file_address(made["name"]), **{name: made[name] for name in ("media_type", "width", "height")})
        for made in image["renditions"]
    ]
    return Image(width=image["width"], height=image["height"], pictures=pictures, captions=image.get("alts", {}))


def sound_of(item: Item, number: int, sound: dict[str, Any]) -> Sound:
    """A recording in its forms, and as words."""
    forms = [Recording(url=file_address(made["name"]), media_type=made["media_type"]) for made in sound["sources"]]
    at = {"story_id": item.story_id, "number": number}
    return Sound(
        seconds=sound["duration_ms"] / 1000,
        altered=sound["altered"],
        recordings=forms,
        transcripts=transcripts_of(sound, lambda code: absolute("gallery.transcript", code=code, **at)),
    )


def transcripts_of(recording: dict[str, Any], address: Callable[[str], str] | None = None) -> list[Transcript]:
    """What is said in a recording, in each language."""
    return [
        Transcript(
            language=Locale(code),
            cues=[Cue(start=start / 1000, end=end / 1000, text=text) for start, end, text in cues],
            url=address(code) if address else None,
        )
        for code, cues in recording.get("transcripts", {}).items()
    ]


def campaign_of(row: CampaignRow) -> Campaign:
    """One campaign, by its public name."""
    return Campaign(
        slug=row.slug,
        url=absolute("campaigns.page", slug=row.slug),
        embed=absolute("embed.campaign", slug=row.slug),
        stories=absolute("api.campaign_stories", slug=row.slug),
        title=row.title,
        text=row.text,
        appeal=row.appeal,
        opens_on=row.opens_at.date(),
        closes_on=last_day(row.closes_at) if row.closes_at else None,
        over=has_ended(row.closes_at, clock.now()),
    )
