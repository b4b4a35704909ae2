"""Pages at four widths, with and without script, from right to left, with large letters on a narrow telephone and in
forced colours: nothing sticks out, and nothing covers or hides what is needed."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from tests.browser.cookies import go_on_as
from tests.house.canaries import Planted, plant
from tests.services.chromium import AXE, Visitor, axe_violations
from tests.services.live import Live
from tests.web.answering import answer
from tests.web.telling import Child, Visitor as Guardian

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
NARROW, LOW = {"width": 320, "height": 640}, {"width": 320, "height": 568}
STICKS_OUT = """() => [...document.querySelectorAll(".masthead *, main, main *, .footer__row *")].filter(each => {
    const { left, right, width } = each.getBoundingClientRect();
    return width > 1 && (left < -1 || right > document.documentElement.clientWidth + 1);
}).map(each => each.outerHTML.slice(0, 80)).slice(0, 3)"""
BOX = "(each, side) => each.getBoundingClientRect()[side]"
READ_FROM, CENTRE = "each => each.scrollIntoView()", "each => each.scrollIntoView({block: 'center'})"
MOST_COVERED = 0.3
"""Which part of the window may be covered by what stays there while the page is read."""


@dataclass(frozen=True)
class Family:
    """A child before a card that is shown once, another one with their story open, and their guardian's link."""

    telling: FlaskClient
    sent: FlaskClient
    child: FlaskClient
    link: str


@pytest.fixture(scope="module")
def live(shared_live: Live) -> Live:
    """One for all tests here."""
    return shared_live


@pytest.fixture(scope="module")
def addresses(live: Live) -> list[str]:
    """The kinds of public pages, with a story and a campaign."""
    shown: Planted = plant(live.app)["shown"]
    return [*PAGES, f"/stories/{shown.story_id}"]


@pytest.fixture(scope="module")
def family(live: Live) -> Family:
    """Their guardian has said yes to the gallery."""
    telling, sent, child = (Child(live.app.test_client()) for _ in range(3))
    telling.begin()
    sent.tell()
    card, link = child.tell(gallery="yes"), child.link()
    child.confirm(card)
    child.follow(child.open(card))
    guardian = Guardian(live.app.test_client())
    guardian.follow(guardian.get(link))
    assert answer(guardian, link, gallery="yes", print="no") == 302
    return Family(telling.client, sent.client, child.client, link)


@pytest.fixture
def open_as(live: Live, new_visitor: Callable[..., Visitor]) -> Callable[..., Page]:
    """A page on a narrow telephone, for whoever has this session."""

    def open_page(client: FlaskClient | None, address: str = "", **how: object) -> Page:
        visitor = new_visitor(**{"viewport": NARROW} | how)
        if client is not None:
            go_on_as(visitor.context, live, client)
        page = visitor.page()
        if address:
            page.goto(f"{live.url}{address}")
        return page

    return open_page


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


def test_letters_of_twice_the_size_fit_a_narrow_telephone(
    live: Live, family: Family, open_as: Callable[..., Page]
) -> None:
    link, wrong = family.link, {}
    for client, pages in (
        (family.sent, ["/tell/card?lang=ro"]),
        (family.child, ["/my-story/home?lang=en"]),
        (None, [f"{link}?lang=ro", *(f"{link}/{page}?lang=en" for page in ("receipt", "carer")), "/help", "/about"]),
    ):
        page = open_as(client)
        for address in pages:
            page.goto(f"{live.url}{address}")
            page.evaluate(ENLARGE)
            wrong[address] = page.evaluate(STICKS_OUT)
    assert {view: out for view, out in wrong.items() if out} == {}


def test_without_a_connection_a_child_presses_next_and_leaves(family: Family, open_as: Callable[..., Page]) -> None:
    page = open_as(family.telling, "/tell/story?lang=en")
    page.context.set_offline(True)
    head, bar, leave = (
        page.locator(".masthead--child"),
        page.locator("[data-connection]"),
        page.locator(".button--leave"),
    )
    expect(bar).to_be_visible()
    page.mouse.wheel(0, 900)
    page.wait_for_function("scrollY > 300")
    assert bar.evaluate(BOX, "top") >= head.evaluate(BOX, "bottom") - 1
    page.evaluate(ENLARGE)
    assert page.evaluate(STICKS_OUT) == []
    onward = page.locator('.button--main[value="next"]')
    onward.evaluate(CENTRE)
    onward.click(trial=True, timeout=2_000)
    expect(leave).to_be_in_viewport(ratio=0.95)
    leave.click(trial=True, timeout=2_000)
    assert head.evaluate(BOX, "bottom") < NARROW["height"] * MOST_COVERED


@pytest.mark.parametrize("scripted", [True, False])
def test_what_is_wrong_is_seen_with_its_question(scripted: bool, family: Family, open_as: Callable[..., Page]) -> None:
    page = open_as(family.telling, "/tell/about?lang=en", viewport=LOW, java_script_enabled=scripted)
    page.locator('.button--main[value="next"]').click()
    page.get_by_role("link", name="Please choose the country").click()
    shown = page.locator(".field--wrong", has=page.locator("#country"))
    head, label, select = page.locator(".masthead--child"), shown.locator("label"), shown.locator("select")
    expect(select).to_be_in_viewport(ratio=1)
    assert boxed(label)["y"] >= boxed(head)["y"] + boxed(head)["height"]


def boxed(part: Locator) -> dict[str, float]:
    """Where in the window it lies."""
    box = part.bounding_box()
    assert box is not None
    return dict(box)


def test_in_forced_colours_an_answer_that_is_chosen_is_seen(family: Family, open_as: Callable[..., Page]) -> None:
    page = open_as(None, f"{family.link}?lang=en", forced_colors="active")
    row = page.locator('.answer__row:has([name="gallery"])')
    before = drawn(page, row)
    yes = row.locator('[value="yes"]')
    expect(yes).to_be_checked()
    yes.evaluate("each => each.checked = false")
    without = drawn(page, row)
    assert differing(before, without) > 0.1
    page.keyboard.press("Tab")
    yes.evaluate("each => { each.checked = true; each.focus() }")
    assert differing(before, drawn(page, row)) > 0.005


def drawn(page: Page, part: Locator) -> Image.Image:
    """How it looks, with what lies close around it."""
    part.evaluate(CENTRE)
    box = boxed(part)
    clip = {"x": 0, "y": box["y"] - 9, "width": NARROW["width"], "height": box["height"] + 18}
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L")


def test_the_recorder_leaves_room_to_read_aloud(family: Family, open_as: Callable[..., Page]) -> None:
    page = open_as(None, f"{family.link}/voice?lang=en")
    recorder, words = page.locator(".recorder"), page.locator("[data-words-record]")
    for size in ("100%", "130%", "150%", "200%"):
        page.evaluate("size => document.documentElement.style.fontSize = size", size)
        assert page.evaluate(STICKS_OUT) == [], size
        page.locator(".spoken").evaluate(READ_FROM)
        covered = NARROW["height"] - recorder.evaluate(BOX, "top")
        assert covered < NARROW["height"] * MOST_COVERED, size
        assert words.evaluate(BOX, "width") > words.evaluate(BOX, "height"), "its words stand letter below letter"
