"""Wherever the questions can be heard, what is said before and after them can be heard too, in one language."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cli.writing import transaction
from app.consent.texts import names
from app.extensions import db
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.rules import Locale
from tests.factories.texts import newest
from tests.web.consenting import make_family, ways
from tests.web.team import hire
from tests.web.telling import Child, Visitor

SOUND = re.compile(
    r'<audio controls preload="none" src="/consent-texts/(\w+)/3/(\w+)/(\w+)\.mp3" aria-label="([^"]+)">'
)
AFTER = "What a no means, and how long a yes counts"
WITHOUT_FILES = ["voice", "face", "campaign"]
"""What is asked only about a recording, a picture, a campaign."""


def heard(visitor: Visitor) -> list[str]:
    """What the page's sounds are of, as `text/locale/name`; each of them is there."""
    found = [(f"{text_id}/{locale}/{name}", label) for text_id, locale, name, label in SOUND.findall(visitor.page)]
    assert len({label for _, label in found}) == len(found)
    for address, _ in found:
        text_id, locale, name = address.split("/")
        answer = visitor.client.get(f"/consent-texts/{text_id}/3/{locale}/{name}.mp3", buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg"), address
    return [address for address, _ in found]


def asked(text_id: str, locale: str, *without: str) -> list[str]:
    return [f"{text_id}/{locale}/{name}" for name in names(text_id) if name not in without]


def test_a_child_hears_all_of_it_while_telling(client: FlaskClient) -> None:
    child = Child(client)
    child.begin()
    child.get("/tell/answers?lang=zh")
    questions = asked("child", "zh", *WITHOUT_FILES)
    assert heard(child) == ["child/zh/intro", *questions, "child/zh/closing"]


def test_a_child_hears_all_of_it_with_the_card(returned: Child) -> None:
    returned.get("/my-story/answers?lang=it")
    questions = asked("child", "it", *WITHOUT_FILES)
    assert heard(returned) == ["child/it/intro", *questions, "child/it/closing"]


def test_a_guardian_hears_all_of_it(guardian: Visitor, link: str) -> None:
    questions = asked("guardian", "en", *WITHOUT_FILES)
    assert heard(guardian) == ["guardian/en/intro", *questions, "guardian/en/closing"]
    assert f'aria-label="Listen: {newest("guardian", "en").title}"' in guardian.page
    assert f'aria-label="Listen: {AFTER}"' in guardian.page
    guardian.get(f"{link}/voice?lang=en")
    assert heard(guardian) == ["guardian/en/intro", "guardian/en/closing", *questions]


@pytest.mark.parametrize("locale", [Locale.RO, Locale.ZH])
def test_a_helper_can_play_the_text_in_the_guardians_language(app: Flask, locale: Locale) -> None:
    family, helper = make_family(app), hire(app, Role.FACILITATOR)
    with app.app_context(), transaction():
        db.session.get_one(Guardian, family.guardian_id).locale = locale
    address = ways(helper, family)["voice"]
    helper.get(f"{address}?lang=en")
    questions = asked("guardian", locale, "campaign")
    assert heard(helper) == [f"guardian/{locale}/intro", *questions, f"guardian/{locale}/closing"]
    assert helper.page.count('<span lang="en">Listen</span>') == len(questions) + 2
