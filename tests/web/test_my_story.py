"""A child comes back with a card: what became of the story, and every way to change one's mind."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.consent.queries import said_now
from app.extensions import db, limiter
from app.people.actions import declare_guardian
from app.people.profiles import profiles
from app.people.queries import guardians_of
from app.people.rules import CardNumber, Relation
from app.stories.actions import say
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import content, messages, version_of
from app.stories.rules import Author
from tests.factories.stories import guardian_says
from tests.web.telling import Child, Visitor


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def child(returned: Child) -> Child:
    return returned


@pytest.fixture
def new_child(client: FlaskClient) -> Child:
    return Child(client)


def only_story() -> Story:
    return db.session.scalars(select(Story)).one()


def said(story: Story) -> dict[str, str]:
    """What the child says now, by scope."""
    return {scope: given.value for scope, given in said_now(story.id)[0].items()}


def moved(app: Flask, state: State, message: str = "") -> None:
    """The story in another state, as if the team had brought it there."""
    with app.app_context(), transaction():
        story = only_story()
        story.state = state
        if message:
            say(story, Author.MODERATOR, message)


def wrong(card: CardNumber) -> CardNumber:
    """A card that fits together and that nobody has."""
    return CardNumber(card.digits[:-1] + str((int(card.digits[-1]) + 1) % 10))


def test_the_card_opens_the_story(new_child: Child) -> None:
    card = new_child.tell()
    new_child.confirm(card)
    assert new_child.open(card).location == "/my-story/home"
    new_child.get("/my-story/home")
    assert "It is waiting. Somebody from our team will read it soon." in new_child.words
    assert "Our team has not finished reading it." in new_child.words


def test_the_code_on_the_card_opens_it_too(app: Flask, sent: tuple[Child, CardNumber]) -> None:
    _child, card = sent
    phone = Visitor(app.test_client())
    assert phone.get(f"/my-story?card={card.digits}{card.check}").location == "/my-story/home"


def test_every_wrong_card_hears_the_same(app: Flask, sent: tuple[Child, CardNumber]) -> None:
    _child, card = sent
    visitor = Visitor(app.test_client())
    stranger = wrong(card)
    wrongs = [
        {"card": card.digits, "picture": str((card.check + 1) % 10)},
        {"card": stranger.digits, "picture": str(stranger.check)},
        {"card": card.digits + "0", "picture": str(card.check)},
        {"card": f"{'1' * 15}' OR '1'='1", "picture": "0"},
        {"card": "٣" * 16, "picture": "9"},
    ]
    heard = set()
    for typed in wrongs:
        visitor.get("/my-story")
        assert visitor.post("/my-story", typed).status_code == 422
        heard.add(re.findall(r'class="field__error"[^>]*>(?:<svg.*?</svg>)?(.*?)</p>', visitor.page, re.DOTALL)[0])
    assert len(heard) == 1
    assert visitor.client.get("/my-story/home").location == "/my-story"


def test_a_draft_has_no_card_to_open(app: Flask, new_child: Child) -> None:
    new_child.fill()
    assert new_child.client.get("/my-story/home").location == "/my-story"


def test_wrong_cards_are_slowed_right_ones_are_not(app: Flask, sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    child.confirm(card)
    for _ in range(30):
        child.get("/my-story")
        assert child.open(card).status_code == 302
        child.get("/my-story/home")
        child.post("/my-story/leave")
    visitor = Visitor(app.test_client())
    visitor.get("/my-story")
    statuses = [visitor.post("/my-story", {"card": "1" * 16, "picture": "1"}).status_code for _ in range(25)]
    assert statuses == [422] * 20 + [429] * 5
    assert visitor.client.get(f"/my-story?card={card.digits}{card.check}").status_code == 429


def test_wrong_cards_are_slowed_wherever_they_come_from_and_no_child_is_kept_out(
    app: Flask, sent: tuple[Child, CardNumber]
) -> None:
    child, card = sent
    child.confirm(card)

    def opens(code: str, address: str) -> int:
        return app.test_client().get(f"/my-story?card={code}", environ_base={"REMOTE_ADDR": address}).status_code

    assert [opens("1" * 17, f"10.0.{number}.1") for number in range(12)] == [422] * 12
    guesses = [opens("1" * 17, f"10.0.{number % 12}.1") for number in range(210)]
    assert guesses == [422] * 200 + [429] * 10
    right = f"{card.digits}{card.check}"
    assert opens(right, "10.0.3.1") == 429
    assert opens(right, "10.1.0.1") == 302


def test_a_network_counts_as_one_visitor(app: Flask) -> None:
    def guess(address: str) -> int:
        return app.test_client().get(f"/my-story?card={'1' * 17}", environ_base={"REMOTE_ADDR": address}).status_code

    assert [guess(f"2001:db8:0:1::{number:x}") for number in range(22)] == [422] * 20 + [429] * 2
    assert guess("2001:db8:0:2::1") == 422
    assert [guess("::ffff:10.2.0.1") for _ in range(20)] == [422] * 20
    assert [guess("10.2.0.1"), guess("::ffff:10.2.0.2")] == [429, 422]


def test_a_link_of_another_site_opens_no_story_and_closes_none(app: Flask, sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    child.confirm(card)
    teller = Child(app.test_client())
    teller.begin()
    link, away = f"/my-story?card={card.digits}{card.check}", "/my-story/away"
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    page = teller.client.get(link, headers=from_elsewhere).text
    assert f'value="{card.digits}"' in page
    assert re.search(rf'value="{card.check}"[^>]* checked', page)
    assert "Clear-Site-Data" not in teller.client.get(away, headers=from_elsewhere).headers
    assert teller.client.get("/tell/story").status_code == 200
    assert teller.get(link, headers={"Sec-Fetch-Site": "none"}).status_code == 200
    assert "You have begun a story here." in teller.words
    assert teller.client.get("/tell/story").status_code == 200


def test_pages_behind_the_card_are_closed_without_it(client: FlaskClient) -> None:
    for page in ("home", "look", "answers", "change", "erase", "files/x"):
        assert client.get(f"/my-story/{page}").location == "/my-story"


def test_leaving_forgets_the_card(child: Child) -> None:
    left = child.post("/my-story/leave")
    assert left.headers["Clear-Site-Data"] == '"storage"'
    assert child.client.get("/my-story/home").location == "/my-story"


def test_leaving_quickly_forgets_the_card_too(child: Child) -> None:
    gone = child.client.get("/my-story/away")
    assert gone.location.startswith("https://")
    assert child.client.get("/my-story/home").location == "/my-story"


def approve(app: Flask) -> None:
    """The team and the guardian say yes, and the time to think again is over."""
    with app.app_context(), transaction():
        story = only_story()
        story.state, story.approved_at = State.APPROVED, clock.now() - timedelta(days=30)
        guardian = guardians_of(story.storyteller_id)[0]
        declare_guardian(guardian, "Maria", Relation.MOTHER)
        guardian_says(story, guardian, {"gallery": "yes"})


def test_a_reason_for_every_place_is_said_once(child: Child) -> None:
    child.get("/my-story/home")
    assert child.words.count("Our team has not finished reading it.") == 1


def test_each_place_says_who_can_see_it_and_why_not(app: Flask, new_child: Child) -> None:
    new_child.come_back(gallery="yes", print="no", press="unsure")
    new_child.get("/my-story/home")
    for sentence in (
        "Your parent or carer has not answered yet.",
        "You said no.",
        "You were not sure, so we do not show it.",
        "You have not answered about this place.",
    ):
        assert sentence in new_child.words


def test_hide_and_show_again(app: Flask, new_child: Child) -> None:
    new_child.come_back(gallery="yes", embed="yes", print="no")
    new_child.get("/my-story/home")
    assert "Show it again" not in new_child.words
    new_child.follow(new_child.post("/my-story/hide"))
    assert "Your story is hidden." in new_child.words
    assert "Hide my story" not in new_child.words
    with app.app_context():
        assert said(only_story()) == {"gallery": "no", "embed": "no", "print": "no"}
    new_child.follow(new_child.post("/my-story/show"))
    with app.app_context():
        assert said(only_story()) == {
            "gallery": "yes",
            "embed": "yes",
            "print": "no",
        }


def test_hiding_twice_is_hiding_once(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    assert child.post("/my-story/hide").status_code == 302
    assert child.post("/my-story/hide").status_code == 302
    child.follow(child.post("/my-story/show"))
    with app.app_context():
        assert said_now(only_story().id)[0]["gallery"].value == "yes"


def test_answers_can_be_changed(app: Flask, child: Child) -> None:
    child.get("/my-story/answers")
    assert re.search(r'name="gallery" value="yes" checked', child.page)
    data = {"text": child.hidden("text"), "gallery": "no", "print": "yes"}
    assert child.post("/my-story/answers", data).location == "/my-story/home"
    with app.app_context():
        assert said(only_story()) == {"gallery": "no", "print": "yes"}


def test_messages_go_both_ways(app: Flask, child: Child) -> None:
    moved(app, State.IN_REVIEW, "We like your hens.")
    child.get("/my-story/home")
    assert "We like your hens." in child.words
    child.follow(child.post("/my-story/message", {"message": "Thank <b>you</b>"}))
    assert "Thank <b>you</b>" in child.words
    with app.app_context():
        assert [one.body for one in messages(only_story())] == ["We like your hens.", "Thank <b>you</b>"]


def test_a_message_that_cannot_be_sent_comes_back(child: Child) -> None:
    child.get("/my-story/home")
    for message in ("", "   ", "x" * 4001):
        assert child.post("/my-story/message", {"message": message}).status_code == 422
        assert "Please write something, at most 4,000 letters." in child.words
        assert message.strip() in child.page


def test_changes_that_were_asked(app: Flask, child: Child) -> None:
    moved(app, State.CHANGES_ASKED, "Please leave out the name of your school.")
    child.get("/my-story/home")
    child.get("/my-story/change")
    assert "Please leave out the name of your school." in child.words
    data = {"title": "", "text": "Shorter.", "go": "keep"}
    assert child.post("/my-story/change", data).location == "/my-story/change"
    with app.app_context():
        assert content(version_of(only_story())).text == "My mother calls on Sundays.\nI feed the hens."
    child.get("/my-story/change")
    assert child.post("/my-story/change", {**data, "go": "send"}).location == "/my-story/home"
    with app.app_context():
        story = only_story()
        assert (story.state, story.current) == (State.SUBMITTED, 2)
        assert content(version_of(story)).text == "Shorter."
    child.get("/my-story/home")
    assert "A link for your parent or carer" in child.words
    assert child.post("/my-story/change", {**data, "go": "send"}).location == "/my-story/home"


def test_an_emptied_story_is_not_sent_again(app: Flask, child: Child) -> None:
    moved(app, State.CHANGES_ASKED)
    child.get("/my-story/change")
    child.post("/my-story/change", {"title": "", "text": "", "go": "send"})
    assert "Your story is still empty." in child.words
    with app.app_context():
        assert only_story().state is State.CHANGES_ASKED


def test_a_story_nobody_asked_to_change_stays_as_it_is(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    assert child.get("/my-story/change").location == "/my-story/home"
    assert child.post("/my-story/change", {"title": "", "text": "x", "go": "send"}).location == "/my-story/home"
    with app.app_context():
        assert only_story().current == 1


def test_a_decline_can_be_objected_to(app: Flask, child: Child) -> None:
    moved(app, State.DECLINED, "We cannot show this.")
    child.get("/my-story/home")
    assert "Why do you not agree?" in child.words
    child.follow(child.post("/my-story/message", {"message": "It is true.", "object": "1"}))
    with app.app_context():
        assert only_story().state is State.SUBMITTED


def test_a_final_version_of_somebody_else_must_be_accepted(app: Flask, child: Child) -> None:
    with app.app_context(), transaction():
        version_of(only_story()).differs = True
    child.get("/my-story/look")
    assert "Yes, this is fine" in child.words
    child.follow(child.post("/my-story/accept", {"version": "1"}))
    with app.app_context():
        assert version_of(only_story()).accepted_at is not None


def test_erase_with_days_to_think(app: Flask, child: Child) -> None:
    approve(app)
    child.get("/my-story/erase")
    child.follow(child.post("/my-story/erase", {"when": "later"}))
    assert "Your story is going away." in child.words
    assert "You asked us to erase it." in child.words
    child.follow(child.post("/my-story/undo-erase"))
    assert "Your story stays." in child.words
    with app.app_context():
        assert only_story().erase_after is None


def test_erase_now(app: Flask, begun: tuple[Child, CardNumber], returned: Child) -> None:
    child, card = begun
    child.get("/my-story/erase")
    child.follow(child.post("/my-story/erase", {"when": "now"}))
    assert "Your story is erased" in child.words
    with app.app_context():
        assert only_story().state is State.ERASED
    assert child.open(card).status_code == 422
    assert child.client.get("/my-story/home").location == "/my-story"


def test_erasing_takes_a_word_that_exists(app: Flask, child: Child) -> None:
    child.get("/my-story/erase")
    assert child.post("/my-story/erase", {"when": "perhaps"}).status_code == 400
    assert child.post("/my-story/erase").status_code == 400
    with app.app_context():
        assert only_story().erase_after is None


def test_there_is_nothing_to_undo_twice(child: Child) -> None:
    child.get("/my-story/home")
    assert child.post("/my-story/undo-erase").status_code == 409


ACTS = [
    "hide", "show", "accept", "refuse", "undo-erase", "message", "answers", "erase", "leave", "correct", "need-help",
    "take-along", "lost", "lost/wait",
]  # fmt: skip


def test_a_field_nobody_asked_for_is_refused(child: Child) -> None:
    for act in ACTS:
        child.get("/my-story/home")
        assert child.post(f"/my-story/{act}", {"birth_date": "2015-06-01"}).status_code == 400, act
    assert child.post("/tell/shared", {"birth_date": "2015-06-01"}).status_code == 400


def test_one_childs_card_opens_no_file_of_another(app: Flask, child: Child) -> None:
    assert child.client.get("/my-story/files/somebody-elses.webp").status_code == 404


def test_help_is_for_everybody_and_leaves_nothing(client: FlaskClient) -> None:
    page = client.get("/help")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    for profile in profiles().values():
        for line in profile.help.lines:
            assert f'href="tel:{line.number.replace(" ", "")}"' in page.text
    assert 'href="tel:116000"' in page.text


@pytest.mark.parametrize(
    ("address", "first"), [("/help?country=LV", "LV"), ("/help?lang=zh", "CN"), ("/help?country=<b>", "GB")]
)
def test_help_shows_the_right_country_first(client: FlaskClient, address: str, first: str) -> None:
    page = client.get(address)
    assert re.findall(r'aria-labelledby="country-(..)"', page.text)[0] == first


def test_help_is_one_tap_from_every_page(child: Child) -> None:
    for page in ("home", "look", "answers", "erase"):
        child.get(f"/my-story/{page}")
        assert 'href="/help"' in child.page
        assert "data-quick-exit" in child.page
