"""What must never be public: what stood beside the pixels, who the family is, and stories nobody may see yet."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.campaigns.actions import choose_stories
from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import declare_guardian
from app.people.queries import guardians_of
from app.people.rules import Relation
from app.stories.models import Story
from tests.factories import media
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_guardian
from tests.factories.stories import add_picture, approve, begin_story, child_says, guardian_says, make_submitted
from tests.web.public_side import PARTNER, file_names
from tests.web.telling import Child

LONG_AGO = timedelta(days=3)
OF_THE_FAMILY = (b"canary-mother@example.org", b"canary-mother-name")
PENDING = b"canary-of-a-pending-story"


def publish_through_the_pages(app: Flask, work: Callable[[], list[str]], picture: bytes) -> str:
    """A child hands in `picture` by the pages, the worker decodes it, a guardian and moderators say yes; its id."""
    with clock.fixed(clock.now() - LONG_AGO):
        child = Child(app.test_client())
        child.begin()
        child.get("/tell/story")
        assert child.put_file("/tell/files/" + "b" * 22 + "?kind=image", picture).status_code == 201
        child.go_on(gallery="yes")
        work()
        child.send()
        with app.app_context(), transaction():
            story = db.session.scalars(select(Story).order_by(Story.submitted_at.desc())).first()
            assert story is not None
            campaign = make_campaign(slug="here", embedding_sites=[PARTNER])
            choose_stories("test", campaign, [story.id])
            yes = dict.fromkeys(["gallery", "embed", f"campaign:{campaign.id}"], "yes")
            child_says(story, yes)
            mother = guardians_of(story.storyteller_id)[0]
            declare_guardian(mother, OF_THE_FAMILY[1].decode(), Relation.MOTHER)
            guardian_says(story, mother, yes)
            approve(story)
            story_id = story.id
    work()
    return story_id


def public_answers(app: Flask, client: FlaskClient, story_id: str) -> Iterator[tuple[str, bytes]]:
    """Every public answer about a story, its headers included."""
    pages = ["/", "/gallery", f"/stories/{story_id}", "/campaigns", "/campaigns/here", "/embed/campaigns/here"]
    pages += [f"/embed/stories/{story_id}", "/embed/stories", f"/oembed?url=http://127.0.0.1:8000/stories/{story_id}"]
    for address in [*pages, *(f"/media/{name}" for name in file_names(app, story_id))]:
        response = client.get(address)
        assert response.status_code == 200, address
        yield address, str(response.headers).encode() + response.data


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "tiff", "heic", "avif"])
def test_nothing_that_stood_beside_the_pixels_is_public(
    app: Flask, client: FlaskClient, work: Callable[[], list[str]], form: str
) -> None:
    picture: bytes = getattr(media, form)()
    planted = [canary for canary in media.CANARIES if canary in picture]
    assert planted
    story_id = publish_through_the_pages(app, work, picture)
    answers = list(public_answers(app, client, story_id))
    assert len(answers) == 9 + 6
    assert sum(body.count(b"/media/") for _, body in answers) > 0
    assert [(address, canary) for address, body in answers for canary in planted if canary in body] == []


def test_the_family_and_pending_stories_are_in_no_public_answer(
    app: Flask, client: FlaskClient, work: Callable[[], list[str]]
) -> None:
    story_id = publish_through_the_pages(app, work, media.jpeg())
    with app.app_context(), transaction():
        story = db.session.get_one(Story, story_id)
        mail, name = (canary.decode() for canary in OF_THE_FAMILY)
        make_guardian(story.storyteller, name=name, email=mail, declared=False)
        waiting = begin_story(text=PENDING.decode())
        add_picture(waiting)
        pending_id = make_submitted(text=PENDING.decode()).id
        draft_id = waiting.id
    for address, body in public_answers(app, client, story_id):
        found = [canary for canary in (*OF_THE_FAMILY, PENDING, pending_id.encode()) if canary in body]
        assert found == [], address
    for private in (pending_id, draft_id):
        refused = client.get(f"/stories/{private}")
        assert refused.status_code == 404
        assert PENDING not in refused.data
