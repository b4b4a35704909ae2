"""The shapes of the API: what is asked, and what is answered. The OpenAPI document is made from them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.people.rules import AgeBand, Help, Helper, Locale
from app.release.tokens import LONGEST_QUERY, terms_of, tidy
from app.stories.rules import Medium, Theme

LIMIT, LIMIT_MAX = 24, 100
NO_WORD = "no_word"

Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Words = Annotated[dict[str, str], Field(description="One value for each language, by its code.")]
Cursor = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_.\-]{1,300}$",
        description="Where to go on: from the `next` of a page of the same list, with the same words and filters.",
    ),
]


def with_words(query: str) -> str:
    """A query on one line. Raises where there is nothing in it to look for."""
    if not terms_of(tidy(query)):
        raise PydanticCustomError(NO_WORD, "It has no word")
    return tidy(query)


Sought = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_QUERY,
        description="Words that a story must have, all of them, in what the child told or in what stands beside it; "
        f"without case and accents. At least one word or number, at most {LONGEST_QUERY} signs.",
    ),
    AfterValidator(with_words),
]


class Query(BaseModel):
    """What an address may be asked. Whatever is not named here is refused."""

    model_config = ConfigDict(extra="forbid")

    lang: Annotated[Locale, Field(description="The language of sentences, as in an error's `detail`.")] | None = None


class ListQuery(Query):
    """A page of a list."""

    after: Cursor | None = None
    limit: int = Field(default=LIMIT, ge=1, le=LIMIT_MAX, description="How many, at most.")


class StoryQuery(ListQuery):
    """A page of the gallery, narrowed."""

    q: Sought | None = None
    theme: Annotated[Theme, Field(description="A concern of the 2012 dialogue.")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] | None = None
    language: Annotated[Locale, Field(description="The language the story is told in.")] | None = None
    medium: Annotated[Medium, Field(description="What the story is made of.")] | None = None
    age: Annotated[AgeBand, Field(description="The age band of the child.")] | None = None


class Cue(BaseModel):
    """Words of a recording, and when they are said, in seconds."""

    start: float
    end: float
    text: str


class Transcript(BaseModel):
    """What is said in a recording, in one language."""

    language: Locale
    cues: list[Cue]
    url: Url | None = Field(description="The same as WebVTT; null where the recording may not be heard.")


class Translation(BaseModel):
    """A story in another language, by our team, checked by a second speaker."""

    language: Locale
    title: str
    text: str


class Picture(BaseModel):
    """One size of an image."""

    url: Url
    media_type: str
    width: int
    height: int


class Image(BaseModel):
    """A drawing or a photograph, in several sizes."""

    width: int
    height: int
    pictures: list[Picture]
    captions: Words = Field(description="What it shows, for `alt`; by language, empty where nobody has said.")


class Recording(BaseModel):
    """One form of a recording."""

    url: Url
    media_type: str


class Sound(BaseModel):
    """A recording of the child's voice."""

    seconds: float
    altered: bool = Field(description="Whether the voice was made different. That does not make it anonymous.")
    recordings: list[Recording]
    transcripts: list[Transcript]


class Story(BaseModel):
    """A child's story. It may be taken back on any day: ask again before each use, and let it go when you get 410."""

    id: str
    url: Url = Field(description="The story's page.")
    shown_on: date = Field(description="The day on which it was first shown as it is.")
    language: Locale
    title: str = Field(description="Empty where the child gave none.")
    text: str
    name: str = Field(description="The name the child invented; empty where none may be shown.")
    age: AgeBand | None
    country: str | None
    themes: list[Theme]
    media: list[Medium]
    helper: Helper | None = Field(description="Who sat beside the child.")
    help: Help | None = Field(description="What the helper did.")
    images: list[Image]
    sounds: list[Sound]
    unheard: list[list[Transcript]] = Field(
        description="What is said in recordings that nobody may hear: for each, its transcripts."
    )
    translations: list[Translation]
    notes: Words = Field(description="What it touches, so that nobody meets it unprepared; by language.")
    rights: Url = Field(description="In copyright: what may be taken back has no open licence.")


class StoryPage(BaseModel):
    """Some of a list of stories."""

    items: list[Story]
    next: Url | None = Field(description="The next page; null at the end.")
    too_few: bool = Field(description="Whether stories fit the filters, but so few that a child could be recognised.")


class Campaign(BaseModel):
    """A curated appeal."""

    slug: str
    url: Url = Field(description="The campaign's page.")
    embed: Url = Field(description="The page for a frame on the sites that may show it.")
    stories: Url = Field(description="Its stories, in this API.")
    title: Words
    text: Words
    appeal: Words = Field(description="What it asks for, by language.")
    opens_on: date
    closes_on: date | None = Field(description="Its last day; null where it has none.")
    over: bool = Field(description="Whether its last day has passed: then it shows no story any more.")


class CampaignPage(BaseModel):
    """The campaigns that run."""

    items: list[Campaign]
    next: None = Field(description="Always null: all of them are here.")


class ParameterError(BaseModel):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class Problem(BaseModel):
    """What went wrong, as RFC 9457 says it."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="A short word for programs.")
    errors: list[ParameterError] = Field(default=[], description="For status 400: each parameter that is wrong.")
