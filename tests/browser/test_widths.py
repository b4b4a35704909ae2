"""The public pages at four widths, with and without script, and from right to left: nothing sticks out."""

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from tests.house.canaries import Planted, plant
from tests.services.chromium import AXE, Visitor, axe_violations
from tests.services.live import Live

WIDTHS, HEIGHT = (360, 768, 1280, 1920), 900
PAGES = ("/", "/gallery", "/gallery/map", "/campaigns/here", "/embed/campaigns/here", "/about", "/help")
CELL = 8
"""Pixels on a side: finer than this, two pictures are not told apart."""
DIFFERENT, MOST = 32, 0.01
"""From how many of 255 levels on a cell differs, and which part of them may: script brings a few buttons."""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NOTE = """words => {
    const piece = document.querySelector(".wall__piece"), note = document.createElement("span");
    note.className = "tile__note";
    note.textContent = words;
    piece.querySelector(".tile__piece").replaceChildren(note);
    const [inner, outer] = [note, piece].map(each => each.getBoundingClientRect());
    return [inner.right > outer.right, inner.height > inner.width];
}"""
LONG_WORDS = {
    "/my-story": [
        '<ol class="messages"><li class="message message--mine"><p class="message__body">{word}</p></li></ol>',
        '<blockquote class="message message--theirs"><p class="message__body">{word}</p></blockquote>',
    ],
    "/staff/login": [
        '<ol class="messages"><li class="message"><div class="message__body">{word}</div></li></ol>',
        '<p class="crumbs"><a href="#"><svg class="icon"></svg><bdi>{word}</bdi></a></p>',
        '<div class="notice"><svg class="icon"></svg><div><p><bdi class="reference">{word}</bdi></p></div></div>',
    ],
}
"""What holds words that anybody typed, on a page with the same style sheet."""
WRITE = "words => document.querySelector('main').innerHTML = words"
TURN = "document.documentElement.dir = 'rtl'"
ENLARGE = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.fixture(scope="module")
def addresses(live: Live) -> list[str]:
    """The kinds of public pages, with a story and a campaign."""
    shown: Planted = plant(live.app)["shown"]
    return [*PAGES, f"/stories/{shown.story_id}"]


def seen(page: Page) -> Iterator[tuple[int, Image.Image]]:
    """The page at each width, in cells."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        taken = Image.open(io.BytesIO(page.screenshot(type="jpeg", quality=60, animations="disabled"))).convert("L")
        yield width, taken.resize((width // CELL, HEIGHT // CELL), Image.Resampling.BOX)


def differing(one: Image.Image, other: Image.Image) -> float:
    """Which part of the cells differ."""
    levels = ImageChops.difference(one, other).histogram()
    return sum(levels[DIFFERENT:]) / sum(levels)


def test_at_each_width_a_page_looks_the_same_without_script(
    live: Live, addresses: list[str], new_visitor: Callable[..., Visitor]
) -> None:
    here = new_visitor(reduced_motion="reduce")
    without = new_visitor(reduced_motion="reduce", java_script_enabled=False)
    page, bare, found = here.page(), without.page(), {}
    for address in addresses:
        for each in (page, bare):
            answered = each.goto(f"{live.url}{address}")
            assert answered is not None
            assert answered.ok, address
        for (width, drawn), (_width, plain) in zip(seen(page), seen(bare), strict=True):
            found[address, width] = (differing(drawn, plain), page.evaluate(OVERFLOW))
            assert ImageChops.invert(plain).getbbox() is not None, "an empty page looks like any other"
    assert {view: each for view, each in found.items() if each[0] > MOST or each[1] > 0} == {}
    assert len(found) == len(addresses) * len(WIDTHS)


def test_from_right_to_left_axe_finds_nothing_and_nothing_sticks_out(
    live: Live, addresses: list[str], new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor(reduced_motion="reduce")
    visitor.context.add_init_script(path=AXE)
    page, wrong = visitor.page(), {}
    for address in addresses:
        page.goto(f"{live.url}{address}")
        page.evaluate(TURN)
        wrong[address] = axe_violations(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wrong[f"{address} {width}"] = [f"{out} px"] if (out := page.evaluate(OVERFLOW)) > 0 else []
    assert {view: said for view, said in wrong.items() if said} == {}


def test_letters_of_twice_the_size_fit_a_telephone(
    live: Live, addresses: list[str], new_visitor: Callable[..., Visitor]
) -> None:
    telling, wrong = new_visitor(viewport={"width": 360, "height": HEIGHT}).page(), {}
    telling.goto(f"{live.url}/tell")
    telling.locator('button[name="locale"][value="ro"]').click()
    for step in ("story", "about", "helper", "answers", "guardian", "look"):
        telling.goto(f"{live.url}/tell/{step}")
        telling.evaluate(ENLARGE)
        wrong[step, "ro"] = telling.evaluate(OVERFLOW)
    page = new_visitor(viewport={"width": 360, "height": HEIGHT}).page()
    for address in [*addresses, "/embed?what=selection", "/api/v1/", "/campaigns/here/brief", "/tell", "/my-story"]:
        for language in ("en", "ro"):
            page.goto(f"{live.url}{address}{'&' if '?' in address else '?'}lang={language}")
            page.evaluate(ENLARGE)
            wrong[address, language] = page.evaluate(OVERFLOW)
    assert {view: out for view, out in wrong.items() if out > 0} == {}


def test_a_word_without_an_end_makes_no_page_wider(live: Live, new_visitor: Callable[..., Visitor]) -> None:
    page, wrong = new_visitor(viewport={"width": 360, "height": HEIGHT}).page(), {}
    for address, pieces in LONG_WORDS.items():
        page.goto(f"{live.url}{address}")
        for piece in pieces:
            page.evaluate(WRITE, piece.format(word="x" * 600))
            wrong[address, piece] = page.evaluate(OVERFLOW)
    assert {piece: out for piece, out in wrong.items() if out > 0} == {}


def test_a_long_content_note_stays_inside_its_tile(
    live: Live, addresses: list[str], new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(viewport={"width": 360, "height": HEIGHT}).page()
    page.goto(f"{live.url}{addresses[1]}")
    assert page.evaluate(NOTE, "The story speaks of an illness and of a hospital. " * 5) == [False, True]


def test_the_filters_are_folded_where_they_would_fill_the_screen(
    live: Live, new_visitor: Callable[..., Visitor]
) -> None:
    page = new_visitor(viewport={"width": 360, "height": HEIGHT}, java_script_enabled=False).page()
    page.goto(f"{live.url}/gallery?medium=drawing")
    fields, folded = page.locator(".filters select"), page.get_by_text("Filters: 1 chosen")
    expect(fields.first).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    expect(folded).to_be_hidden()
    page.get_by_label("Search the stories").press("Tab")
    expect(fields.first).to_be_focused()
    page.set_viewport_size({"width": 360, "height": HEIGHT})
    folded.click()
    fields.first.select_option("family")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("Filters: 2 chosen")).to_be_visible()


def test_two_pages_that_differ_are_told_apart(page: Page) -> None:
    page.set_content("<p>One</p>")
    first = dict(seen(page))
    page.set_content("<div style='height: 300px; background: navy'></div>")
    assert all(differing(first[width], now) > MOST for width, now in seen(page))
