"""What the tests of the consent desk share: a family that nobody may recognise there, helpers, the ways to ask."""

import re
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cli.writing import transaction
from app.consent.models import Evidence
from app.consent.queries import said_by_guardian
from app.extensions import db
from app.people.permissions import Role
from app.people.rules import AgeBand
from app.stories.actions import correct, submit, working_version, write
from app.stories.models import Story
from tests.factories.media import recording
from tests.factories.people import describe_child, make_guardian, make_organisation, make_staff
from tests.factories.stories import add_picture, add_sound, begin_story, child_says
from tests.web.team import Colleague
from tests.web.telling import picture

CANARIES = ("canary-title", "canary-words", "canary-name", "canary-region", "canary-guardian", "canary@example.org")
FORM = {"gallery": "yes", "print": "no", "name": "Ana Popa", "relation": "mother", "alone": "1"}
"""A form as a second person writes it down."""
MULTIPART = "multipart/form-data"
RULINGS = "/staff/consent/rulings"
ONLY_NOES = "What this guardian said no to counts; a yes must be asked for anew."


@dataclass(frozen=True)
class Family:
    """A child who handed a story in, and the guardian they named."""

    story_id: str
    reference: str
    guardian_id: str

    @property
    def address(self) -> str:
        """The child's page on the desk."""
        return "/staff/consent?" + urlencode({"reference": self.reference})


def make_family(app: Flask, *, declared: bool = True) -> Family:
    """A family whose every private word is a canary."""
    with app.app_context(), transaction():
        story = begin_story(title="canary-title", text="canary-words")
        teller = story.storyteller
        describe_child(teller, AgeBand.TEN_TO_TWELVE, "RO", "canary-name", "canary-region")
        add_picture(story)
        add_sound(story)
        child_says(story, {"gallery": "yes"})
        submit(story, Role.CHILD)
        guardian = make_guardian(teller, declared=declared, name="canary-guardian", email="canary@example.org")
        return Family(story.id, teller.reference or "", guardian.id)


def hire_pair(app: Flask) -> tuple[Colleague, Colleague]:
    """Two facilitators of one organisation, logged in."""
    with app.app_context(), transaction():
        organisation = make_organisation()
        staff = [make_staff(Role.FACILITATOR, organisation=organisation) for _ in range(2)]
        one, other = (Colleague(app.test_client(), member) for member in staff)
    for colleague in (one, other):
        assert colleague.log_in().location == "/staff/"
    return one, other


def ways(colleague: Colleague, family: Family) -> dict[str, str]:
    """The addresses of the ways to ask the child's first guardian, by their last part, as the child's page says."""
    assert colleague.get(family.address).status_code == 200
    found = re.findall(r'href="(/staff/consent/ask/[\w-]+/(\w+))"', colleague.page)
    return {way: address for address, way in reversed(found)}


def send_file(colleague: Colleague, address: str, field: str, content: bytes, **more: str) -> TestResponse:
    """A form with one file, as a page without a script sends it."""
    colleague.get(address)
    answer = colleague.post(address, {field: (BytesIO(content), "file.bin"), **more}, content_type=MULTIPART)
    answer.request.environ["wsgi.input"].close()  # the client writes a large form to a file of its own
    return answer


def photographed(app: Flask, colleague: Colleague, family: Family) -> str:
    """The id of a form that was photographed."""
    answer = send_file(colleague, ways(colleague, family)["photo"], "photo", picture())
    assert (answer.status_code, answer.location) == (303, family.address)
    return evidence_ids(app, family.story_id)[-1]


def spoken(app: Flask, colleague: Colleague, family: Family) -> str:
    """The id of a voice that was recorded."""
    sound = recording("ogg")
    answer = send_file(colleague, ways(colleague, family)["voice"], "recording", sound, witness="Maria the neighbour")
    assert (answer.status_code, answer.location) == (303, family.address)
    return evidence_ids(app, family.story_id)[-1]


def evidence_ids(app: Flask, story_id: str) -> list[str]:
    """What was taken about a story, oldest first."""
    with app.app_context():
        found = select(Evidence.id).where(Evidence.story_id == story_id).order_by(Evidence.taken_at)
        return list(db.session.scalars(found))


def ruled(colleague: Colleague, evidence_id: str, how: str, **written: str) -> None:
    """A second person looks at a form or a recording, and rules about it."""
    colleague.get(at(evidence_id))
    assert colleague.post(at(evidence_id, how), written).status_code == 303


def at(evidence_id: str, *more: str) -> str:
    """Where somebody rules about it."""
    return "/".join((RULINGS, evidence_id, *more))


def change_story(app: Flask, family: Family) -> None:
    """The child corrects the story and hands it in again."""
    with app.app_context(), transaction():
        story = db.session.get_one(Story, family.story_id)
        correct(story)
        write(working_version(story), "Another title", "Other words.")
        submit(story, Role.CHILD)


def said(app: Flask, family: Family) -> dict[str, str]:
    """What the family's guardian says now."""
    with app.app_context():
        return {scope: one.value for scope, one in said_by_guardian(family.story_id, family.guardian_id).items()}
