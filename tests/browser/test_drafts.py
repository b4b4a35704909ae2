"""Nothing that was typed or uploaded is lost: by a reload, a lost connection, a mistake, or a server that restarts."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from app.cli.writing import transaction
from app.people.actions import forget_card, issue_card, issue_link
from app.people.rules import CardNumber
from app.stories.lifecycle import State
from tests.browser import actors
from tests.factories.media import jpeg, photograph
from tests.factories.people import make_guardian
from tests.factories.stories import make_submitted
from tests.services.chromium import Visitor, axe_violations
from tests.services.live import Live

SECRET = "Nobody knows about my kite."


def test_what_was_typed_is_still_there(live: Live, new_visitor: Callable[..., Visitor], tmp_path: Path) -> None:
    drawing = tmp_path / "drawing.jpg"
    drawing.write_bytes(jpeg(photograph(300, 200)))
    visitor = new_visitor(viewport={"width": 360, "height": 740})
    page = visitor.page()
    page.goto(f"{live.url}/tell")
    page.locator('button[name="locale"][value="en"]').click()
    words = page.get_by_label("My words")
    page.set_input_files('input[name="pictures"]', drawing)
    expect(page.get_by_text("It is safe with us")).to_be_visible()
    words.fill("I feed the hens.")
    page.reload()
    expect(words).to_have_value("I feed the hens.")
    expect(page.get_by_text("It is safe with us")).to_be_visible()

    visitor.context.set_offline(True)
    words.fill("I feed the hens, and the cat.")
    page.get_by_role("button", name="Next", exact=True).click(no_wait_after=True)
    expect(page.locator("[data-connection]")).to_be_focused()
    expect(words).to_have_value("I feed the hens, and the cat.")
    visitor.context.set_offline(False)
    expect(page.locator("[data-connection]")).to_be_hidden()
    page.goto(f"{live.url}/tell/story")
    expect(words).to_have_value("I feed the hens, and the cat.")

    live.web.kill()
    words.fill("I feed the hens, the cat and the dog.")
    live.start_web()
    actors.press(page, "Next")
    page.get_by_label("A name you make up").fill("Lantern")
    actors.press(page, "Next")
    expect(page.get_by_text("Please choose your age.").first).to_be_visible()
    loaded_anew = page.reload()
    assert loaded_anew is not None
    assert loaded_anew.request.method == "GET", "nobody is asked whether to send the form again"
    expect(page.get_by_label("A name you make up")).to_have_value("Lantern")
    actors.press(page, "Back")
    expect(words).to_have_value("I feed the hens, the cat and the dog.")
    expect(page.locator(".files > .file")).to_have_count(1)
    actors.press(page, "Next")
    expect(page.get_by_label("A name you make up")).to_have_value("Lantern")


def changing(live: Live) -> CardNumber:
    """The card of a child who was asked to change their story."""
    with live.app.app_context(), transaction():
        story = make_submitted(text="We fly our kites.")
        story.state = State.CHANGES_ASKED
        card = issue_card(story.storyteller)
        forget_card(story.storyteller)
        return card


def change_with(page: Page, live: Live, card: CardNumber) -> None:
    """Open the story of a card, on the page where it is changed."""
    page.goto(f"{live.url}/my-story?card={card.digits}{card.check}")
    page.goto(f"{live.url}/my-story/change")


def begin(page: Page, live: Live) -> None:
    """Begin to tell a story, up to its first page."""
    page.goto(f"{live.url}/tell")
    page.locator('button[name="locale"][value="en"]').click()
    expect(page.get_by_label("My words")).to_be_visible()


def kept(page: Page) -> str:
    """Everything that the browser keeps."""
    both: str = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    return both


def test_one_childs_words_are_not_put_into_the_story_of_another(live: Live, page: Page) -> None:
    mine, others = changing(live), changing(live)
    words = page.get_by_label("My words")
    change_with(page, live, mine)
    words.fill(SECRET)
    page.reload()
    expect(words).to_have_value(SECRET)
    page.goto(f"{live.url}/tell")
    page.goto(f"{live.url}/my-story/change")
    expect(words).to_have_value(SECRET)
    # As a page of a shared phone leaves it.
    page.evaluate("words => sessionStorage.setItem('eyes.draft.tell-story-a', words)", SECRET)
    change_with(page, live, others)
    expect(words).to_have_value("We fly our kites.")
    assert SECRET not in kept(page)


def test_words_of_one_story_are_not_put_into_one_that_another_tab_tells(
    live: Live, new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor()
    first, second = visitor.page(), visitor.page()
    begin(first, live)
    begin(second, live)
    first.get_by_label("My words").fill(SECRET)
    second.reload()
    expect(second.get_by_label("My words")).to_have_value("")
    assert SECRET not in kept(second)


def test_what_a_child_writes_to_us_stays_in_the_tab_until_it_is_sent(live: Live, page: Page) -> None:
    card = changing(live)
    page.goto(f"{live.url}/my-story?card={card.digits}{card.check}")
    for address, button in (("/my-story/need-help", "Send it to the team"), ("/my-story/home", "Send my message")):
        page.goto(f"{live.url}{address}?lang=en")
        words = page.locator("textarea[name=message]")
        words.fill(SECRET)
        page.goto(f"{live.url}{address}?lang=ro")
        expect(words).to_have_value(SECRET)
        assert SECRET not in str(page.evaluate("JSON.stringify(localStorage)"))
        page.goto(f"{live.url}{address}?lang=en")
        actors.press(page, button)
        expect(page.locator(".message--mine").last).to_contain_text(SECRET)
        expect(page.locator(".notices")).to_be_focused()
        expect(page.locator("textarea[name=message]")).to_have_value("")
        assert SECRET not in kept(page)


def test_what_a_guardian_has_answered_is_still_there_until_it_is_saved(live: Live, page: Page) -> None:
    with live.app.app_context(), transaction():
        story = make_submitted()
        token = issue_link(make_guardian(story.storyteller), story.id, keep_readable=False)
    page.goto(f"{live.url}/consent/{token}?lang=en")
    actors.pick(page, "gallery", "yes")
    name = page.locator("[name=name]")
    name.fill("Ana Popescu")
    page.reload()
    expect(name).to_have_value("Ana Popescu")
    expect(page.locator("[name=gallery][value=yes]")).to_be_checked()
    assert "Popescu" not in str(page.evaluate("JSON.stringify(localStorage)"))
    page.goto(f"{live.url}/consent/{token}?lang=ro")
    expect(name).to_have_value("Ana Popescu")
    actors.press(page, "Salvați răspunsurile mele")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce ați răspuns")
    assert "Popescu" not in kept(page)


def test_another_card_ends_what_is_being_told_only_when_that_was_chosen(live: Live, page: Page) -> None:
    card = changing(live)
    begin(page, live)
    page.get_by_label("My words").fill(SECRET)
    page.get_by_role("link", name="I have a story card").click()
    page.get_by_label("The 16 numbers on your card").fill(card.digits)
    actors.pick(page, "picture", str(card.check))
    actors.press(page, "Open my story")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have begun a story here.")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Go on with my story").click()
    expect(page.get_by_label("My words")).to_have_value(SECRET)
    page.goto(f"{live.url}/my-story?card={card.digits}{card.check}")
    actors.press(page, "Open the other story")
    expect(page.get_by_role("heading", level=1)).to_have_text("My story")
    assert SECRET not in kept(page)


def test_going_back_to_a_mistake_asks_for_nothing_to_be_sent_again(live: Live, page: Page) -> None:
    page.goto(f"{live.url}/my-story")
    page.get_by_label("The 16 numbers on your card").fill("1234")
    actors.press(page, "Open my story")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_text("I have lost my card").click()
    page.get_by_role("link", name="Get a new card with a helper").click()
    back = page.go_back()
    assert back is not None
    assert back.request.method == "GET"
    expect(page.get_by_label("The 16 numbers on your card")).to_be_visible()


def test_what_was_taken_out_stays_out_though_the_answer_to_it_was_lost(live: Live, page: Page, tmp_path: Path) -> None:
    drawing = tmp_path / "drawing.jpg"
    drawing.write_bytes(jpeg(photograph(300, 200)))
    page.goto(f"{live.url}/tell")
    page.locator('button[name="locale"][value="en"]').click()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/tell/files/*?kind=image", lose_the_answer, times=1)
    page.get_by_label("My words").fill("I feed the hens.")
    page.set_input_files('input[name="pictures"]', drawing)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    with page.expect_response("**/tell/files/*/remove"):
        page.get_by_role("button", name="Take it out").click()
    expect(page.locator(".files > .file")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("My words")).to_have_value("I feed the hens.")
    expect(page.locator(".files > .file")).to_have_count(0)
