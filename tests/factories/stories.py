"""Stories at any point of their life, each walked there by the real actions.

Nothing is decoded: a picture or a recording is ready at once, with a few sealed bytes in the vault under every
name that the rows promise.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from app import clock
from app.adapters import outside
from app.adapters.sealing import encrypt_stream
from app.consent.actions import Asked, answer_as_child, answer_as_guardian
from app.consent.rules import OWN_VOICE, Attribute, Method
from app.consent.texts import current
from app.extensions import db, new_id
from app.media import vault
from app.media.models import Asset, Rendition
from app.media.renditions import Rendered, waveform
from app.media.rules import RENDITION_TYPES, Alteration, Kind, Purpose, Refusal, State as AssetState
from app.media.vault import Shelf
from app.moderation import actions as moderation
from app.moderation.rules import Line, Mark
from app.people.keys import load_key
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.rules import AgeBand, Help, Helper, Locale
from app.stories import actions
from app.stories.models import Story
from app.stories.rules import Theme
from tests.factories.people import describe_child, make_guardian, make_staff

FINE = {line.value: Mark.FINE.value for line in Line}
TITLE = "The kite"
TEXT = "My mother works far away. On Sundays we fly our kites at the same hour."
PICTURE_PURPOSES = tuple(purpose for purpose in Purpose if RENDITION_TYPES[purpose][0].startswith("image/"))
SOUND_PURPOSES = (Purpose.SOUND_OPUS, Purpose.SOUND_AAC, Purpose.PEAKS)
LONG_AGO = timedelta(days=30)
"""How long ago a shown story was approved: any cooling-off time of a test has passed."""


def begin_story(
    *,
    title: str = TITLE,
    text: str = TEXT,
    age_band: AgeBand = AgeBand.TEN_TO_TWELVE,
    country: str = "RO",
    locale: Locale = Locale.EN,
    client_id: str = "",
) -> Story:
    """A draft with words, by a child who said who they are; neither a file nor a guardian yet."""
    story = actions.begin(client_id or new_id(), locale)
    describe_child(story.storyteller, age_band, country)
    version = actions.working_version(story)
    actions.write(version, title, text)
    actions.tell_helper(version, Helper.NOBODY, Help.NONE)
    db.session.flush()
    return story


def add_picture(story: Story, state: AssetState = AssetState.READY) -> Asset:
    """A drawing in the version the child is writing."""
    return _add_asset(story, Kind.IMAGE, "image/jpeg", state)


def add_sound(story: Story, state: AssetState = AssetState.READY) -> Asset:
    """A recording in the version the child is writing."""
    return _add_asset(story, Kind.SOUND, "audio/ogg", state)


def alter(asset: Asset) -> Asset:
    """A file in which the child is not recognised, to be put in the place of one in which they could be."""
    made = _new_asset(db.session.get_one(Story, asset.story_id), asset.kind, asset.media_type)
    made.alteration = Alteration.VOICE if asset.kind is Kind.SOUND else Alteration.FACE
    make_ready(made)
    return made


def _add_asset(story: Story, kind: Kind, media_type: str, state: AssetState) -> Asset:
    asset = _new_asset(story, kind, media_type)
    actions.attach(actions.working_version(story), asset)
    if state is AssetState.READY:
        make_ready(asset)
    elif state is AssetState.REFUSED:
        asset.state, asset.refusal = state, Refusal.BROKEN
        db.session.flush()
    return asset


def _new_asset(story: Story, kind: Kind, media_type: str) -> Asset:
    shelf = Shelf(story.id, new_id(), load_key(story.id), vault.new_leaf())
    content = f"{kind.value} {shelf.asset_id}".encode()
    outside().vault.put(shelf.name(), encrypt_stream(shelf.key, [content], shelf.name().encode()))
    asset = Asset(
        id=shelf.asset_id,
        story_id=story.id,
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=media_type,
        original=shelf.original,
        vault_bytes=vault.kept_bytes([len(content)]),
    )
    db.session.add(asset)
    db.session.flush()
    return asset


def make_ready(asset: Asset) -> None:
    """What the decoder would have made of an asset that is still in quarantine."""
    picture = asset.kind is Kind.IMAGE
    shelf = Shelf(asset.story_id, asset.id, load_key(asset.story_id), asset.original)
    for purpose in PICTURE_PURPOSES if picture else SOUND_PURPOSES:
        content = waveform(4_000, [0, 50, 100]) if purpose is Purpose.PEAKS else f"{purpose} {asset.id}".encode()
        side = 4 if picture else None
        file = vault.put_rendition(shelf, Rendered(purpose, content, side, side))
        db.session.add(Rendition(asset_id=asset.id, media_type=RENDITION_TYPES[purpose][0], **vars(file)))
    if picture:
        asset.width, asset.height, asset.placeholder = 4, 4, "data:image/webp;base64,AAAA"
    else:
        asset.duration_ms = 4_000
    asset.state = AssetState.READY
    db.session.flush()


def child_says(story: Story, answers: Mapping[str, str]) -> None:
    """The child answers; values by scope."""
    answer_as_child(story, answers, current("child", story.locale))


def guardian_says(story: Story, guardian: Guardian, answers: Mapping[str, str], *, version: int | None = None) -> None:
    """A guardian answers in a live call about the version they were shown; the newest one when none is given."""
    text = current("guardian", guardian.locale)
    asked = Asked(Method.LIVE, text, story.current if version is None else version)
    answer_as_guardian(story, guardian, answers, asked)


def answer_by_link(story: Story, guardian: Guardian, answers: Mapping[str, str], link_made_at: datetime) -> bool:
    """A guardian answers by a private link that was made at this moment; whether every answer holds."""
    asked = Asked(Method.LINK, current("guardian", guardian.locale), story.current, link_made_at)
    return answer_as_guardian(story, guardian, answers, asked)


def yes_to(scopes: Iterable[str], *, own_voice: bool = False) -> dict[str, str]:
    """Answers that open `scopes`, show what a label prints, and the child's own voice where that is asked for."""
    answers = dict.fromkeys(scopes, "yes") | {"name": "invented", "age": "band", "place": "region"}
    return answers | {Attribute.VOICE.value: OWN_VOICE} if own_voice else answers


