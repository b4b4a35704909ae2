"""Every page of every visitor is HTML as the standard has it: the Nu checker, which the W3C checks by, has no error."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party
from app.extensions import db
from app.stories.models import Story
from app.web.errors import PAGES, answer
from app.web.guard import Audience
from tests.house.matrix import SAME_ORIGIN, address, changing_last, real_parts, visitors
from tests.services.nu import Check, checker
from tests.services.processes import ServiceMissing
from tests.web.telling import Child

HTML = "text/html"
LANGUAGES = ("en", "zh")
OTHER_PAGES = (
    *("/nowhere", "/gallery?q=sea", "/gallery?q=nothing-has-this", "/gallery?country=ZZ", "/gallery?theme=feelings"),
    *("/embed/stories?theme=feelings&theme=dark", "/embed?campaign=here", "/embed/not-here?campaign=here"),
)
"""What no address alone says: a search, a filter, a frame that is not allowed, a page that is not there."""


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Each page once, as the first visitor gets it whom it is shown to, or as it refuses them; with a name for it."""
    telling = Child(app.test_client())
    telling.fill()
    browsers, parts = {**visitors(app), "telling": telling.client}, real_parts(app)
    for rule, method in changing_last(app):
        if method == "GET":
            public = app.view_functions[rule.endpoint].__access__.audience is Audience.PUBLIC  # type: ignore[attr-defined]
            for language in LANGUAGES if public else LANGUAGES[:1]:
                yield from best(browsers, f"{address(rule, parts)}?lang={language}")
    for path in OTHER_PAGES:
        yield from best(browsers, path)
    yield from refusals(app)
    story_id = parts["/stories"]["story_id"]
    with app.app_context(), transaction():
        hide(db.session.get_one(Story, story_id), Party.CHILD)
    yield from best(browsers, f"/embed/stories/{story_id}")


def refusals(app: Flask) -> Iterator[tuple[str, str]]:
    """The page of each error, in each language."""
    for language in LANGUAGES:
        for status in sorted(PAGES):
            with app.test_request_context(f"/gallery?lang={language}"):
                told = app.make_response(answer(status))
            assert told.status_code == status
            yield f"{status}-{language}", told.get_data(as_text=True)


def best(browsers: dict[str, FlaskClient], path: str) -> Iterator[tuple[str, str]]:
    """The page itself, else the last refusal; nothing where no page is."""
    found = ""
    for client in browsers.values():
        before = dict(client._cookies or {})
        with client.get(path, headers=SAME_ORIGIN, buffered=True) as response:
            if response.mimetype == HTML and not 300 <= response.status_code < 400:
                found = response.text
        client._cookies = before  # some addresses end a session: the next is asked as if not
        if response.status_code == HTTPStatus.OK:
            break
    if found:
        yield re.sub(r"[^\w=-]+", "-", path).strip("-") or "home", found


def test_every_page_is_good_html(app: Flask, nu: Check, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, page in pages(app):
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    assert len(list(folder.iterdir())) > 100, "almost no pages were looked at, so it proves nothing"
    assert nu(folder) == []


def test_the_checker_finds_what_is_wrong(nu: Check, tmp_path: Path) -> None:
    page = '<!doctype html><html lang="en"><title>t</title><p><div>{}</div></p>'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert any("“p”" in error for error in nu(tmp_path))


def test_a_missing_checker_fails_and_does_not_skip(tmp_path: Path) -> None:
    with pytest.raises(ServiceMissing, match="make test"):
        checker(tmp_path / "vnu.jar")
