"""Whatever stands in an address, a query or a form: nobody is ever answered with a fault of ours (R4)."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.cli.writing import transaction
from app.extensions import db, limiter
from app.moderation.actions import claim
from app.people.models import Staff
from app.people.permissions import Role
from app.stories.models import Story
from app.web.guard import CHILD_STORYTELLER
from app.web.telling_here import DRAFT
from tests.factories.hostile_words import CONTROLS, EVERYTHING, NAMES
from tests.house.canaries import Planted, plant
from tests.house.matrix import SAME_ORIGIN, address, answers, changing_last
from tests.web.filling_in import Form, Forms
from tests.web.team import hire

QUERY = (
    "lang",
    "after",
    "theme",
    "country",
    "language",
    "medium",
    "age",
    "card",
    "next",
    "subject",
    "before",
    "version",
    "limit",
    "verb",
    "identifier",
    "metadataPrefix",
    "from",
    "until",
    "set",
    "resumptionToken",
    "url",
    "format",
    "maxwidth",
    "campaign",
    "story",
    "accent",
    "columns",
    "count",
    "look",
    "in",
)
FAULTS = {500, *range(502, 600)}
"""501 is what oEmbed says of a format that it does not write."""
PARTS = (EVERYTHING, CONTROLS, "A" * 22 + "\n", NAMES[4])


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Both databases: PostgreSQL takes no text with a NUL in it, SQLite takes anything."""
    return str(request.param)


@pytest.fixture
def planted(app: Flask) -> dict[str, Planted]:
    """Stories in every state; no form is kept from its view by its token."""
    app.config["WTF_CSRF_ENABLED"] = False
    return plant(app)


@pytest.fixture
def parts(planted: dict[str, Planted]) -> dict[str, dict[str, str]]:
    """What stands in addresses: the story a child is changing, one under review, and one with a case."""
    parts = planted["own"].parts
    return parts | {
        "/staff/review": planted["pending"].parts["/staff/review"],
        "/staff/cases": planted["held"].parts["/staff/cases"],
    }


@pytest.fixture
def browsers(app: Flask, planted: dict[str, Planted]) -> dict[str, FlaskClient]:
    """A visitor, and two who come to everything between them: staff who tell a story and have the card of another."""
    staff = [hire(app, role) for role in (Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR)]
    with app.app_context(), transaction():
        story = db.session.get_one(Story, planted["pending"].story_id)
        claim(db.session.get_one(Staff, staff[0].id), story)
    for colleague in staff:
        with colleague.client.session_transaction() as session:
            session[DRAFT], session[CHILD_STORYTELLER] = planted["draft"].story_id, planted["own"].storyteller_id
    return {"visitor": app.test_client(), "lead": staff[0].client, "administrator": staff[1].client}


def broken(browsers: dict[str, FlaskClient], method: str, path: str, **data: str) -> list[str]:
    """Who was answered with a fault of ours, and where."""
    limiter.reset()
    found = answers(browsers, method, path, SAME_ORIGIN, data or None)
    return [f"{one.who}: {method} {path[:80]} {one.status}" for one in found if one.status in FAULTS]


def test_no_address_breaks(app: Flask, browsers: dict[str, FlaskClient], parts: dict[str, dict[str, str]]) -> None:
    asked = list(hostile_addresses(app, parts))
    assert len(asked) > 150
    assert [each for method, path in asked for each in broken(browsers, method, path)] == []


def hostile_addresses(app: Flask, parts: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Each address with hostile words in each of its variable parts, and each page with them in its query."""
    for rule, method in changing_last(app):
        if rule.arguments:
            yield from ((method, filled(rule, words)) for words in PARTS)
        if method == "GET":
            for words in (EVERYTHING, CONTROLS):
                query = "&".join(f"{name}={quote(words)}" for name in QUERY)
                yield method, f"{address(rule, parts)}?{query}"


def filled(rule: Rule, words: str) -> str:
    """The rule's address with `words` in every variable part."""
    path = rule.rule.replace("<path:", "<")
    for name in rule.arguments:
        path = path.replace(f"<{name}>", quote(words, safe=""))
    return path


@pytest.mark.parametrize("backend", ["postgresql"])
def test_no_form_breaks(app: Flask, browsers: dict[str, FlaskClient], parts: dict[str, dict[str, str]]) -> None:
    found = {form.action: (form, who) for form, who in forms_of(app, browsers, parts)}
    assert len(found) >= 21, list(found)
    for form, who in found.values():
        asked = [form.given | dict.fromkeys(form.decided, words) for words in (*NAMES[::3], CONTROLS)]
        asked += [form.given | {name: EVERYTHING} for name in form.decided]
        for data in asked:
            assert broken({who: browsers[who]}, "POST", form.action, **data) == []


def forms_of(
    app: Flask, browsers: dict[str, FlaskClient], parts: dict[str, dict[str, str]]
) -> Iterator[tuple[Form, str]]:
    """Every form with something to decide, and who got it; one without an address is posted to its page's."""
    for rule, method in changing_last(app):
        path = address(rule, parts)
        for page in answers(browsers, method, f"{path}?lang=en", SAME_ORIGIN) if method == "GET" else ():
            for form in Forms(page.said.decode(errors="replace")).found:
                if form.decided:
                    yield replace(form, action=(form.action or path).partition("?")[0]), page.who