def approve(story: Story, *staff: Staff, themes: Sequence[str] = (Theme.FAMILY.value,)) -> None:
    """Each of `staff` claims and approves; as many moderators as are needed when none is given."""
    team = staff or [make_staff() for _ in range(moderation.approvals_asked(story))]
    for member in team:
        moderation.claim(member, story)
        moderation.approve(member, story, FINE, themes)


def make_submitted(**how: object) -> Story:
    """A story that was handed in and answered about by nobody; keywords as for `begin_story`."""
    story = begin_story(**how)  # type: ignore[arg-type]
    actions.submit(story, Role.CHILD)
    return story


def make_claimed(staff: Staff, **how: object) -> Story:
    """A story that `staff` is reviewing."""
    story = make_submitted(**how)
    moderation.claim(staff, story)
    return story


def make_approved(
    scopes: Iterable[str] = ("gallery",),
    *,
    pictures: int = 0,
    sounds: int = 0,
    own_voice: bool = False,
    guardians: int = 1,
    **how: object,
) -> Story:
    """A story that was approved now, with a yes of the child and of every guardian to each of `scopes`.

    Keywords beside these as for `begin_story`. It is not visible before the cooling-off time has passed.
    """
    story = begin_story(**how)  # type: ignore[arg-type]
    for _ in range(pictures):
        add_picture(story)
    for _ in range(sounds):
        add_sound(story)
    answers = yes_to(scopes, own_voice=own_voice)
    child_says(story, answers)
    actions.submit(story, Role.CHILD)
    for _ in range(guardians):
        guardian_says(story, make_guardian(story.storyteller), answers)
    approve(story)
    return story


def make_shown(scopes: Iterable[str] = ("gallery",), **how: object) -> Story:
    """A story that everybody can see at each of `scopes` once the transaction commits; as `make_approved`."""
    with clock.fixed(clock.now() - LONG_AGO):
        return make_approved(scopes, **how)  # type: ignore[arg-type]
