"""On paper: a family's forms, the words on one page and all the answers on the next; and the card, to be cut off."""

import re
from collections.abc import Callable

import pytest

from app import clock
from app.people.permissions import Role
from app.people.rules import Locale
from tests.browser import actors
from tests.browser.cookies import go_on_as
from tests.browser.families import told
from tests.factories.people import make_organisation, make_staff
from tests.services.chromium import Visitor
from tests.services.live import Moving
from tests.web.telling import Child

pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("journeys")]

A_PAGE = re.compile(rb"/Type\s*/Page\b")
SIZE = re.compile(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]")
A4 = (595, 842)
"""Points."""
LIST, PAGES = 1, 2
"""The sheet that says what was handed out, and the pages of a form; its last one is photographed."""


def test_a_form_is_two_pages_of_a4_and_all_its_answers_are_on_one(
    moving: Moving, new_visitor: Callable[..., Visitor]
) -> None:
    family = told(moving)
    for locale in Locale:
        family.name_guardian(locale=locale)
    with moving.hands():
        make_staff(Role.FACILITATOR, email="printer@example.org", organisation=make_organisation())
    page = new_visitor().page()
    with clock.fixed(moving.now):
        actors.log_in(page, moving.url, "printer@example.org")
    page.goto(f"{moving.url}/staff/consent/stack?references={family.reference}")
    assert page.locator("article.sheet").count() == len(Locale)
    paper = page.pdf(prefer_css_page_size=True)
    sizes = {(round(float(width)), round(float(height))) for width, height in SIZE.findall(paper)}
    assert sizes == {A4}
    assert len(A_PAGE.findall(paper)) == LIST + PAGES * len(Locale)
    page.emulate_media(media="print")
    for form in page.locator("article.sheet").all():
        assert form.locator(".sheet__page").count() == PAGES
        assert (
            form.locator(".sheet__boxes").count() == form.locator(".sheet__page").last.locator(".sheet__boxes").count()
        )
    assert page.locator(".masthead, .page-head, .no-print").filter(visible=True).count() == 0


def test_a_card_is_one_page_and_is_cut_off_from_what_a_helper_may_see(
    moving: Moving, new_visitor: Callable[..., Visitor]
) -> None:
    with clock.fixed(moving.now):
        child = Child(moving.app.test_client())
        child.tell()
    visitor = new_visitor()
    go_on_as(visitor.context, moving, child.client)
    page = visitor.page()
    page.goto(f"{moving.url}/tell/card")
    card, cut, reference = (page.locator(part) for part in (".story-card", ".cut-here", ".beside-card"))
    assert not cut.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".main > *").filter(visible=True).count() == 3
    tops = [part.evaluate("part => part.getBoundingClientRect().top") for part in (card, cut, reference)]
    assert tops == sorted(tops)
    assert len(A_PAGE.findall(page.pdf())) == 1
