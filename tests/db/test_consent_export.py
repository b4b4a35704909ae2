"""The consent records of real stories: complete, current, and leading to nobody."""

import json
from datetime import timedelta

import click
import pytest
from flask import Flask

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.audit.queries import newest
from app.consent.exports import export, pseudonym
from app.extensions import db
from app.people.permissions import Role
from app.people.rules import Relation
from app.stories.actions import ask_erasure
from app.stories.models import Story
from tests.factories.people import make_guardian
from tests.factories.stories import answer_by_link, child_says, guardian_says, make_shown, make_submitted
from tests.unit.dpv_checks import faults, graph_of, strangers

NAMES = ("Elena Popescu", "Ion Popescu", "elena@example.org", "Firefly", "Vaslui")


@pytest.fixture
def story() -> Story:
    """A child said yes and no; the mother confirmed nothing yet, and the father said no."""
    story = make_submitted()
    child_says(story, {"gallery": "yes", "press": "no"})
    mother = make_guardian(story.storyteller, email="elena@example.org")
    father = make_guardian(story.storyteller, relation=Relation.FATHER, name="Ion Popescu")
    answer_by_link(story, mother, {"gallery": "yes"}, clock.now())
    guardian_says(story, father, {"gallery": "no"})
    return story


def statuses(story: Story) -> dict[str, str]:
    """The status of each record, by party and scope."""
    made = export([story])["@graph"]
    prefix = f"{pseudonym(story.id)}/"
    return {one["dct:identifier"].removeprefix(prefix): one["dpv:hasConsentStatus"]["@id"] for one in made}


def test_every_party_and_scope_has_its_record(story: Story) -> None:
    said = statuses(story)
    assert sorted(said.values()) == [
        "dpv:ConsentGiven",
        "dpv:ConsentRefused",
        "dpv:ConsentRefused",
        "dpv:ConsentRequested",
    ]
    assert (said["child/gallery"], said["child/press"]) == ("dpv:ConsentGiven", "dpv:ConsentRefused")


def test_the_records_fit_vocabulary_and_shapes(story: Story) -> None:
    graph = graph_of(export([story]))
    assert strangers(graph) == set()
    assert faults(graph) == ""


def test_the_records_lead_to_nobody(story: Story) -> None:
    printed = json.dumps(export([story]))
    ids = [story.id, story.storyteller_id, story.storyteller.reference]
    assert [word for word in (*NAMES, *ids) if word is None or word in printed] == []
    assert "court_act" not in printed
    assert printed.count('"eyes:basis": "parent"') == 2


def test_time_is_told(story: Story) -> None:
    with clock.fixed(clock.now() + timedelta(days=31 * outside().settings.answer_months)):
        assert statuses(story)["child/gallery"] == "dpv:ConsentExpired"


def test_what_was_erased_is_withdrawn_and_still_on_record(story: Story) -> None:
    ask_erasure(story, Role.CHILD, now=True)
    assert statuses(story)["child/gallery"] == "dpv:ConsentWithdrawn"
    assert faults(graph_of(export([story]))) == ""


def test_the_command_prints_a_child_by_reference_and_a_story_by_id(app: Flask, story: Story) -> None:
    reference = str(story.storyteller.reference)
    commit(outside().queue)
    run = app.test_cli_runner().invoke
    by_reference = run(args=["consent", "export", reference.lower()])
    by_id = run(args=["consent", "export", story.id])
    assert (by_reference.exit_code, by_id.exit_code) == (0, 0)
    assert by_reference.stdout == by_id.stdout
    assert len(json.loads(by_id.stdout)["@graph"]) == 4
    db.session.rollback()
    assert [entry.verb for entry in newest(subject=story.id)][:2] == ["consent.exported"] * 2


def test_the_command_prints_every_story_on_a_line_the_erased_ones_too(app: Flask, story: Story) -> None:
    other = make_shown(["gallery"])
    ask_erasure(other, Role.CHILD, now=True)
    commit(outside().queue)
    result = app.test_cli_runner().invoke(args=["consent", "export", "--every"])
    assert result.exit_code == 0
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    alone = [
        export([one]) for one in sorted((db.session.merge(story), db.session.merge(other)), key=lambda one: one.id)
    ]
    assert [document["@graph"] for document in documents] == [document["@graph"] for document in alone]
    assert all(faults(graph_of(document)) == "" for document in documents)
    assert newest(subject=other.id)[0].verb == "consent.exported"


@pytest.mark.parametrize("every", [True, False])
def test_that_records_are_given_out_is_committed_before_they_are(
    app: Flask, story: Story, monkeypatch: pytest.MonkeyPatch, every: bool
) -> None:
    commit(outside().queue)

    def shut(_printed: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(click, "echo", shut)
    app.test_cli_runner().invoke(args=["consent", "export", "--every" if every else story.id])
    db.session.rollback()
    assert newest(subject=story.id)[0].verb == "consent.exported"


@pytest.mark.parametrize("arguments", [[], ["7KQ2-M9XB", "--every"]])
def test_the_command_is_told_what_to_print(app: Flask, arguments: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=["consent", "export", *arguments])
    assert (result.exit_code, "either NAME or --every" in result.stderr) == (2, True)


@pytest.mark.parametrize("name", ["", "7KQ2-M9XB", "A" * 22, "'; DROP TABLE answer; --"])
def test_the_command_says_so_when_there_is_nobody(app: Flask, name: str) -> None:
    result = app.test_cli_runner().invoke(args=["consent", "export", name])
    assert (result.exit_code, result.stderr.strip()) == (1, "Error: no child has this reference, and no story this id")
