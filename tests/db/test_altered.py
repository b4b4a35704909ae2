"""A file in which the child is made unrecognisable takes the place of the one they gave: who sees and hears which."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.consent.rules import Attribute
from app.extensions import db
from app.media.models import Asset, Rendition
from app.moderation import actions as moderation
from app.people.permissions import Role
from app.release import queries
from app.release.models import ShowingMedia
from app.release.publishing import publish
from app.stories import actions
from app.stories.models import Story
from app.stories.queries import content, version_of
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import (
    FINE,
    add_picture,
    add_sound,
    alter,
    approve,
    begin_story,
    child_says,
    guardian_says,
    yes_to,
)

LONG_AGO = timedelta(days=30)
NOTHING, ORIGINAL, ALTERED = "nothing", "the original", "the altered one"
VOICE, FACE = Attribute.VOICE.value, Attribute.FACE.value


def told(
    asset: str, *, altered: bool, child: dict[str, str], guardian: dict[str, str]
) -> tuple[Story, dict[str, Asset]]:
    """A story with one file beside its words, that file altered or not, when everybody has answered; its files."""
    with clock.fixed(clock.now() - LONG_AGO):
        story = begin_story()
        files = {ORIGINAL: add_sound(story) if asset == VOICE else add_picture(story)}
        child_says(story, yes_to(["gallery"]) | child)
        actions.submit(story, Role.CHILD)
        if altered:
            moderator = make_staff()
            moderation.claim(moderator, story)
            files[ALTERED] = alter(files[ORIGINAL])
            replaced = {files[ORIGINAL].id: files[ALTERED]}
            actions.derive(moderator, story, title="", text="My mother calls.", replaced=replaced)
            moderation.approve(moderator, story, FINE, ["family"])
            if moderation.approvals_asked(story) > 1:
                second = make_staff()
                moderation.claim(second, story)
                moderation.approve(second, story, FINE, ["family"])
            actions.accept_final(story)
        else:
            approve(story)
        guardian_says(story, make_guardian(story.storyteller), yes_to(["gallery"]) | guardian)
    commit(outside().queue)
    publish(story.id)
    return story, files


def is_shown(story: Story, files: dict[str, Asset]) -> str:
    """Which of these files can be fetched now; all that lies in the public store and in the showcase is of that one."""
    public = set(db.session.scalars(select(ShowingMedia.name).where(ShowingMedia.story_id == story.id)))
    names = {name.rpartition("/")[2] for name in outside().public.names(f"{story.id}/")}
    assert names == public
    found = NOTHING
    for what, asset in files.items():
        of_it = set(db.session.scalars(select(Rendition.name).where(Rendition.asset_id == asset.id)))
        seen = {name for name in of_it if queries.media(name) is not None}
        assert seen == of_it & public
        if seen:
            assert (found, public) == (NOTHING, seen)
            found = what
    assert (found == NOTHING) is (public == set())
    return found


@pytest.mark.parametrize(
    ("child", "guardian", "altered", "heard"),
    [
        ("own", "own", False, ORIGINAL),
        ("altered", "own", False, NOTHING),
        ("own", "altered", False, NOTHING),
        ("transcript", "own", False, NOTHING),
        ("own", "own", True, ALTERED),
        ("altered", "altered", True, ALTERED),
        ("altered", "own", True, ALTERED),
        ("own", "altered", True, ALTERED),
        ("transcript", "altered", True, NOTHING),
        ("altered", "transcript", True, NOTHING),
        ("unsure", "own", True, NOTHING),
    ],
)
def test_a_voice_is_heard_as_everybody_allowed_it(child: str, guardian: str, altered: bool, heard: str) -> None:
    story, files = told(VOICE, altered=altered, child={VOICE: child}, guardian={VOICE: guardian})
    assert is_shown(story, files) == heard
    item = queries.story(story.id)
    assert item is not None
    assert len(item.sounds) == (heard != NOTHING)


@pytest.mark.parametrize(
    ("child", "guardian", "seen"),
    [("blurred", "blurred", ALTERED), ("never", "blurred", NOTHING), ("blurred", "never", NOTHING)],
)
def test_a_blurred_face_is_seen_as_everybody_allowed_it(child: str, guardian: str, seen: str) -> None:
    story, files = told(FACE, altered=True, child={FACE: child}, guardian={FACE: guardian})
    assert is_shown(story, files) == seen


def test_the_original_stays_the_childs_own_and_each_version_keeps_its_files() -> None:
    story, files = told(VOICE, altered=True, child={VOICE: "altered"}, guardian={VOICE: "altered"})
    assert [asset.id for asset in content(version_of(story, 1)).assets] == [files[ORIGINAL].id]
    assert [asset.id for asset in content(version_of(story)).assets] == [files[ALTERED].id]
    assert version_of(story, 1).digest != version_of(story).digest


def test_an_altered_voice_is_heard_only_when_the_child_has_accepted_it() -> None:
    story, files = told(VOICE, altered=True, child={VOICE: "altered"}, guardian={VOICE: "altered"})
    actions.refuse_final(story)
    commit(outside().queue)
    publish(story.id)
    assert is_shown(story, files) == NOTHING
    assert queries.story(story.id) is None
