"""A parent far away reads, answers and gets a receipt in the language they read, whatever the child's is."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from sqlalchemy import select

from app.consent.models import Answer
from app.extensions import db, limiter
from app.mail.models import OutboxLetter
from app.people.keys import unseal
from app.people.rules import Locale
from app.web.here import page_path
from tests.factories.texts import newest
from tests.web.telling import Child, Visitor

SUBJECTS = ("A child asks you to read a story", "Your answers about a child's story")


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    limiter.reset()


def letters(app: Flask) -> dict[str, str]:
    """The letters that wait to be sent: what they say, by their subject."""
    with app.app_context():
        rows = db.session.scalars(select(OutboxLetter))
        found = (json.loads(unseal(row.owner_id, f"letter:{row.id}", row.sealed)) for row in rows)
        return {letter["subject"]: letter["body"] for letter in found}


def said(locale: str, words: str) -> str:
    """A sentence of the product in one language."""
    with force_locale(locale):
        return str(gettext(words))


@pytest.mark.parametrize("locale", [locale.value for locale in Locale])
def test_a_parent_far_away_is_asked_in_their_language(app: Flask, client: FlaskClient, locale: str) -> None:
    child, parent = Child(client), Visitor(app.test_client())
    child.fill(gallery="yes")
    child.get("/tell/guardian")
    child.post("/tell/guardian", {"how": "letter", "email": "m@example.org", "guardian_locale": locale, "go": "next"})
    child.send()
    with app.app_context():
        text, yes = newest("guardian", locale), said(locale, "Yes")
        subject, thanked = (said(locale, words) for words in SUBJECTS)
        once_more = said(locale, "To be said once more.")
        line = said(locale, "%(question)s %(answer)s") % {"question": text.questions["gallery"], "answer": yes}
    link = "/consent/" + letters(app)[subject].split("/consent/")[1].split()[0]
    parent.follow(parent.get(link))
    assert [words for words in (text.title, *text.intro, *text.closing) if words not in parent.words] == []
    shown = {name: parent.hidden(name) for name in ("text", "version")}
    who = {"name": "Maria Popescu", "relation": "mother", "alone": "alone"}
    parent.follow(parent.post(link, {**who, "gallery": "yes", **shown}))
    asked = f"{text.questions['gallery']} {text.explanations['gallery']}"
    assert f"{asked} {once_more} {yes}" in parent.words
    assert line in letters(app)[thanked]
    with app.app_context():
        given = db.session.scalars(select(Answer).where(Answer.party == "guardian")).one()
        assert (given.text_locale, given.text_sha256) == (locale, text.sha256)


PAGES = {
    "/staff/review/AAAAAAAAAAAAAAAAAAAAAA/decide": "/staff/review/AAAAAAAAAAAAAAAAAAAAAA",
    "/tell/files/AAAAAAAAAAAAAAAAAAAAAA/remove": "/tell",
    "/tell/look": "/tell/look",
    "/consent/token/undo-erase": "/consent/token",
    "/no/such/address": "/",
}


@pytest.mark.parametrize("address", PAGES)
def test_what_answers_a_form_stands_at_the_nearest_page(app: Flask, address: str) -> None:
    with app.test_request_context(address, method="POST"):
        assert page_path() == PAGES[address]
    with app.test_request_context(address):
        assert page_path() == address
