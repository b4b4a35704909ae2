"""A child takes everything along: whole, readable, harmless, and nothing of anybody else."""

import csv
import io
import json
import zipfile
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.adapters import outside
from app.cli.writing import transaction
from app.consent.rules import campaign_scope
from app.extensions import db, new_id
from app.people.actions import add_guardian, declare_guardian
from app.people.keys import create_key
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import Locale, Relation
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.actions import ask_erasure, correct, say, submit, working_version, write
from app.stories.models import Story, Version
from app.stories.rules import Author
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_staff
from tests.factories.stories import add_picture, add_sound, child_says, guardian_says
from tests.unit.dpv_checks import faults, graph_of
from tests.web.team import audited
from tests.web.telling import Child

HOSTILE = '=HYPERLINK("https://evil.example")<script>alert(1)</script>"><img src=x onerror=alert(1)>'
OTHERS = ("Elena Popescu", "elena@example.org", "Wilma Moderator", "team@example.org")


class Elements(HTMLParser):
    """The elements of a page and every address in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.events: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        self.events += [name for name, _value in attrs if name.startswith("on")]


@pytest.fixture
def child(client: FlaskClient) -> Child:
    child = Child(client)
    child.come_back(gallery="yes", print="no")
    return child


def only_story() -> Story:
    return db.session.scalars(select(Story).order_by(Story.created_at)).first() or pytest.fail("no story")


def enrich(app: Flask) -> None:
    """Files, hostile words, messages, and two other people."""
    with app.app_context(), transaction():
        story = only_story()
        mother = guardians_of(story.storyteller_id)[0]
        declare_guardian(mother, "Elena Popescu", Relation.MOTHER)
        add_guardian(story.storyteller_id, Locale.EN, "elena@example.org")
        guardian_says(story, mother, {"gallery": "no"})
        staff = make_staff(email="team@example.org")
        staff.display_name = "Wilma Moderator"
        correct(story)
        add_picture(story)
        add_sound(story)
        write(working_version(story), HOSTILE[:80], HOSTILE)
        submit(story, Role.CHILD)
        say(story, Author.MODERATOR, "We like your hens.")
        say(story, Author.CHILD, HOSTILE)


def taken(child: Child) -> zipfile.ZipFile:
    child.get("/my-story/take-along")
    answer = child.post("/my-story/take-along")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-story.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    made = zipfile.ZipFile(io.BytesIO(answer.data))
    assert made.testzip() is None
    return made


def table(made: zipfile.ZipFile, name: str) -> list[list[str]]:
    content = made.read(name)
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet would not know that it is UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_everything_of_mine_is_in_it(app: Flask, child: Child) -> None:
    enrich(app)
    made = taken(child)
    assert made.namelist() == [
        "read-me.html",
        "answers.csv",
        "messages.csv",
        "consent-records.jsonld",
        "story-1/words-2.txt",
        "story-1/words-1.txt",
        "story-1/image-1.jpg",
        "story-1/image-1-to-look-at.jpg",
        "story-1/sound-1.ogg",
        "story-1/sound-1-to-look-at.m4a",
    ]
    assert made.read("story-1/image-1.jpg").startswith(b"image ")
    assert made.read("story-1/sound-1.ogg").startswith(b"sound ")
    assert made.read("story-1/words-1.txt").decode() == "The yard\n\nMy mother calls on Sundays.\nI feed the hens.\n"
    assert HOSTILE in made.read("story-1/words-2.txt").decode()


def test_the_page_works_alone_and_runs_nothing(app: Flask, child: Child) -> None:
    enrich(app)
    made = taken(child)
    page = made.read("read-me.html").decode()
    found = Elements(page)
    assert "script" not in found.tags
    assert found.events == []
    assert "link" not in found.tags
    assert set(found.addresses) == set(made.namelist()[6:])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for words in ("My mother calls on Sundays.", "We like your hens.", "Fox", "May people see it in our gallery?"):
        assert words in page


def test_it_is_in_the_childs_language(app: Flask, child: Child) -> None:
    child.get("/my-story/home?lang=ro")
    assert '<html lang="ro"' in taken(child).read("read-me.html").decode()


def test_the_tables_hold_every_answer_and_calculate_nothing(app: Flask, child: Child) -> None:
    enrich(app)
    made = taken(child)
    answers = table(made, "answers.csv")
    assert answers[0] == ["Story", "Day", "Who", "Question", "Answer", "Until", "Version"]
    assert [(row[2], row[4], row[6]) for row in answers[1:]] == [
        ("Me", "Yes", "1"),
        ("Me", "No", "1"),
        ("My parent or carer 1", "No", "1"),
    ]
    said = table(made, "messages.csv")
    assert [row[2:] for row in said[1:]] == [["The team", "We like your hens."], ["Me", f"'{HOSTILE}"]]


def test_an_answer_about_a_campaign_says_about_which(app: Flask, child: Child) -> None:
    with app.app_context(), transaction():
        campaign = make_campaign(only_story())
        child_says(only_story(), {campaign_scope(campaign.id): "yes"})
        title = campaign.title["en"]
    asked = table(taken(child), "answers.csv")[-1][3]
    assert asked.endswith(f" “{title}”")


def test_the_records_are_in_it(app: Flask, child: Child) -> None:
    enrich(app)
    records = json.loads(taken(child).read("consent-records.jsonld"))
    assert len(records["@graph"]) == 3
    assert faults(graph_of(records)) == ""


def test_nothing_of_anybody_else_is_in_it(app: Flask, child: Child) -> None:
    enrich(app)
    made = taken(child)
    with app.app_context():
        ids = {guardian.id for guardian in guardians_of(only_story().storyteller_id)}
    everything = b"".join(made.read(name) for name in made.namelist())
    assert b"hens" in everything
    assert [word for word in (*OTHERS, *ids) if word.encode() in everything] == []


def second_story(app: Flask) -> str:
    """Another story of the same child."""
    with app.app_context(), transaction():
        first = only_story()
        story = Story(
            id=new_id(), storyteller_id=first.storyteller_id, client_id=new_id(), locale=first.locale, current=1
        )
        db.session.add(story)
        create_key(story.id)
        db.session.add(Version(story_id=story.id, number=1))
        db.session.flush()
        write(working_version(story), "", "The second one.")
        submit(story, Role.CHILD)
        return story.id


def test_two_stories_of_one_child_come_together(app: Flask, child: Child) -> None:
    second = second_story(app)
    made = taken(child)
    assert {name for name in made.namelist() if "/" in name} == {"story-1/words-1.txt", "story-2/words-1.txt"}
    assert made.read("story-2/words-1.txt") == b"The second one.\n"
    assert ("child", "story.taken_along") in audited(app, second)


def test_what_was_erased_is_not_in_it(app: Flask, child: Child) -> None:
    second = second_story(app)
    with app.app_context(), transaction():
        ask_erasure(db.session.get_one(Story, second), Role.CHILD, now=True)
    made = taken(child)
    assert not any(name.startswith("story-2") for name in made.namelist())
    assert b"The second one." not in made.read("read-me.html")


def test_an_erased_child_takes_nothing(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    with app.app_context(), transaction():
        ask_erasure(only_story(), Role.CHILD, now=True)
    assert child.post("/my-story/take-along").location == "/my-story"


def test_it_is_noted_that_it_was_taken(app: Flask, child: Child) -> None:
    taken(child)
    with app.app_context():
        story_id = only_story().id
    assert audited(app, story_id)[-1] == ("child", "story.taken_along")


def test_what_is_being_changed_is_mine_too(app: Flask, child: Child) -> None:
    child.get("/my-story/correct")
    child.post("/my-story/correct")
    child.get("/my-story/change")
    child.post("/my-story/change", {"title": "", "text": "Not sent yet.", "go": "keep"})
    made = taken(child)
    assert made.read("story-1/words-2.txt") == b"Not sent yet.\n"
    assert "not sent" in made.read("read-me.html").decode()


def test_a_lost_file_does_not_hold_up_the_others(app: Flask, child: Child) -> None:
    enrich(app)
    with app.app_context():
        names = list(outside().vault.names(f"{only_story().id}/"))
        outside().vault.delete(next(name for name in names if name.endswith("original")))
    made = taken(child)
    assert made.namelist()[-1] == "not-complete.txt"
    assert made.read("not-complete.txt").decode().count("story-1/") == 1


def test_a_file_that_must_not_be_copied_is_not(app: Flask, child: Child) -> None:
    enrich(app)
    with app.app_context(), transaction():
        open_case(make_staff().id, only_story(), Level.ILLEGAL_IMAGE, "A picture that nobody may look at.")
    made = taken(child)
    assert [name for name in made.namelist() if name.endswith((".jpg", ".ogg", ".m4a"))] == []
    assert "cannot be copied at the moment" in made.read("read-me.html").decode()


def test_it_is_sent_while_it_is_made(app: Flask, child: Child) -> None:
    enrich(app)
    child.get("/my-story/take-along")
    answer = child.client.post("/my-story/take-along", data={"csrf_token": child.token}, buffered=False)
    assert answer.content_length is None
    assert len(list(answer.response)) > 10


def test_nobody_else_takes_it(app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.get("/my-story/take-along").location == "/my-story"
    assert stranger.post("/my-story/take-along").location == "/my-story"
