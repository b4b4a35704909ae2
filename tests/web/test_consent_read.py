"""What a guardian is shown of the story: in their language, to be heard first, never before the child saw it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.cli.writing import transaction
from app.extensions import db
from app.people.actions import issue_link
from app.people.models import Guardian
from app.people.queries import guardians_of
from app.people.rules import Locale
from app.stories.actions import accept_final, derive
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.rules import Beside
from tests.factories.people import make_staff
from tests.factories.stories import make_approved
from tests.factories.wordings import put_beside, write_beside
from tests.web.telling import Visitor

MOTHERS = "My mother works far away."
Reader = Callable[..., tuple[Visitor, str, str]]


@pytest.fixture
def reader(app: Flask) -> Reader:
    """A mother at her link to a story that is made like this; the visitor, her link, and the story's id."""

    def make(**how: int) -> tuple[Visitor, str, str]:
        with app.app_context(), transaction():
            story = make_approved(["gallery", "translate"], **how)  # type: ignore[arg-type]
            link = f"/consent/{issue_link(mother_of(story), story.id, keep_readable=False)}"
            return Visitor(app.test_client()), link, story.id

    return make


def mother_of(story: Story) -> Guardian:
    return guardians_of(story.storyteller_id)[0]


def change(app: Flask, story_id: str, act: Callable[[Story], object]) -> None:
    with app.app_context(), transaction():
        act(db.session.get_one(Story, story_id))


def test_a_checked_translation_is_read_in_the_guardians_language(app: Flask, reader: Reader) -> None:
    mother, link, story_id = reader()
    change(app, story_id, lambda story: write_beside(story, Beside.TRANSLATION, Locale.RO))
    mother.get(f"{link}?lang=ro")
    assert "Mama lucrează departe." not in mother.words, "nobody has checked it"
    change(app, story_id, lambda story: put_beside(story, Beside.TRANSLATION, Locale.RO))
    mother.get(f"{link}?lang=ro")
    assert "Zmeul Mama lucrează departe." in mother.words
    assert MOTHERS in mother.words
    mother.get(f"{link}?lang=it")
    assert "Mama lucrează departe." not in mother.words


def test_a_recording_is_heard_before_anything_is_read(reader: Reader) -> None:
    mother, link, _ = reader(pictures=1, sounds=1)
    seen = rf'<img[^>]+src="{link}/files/'
    heard = rf'<audio(?:(?!</audio>).)+src="{link}/files/'
    for aloud, order in (("", [seen, MOTHERS, heard]), ("&aloud=1", [heard, seen, MOTHERS])):
        mother.get(f"{link}?lang=en{aloud}")
        places = [found.start() for mark in order if (found := re.search(mark, mother.page, re.DOTALL))]
        assert len(places) == len(order)
        assert places == sorted(places), aloud or "read"


def test_no_guardian_sees_a_version_before_the_child_has_accepted_it(app: Flask, reader: Reader) -> None:
    mother, link, story_id = reader(pictures=1)
    mother.get(f"{link}?lang=en")
    files = re.findall(rf'src="({link}/files/[^"?]+)', mother.page)
    assert files
    assert mother.get(files[0]).status_code == 200

    def protect(story: Story) -> None:
        story.state = State.IN_REVIEW
        db.session.flush()
        derive(make_staff(), story, title="", text="Somebody works far away.", replaced={})

    change(app, story_id, protect)
    mother.get(f"{link}?lang=en")
    assert "Please come back later" in mother.words
    assert MOTHERS not in mother.words
    assert "Somebody works" not in mother.words
    assert mother.get(files[0]).status_code == 404
    change(app, story_id, accept_final)
    mother.get(f"{link}?lang=en")
    assert "Somebody works far away." in mother.words
