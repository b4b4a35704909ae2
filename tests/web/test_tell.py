"""A child tells a story: the whole way, the ways back, and everything that can go wrong on it."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select

from app.consent.models import Answer
from app.consent.texts import current
from app.extensions import db, limiter
from app.mail.models import OutboxLetter
from app.people.keys import unseal
from app.people.models import Storyteller
from app.people.rules import CardNumber
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import content, version_of
from tests.factories.texts import newest
from tests.web.telling import ABOUT, WORDS, Child, Visitor, picture


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def child(client: FlaskClient) -> Child:
    return Child(client)


def only_story() -> Story:
    return db.session.scalars(select(Story)).one()


def how_many(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_whole_way(app: Flask, child: Child) -> None:
    card = child.tell(gallery="yes", embed="no", print="unsure")
    with app.app_context():
        story = only_story()
        told = content(version_of(story))
        assert (story.state, told.title, told.text, told.helper) == (
            State.SUBMITTED,
            "The yard",
            "My mother calls on Sundays.\nI feed the hens.",
            "nobody",
        )
        teller = story.storyteller
        assert (teller.age_band, teller.country) == ("10-12", "RO")
        assert unseal(teller.id, "invented_name", teller.invented_name_sealed) == "Fox"
        said = {row.scope: row.value for row in db.session.scalars(select(Answer))}
        assert said == {"gallery": "yes", "embed": "no", "print": "unsure"}
        hashes = {row.text_sha256 for row in db.session.scalars(select(Answer))}
        assert hashes == {current("child", "en").sha256}
    child.confirm(card)
    assert "Your story is with us" in child.words
    with app.app_context():
        assert db.session.scalars(select(Storyteller)).one().card_sealed is None
    assert child.get("/tell/card").location == "/tell"


def test_nothing_is_ticked_beforehand(child: Child) -> None:
    child.begin()
    for page in ("about", "helper", "answers"):
        child.get(f"/tell/{page}")
        assert " checked" not in child.page
        assert " selected" not in child.page.replace('value="" selected', "")


def test_no_answer_is_given_for_a_child_who_gives_none(app: Flask, child: Child) -> None:
    child.begin()
    assert child.answer().location == "/tell/guardian"
    with app.app_context():
        assert how_many(Answer) == 0


def test_begin_twice_is_begin_once(app: Flask, child: Child) -> None:
    client_id = child.begin()
    child.begin(client_id=client_id)
    with app.app_context():
        assert how_many(Story) == 1


def test_send_twice_gives_the_same_card(app: Flask, sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    child.get("/tell")
    again = child.post("/tell/look", {"go": "send"})
    assert (again.status_code, again.location) == (302, "/tell/card")
    assert child.card() == card
    with app.app_context():
        assert how_many(Story) == 1


def test_another_tab_with_the_same_id_finds_the_same_card(app: Flask, child: Child) -> None:
    child.fill()
    with app.app_context():
        client_id = only_story().client_id
    child.get("/tell/look")
    child.post("/tell/look", {"go": "send"})
    card = child.card()
    other = Child(app.test_client())
    other.get("/tell")
    other.follow(other.post("/tell", {"client_id": client_id, "locale": "en"}))
    assert other.card() == card


@pytest.mark.parametrize(
    "client_id", ["", "short", "x" * 65, "../../../etc/passwd-and-more", "a b c d e f g h i j k l"]
)
def test_an_id_no_browser_made_begins_nothing(app: Flask, child: Child, client_id: str) -> None:
    child.get("/tell")
    assert child.post("/tell", {"client_id": client_id, "locale": "en"}).status_code == 400
    with app.app_context():
        assert how_many(Story) == 0


def test_a_page_without_a_draft_leads_to_the_beginning(client: FlaskClient) -> None:
    for page in ("story", "about", "helper", "answers", "guardian", "look", "card"):
        assert client.get(f"/tell/{page}").location == "/tell"


def test_a_draft_survives_leaving_the_page(child: Child) -> None:
    child.begin()
    child.write()
    child.get("/tell")
    assert "Go on with my story" in child.words
    child.get("/tell/story")
    assert "I feed the hens." in child.page
    assert 'value="The yard"' in child.page


MISTAKES = [
    ("about", {"country": "RO"}, "Please choose your age."),
    ("about", {**ABOUT, "country": ""}, "Please choose the country you live in."),
    ("about", {**ABOUT, "country": "XX"}, "Please choose the country you live in."),
    ("about", {**ABOUT, "age_band": "10"}, "Please choose your age."),
    ("about", {**ABOUT, "invented_name": "x" * 41}, "This name is too long."),
    ("about", {**ABOUT, "region": "x" * 61}, "This is too long."),
    ("helper", {}, "Please choose who was with you."),
    ("helper", {"helper": "teacher"}, "Please choose what they did."),
    ("guardian", {"guardian_locale": "en"}, "Please choose one of the two ways."),
    ("guardian", {"how": "letter", "email": "mama", "guardian_locale": "en"}, "The address should look like this"),
    (
        "guardian",
        {"how": "letter", "email": "a@b.ro\nBcc: c@d.ro", "guardian_locale": "en"},
        "The address should look like this",
    ),
    ("guardian", {"how": "hand", "guardian_locale": "xx"}, "Please choose a language."),
]


def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(child: Child) -> None:
    child.begin()
    for page, data, sentence in MISTAKES:
        child.get(f"/tell/{page}")
        assert child.post(f"/tell/{page}", {**data, "go": "next"}).status_code == 422, data
        assert sentence in child.words, data
        for field in {"invented_name", "region"} & data.keys():
            assert f'value="{data[field]}"' in child.page
        if data.get("country") == "RO":
            assert '<option value="RO" selected>' in child.page


def test_too_long_words_come_back_whole(child: Child) -> None:
    child.begin()
    text = "word " * 4001
    answer = child.write(text=text)
    assert answer.status_code == 200
    assert "Your text is too long" in child.words
    assert text.strip() in child.page


def test_an_answer_that_does_not_exist_is_refused(app: Flask, child: Child) -> None:
    child.begin()
    assert child.answer(gallery="maybe").status_code == 422
    with app.app_context():
        assert how_many(Answer) == 0


def test_answers_to_an_older_text_are_not_kept(app: Flask, child: Child) -> None:
    child.begin()
    child.get("/tell/answers")
    answer = child.post("/tell/answers", {"text": "0" * 64, "gallery": "yes", "go": "next"})
    assert answer.status_code == 409
    with app.app_context():
        assert how_many(Answer) == 0


def test_an_empty_story_is_not_sent(app: Flask, child: Child) -> None:
    child.begin()
    child.get("/tell/look")
    assert child.post("/tell/look", {"go": "send"}).status_code == 422
    for sentence in ("Your story is still empty.", "how old you are", "who was with you", "ask a parent or carer"):
        assert sentence in child.words
    with app.app_context():
        assert only_story().state is State.DRAFT


PAGES = {
    "": {"locale": "en"},
    "/story": WORDS,
    "/about": ABOUT,
    "/helper": {"helper": "nobody"},
    "/answers": {"gallery": "yes"},
    "/guardian": {"how": "hand", "guardian_locale": "en"},
    "/look": {"go": "send"},
}


def test_a_field_nobody_asked_for_is_refused(app: Flask, child: Child) -> None:
    child.begin()
    for page, data in PAGES.items():
        for field in ("birth_date", "surname", "school", "is_admin"):
            child.get(f"/tell{page}")
            assert child.post(f"/tell{page}", {**data, field: "2015-06-01"}).status_code == 400, (page, field)
    with app.app_context():
        assert how_many(Answer) == 0
        assert only_story().storyteller.age_band is None


def test_no_page_asks_for_a_birth_date(child: Child) -> None:
    child.begin()
    for page in PAGES:
        child.get(f"/tell{page}")
        assert 'type="date"' not in child.page
        assert "birth" not in child.words.lower()


HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE story; --", "{{ 7*7 }}", "\u202egnp exe", "%s%n", "王小明 🦊"]


def test_hostile_names_are_only_words(child: Child) -> None:
    child.begin()
    for name in HOSTILE:
        child.get("/tell/about")
        assert child.post("/tell/about", {**ABOUT, "invented_name": name, "go": "next"}).status_code == 302
        child.get("/tell/look")
        assert f"<bdi>{escape(name)}</bdi>" in child.page, name


def test_control_signs_leave_a_name(app: Flask, child: Child) -> None:
    child.begin()
    child.get("/tell/about")
    child.post("/tell/about", {**ABOUT, "invented_name": "F\x00o\tx\r\nTo: all", "go": "next"})
    with app.app_context():
        teller = only_story().storyteller
        assert unseal(teller.id, "invented_name", teller.invented_name_sealed) == "F o x To: all"


def test_without_the_token_nothing_is_kept(app: Flask, child: Child) -> None:
    child.begin()
    assert child.client.post("/tell/about", data=ABOUT).status_code == 400
    with app.app_context():
        assert only_story().storyteller.age_band is None


def test_what_a_stale_form_held_is_given_back(child: Child) -> None:
    child.begin()
    answer = child.client.post("/tell/story", data={**WORDS, "csrf_token": "stale", "go": "next"})
    assert answer.status_code == 400
    for sentence in ("This page was open for a long time", "You were away for a long time", 'href="/tell"'):
        assert sentence in answer.text
    for words in WORDS.values():
        assert f">\n{words}</textarea>".replace("\r\n", "\n") in answer.text.replace("\r\n", "\n")
    assert "textarea" not in child.client.post("/tell/answers", data={"text": "0" * 64}).text


def test_from_another_site_nothing_is_kept(child: Child) -> None:
    child.begin()
    child.get("/tell/about")
    answer = child.post("/tell/about", ABOUT, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_card_stays_until_it_is_confirmed(sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    other_picture = str((card.check + 1) % 10)
    for data in ({}, {"last_four": card.digits[-3:]}, {"picture": "x"}, {"picture": other_picture}):
        assert child.post("/tell/card", data).status_code == 422, data
        assert child.card() == card


def test_whoever_shows_nothing_of_the_card_is_asked_for_the_picture(sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    please, not_it = "Please choose the picture that is on your card.", "That is not what is on your card."
    child.get("/tell/card")
    child.post("/tell/card", {"last_four": " "})
    assert (please in child.words, not_it in child.words) == (True, False)
    child.post("/tell/card", {"picture": str((card.check + 1) % 10)})
    assert (please in child.words, not_it in child.words) == (False, True)


def test_another_story_waits_until_the_card_is_confirmed(app: Flask, sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    assert child.get("/tell").location == "/tell/card"
    assert child.post("/tell", {"client_id": "j" * 32, "locale": "en"}).location == "/tell/card"
    assert child.card() == card
    child.confirm(card)
    child.begin()
    with app.app_context():
        assert how_many(Story) == 2


def test_the_last_four_digits_confirm_the_card_too(sent: tuple[Child, CardNumber]) -> None:
    child, card = sent
    child.get("/tell/card")
    assert child.post("/tell/card", {"last_four": card.digits[-4:]}).location == "/tell/done?link=1"


def test_the_guardian_is_written_to_once(app: Flask, child: Child) -> None:
    child.tell(email="mama@example.org")
    assert "/consent/" not in child.page
    child.post("/tell/look", {"go": "send"})
    with app.app_context():
        assert how_many(OutboxLetter) == 1


def test_the_guardian_can_be_changed_before_sending(app: Flask, child: Child) -> None:
    child.fill(email="mama@example.org")
    child.get("/tell/guardian")
    assert 'value="mama@example.org"' in child.page
    child.post("/tell/guardian", {"how": "hand", "guardian_locale": "ro", "go": "next"})
    child.get("/tell/look")
    child.post("/tell/look", {"go": "send"})
    child.get("/tell/card")
    assert child.link().startswith("/consent/")
    with app.app_context():
        assert how_many(OutboxLetter) == 0


@pytest.mark.parametrize(("code", "tag"), [("en", "en"), ("zh", "zh-Hans"), ("ro", "ro"), ("it", "it")])
def test_the_chosen_language_stays(app: Flask, child: Child, code: str, tag: str) -> None:
    child.get("/tell?lang=en")
    child.follow(child.post("/tell", {"client_id": "i" * 30 + code, "locale": code}))
    assert f'<html lang="{tag}"' in child.page
    child.get("/tell/answers")
    assert child.hidden("text").startswith(newest("child", code).sha256)
    child.get("/tell/answers?lang=ro")
    child.get("/tell/helper")
    assert '<html lang="ro"' in child.page


def test_two_children_at_one_address_do_not_meet(app: Flask, client: FlaskClient) -> None:
    ana, ion = Child(client), Child(app.test_client())
    ana.begin()
    ion.begin()
    ana.write(text="Ana's words")
    ion.get("/tell/story")
    assert "Ana" not in ion.page


def test_forty_children_behind_one_address_can_begin(app: Flask) -> None:
    for _ in range(40):
        Child(app.test_client()).begin()


def test_a_flood_of_beginnings_is_slowed(app: Flask, client: FlaskClient) -> None:
    visitor = Visitor(client)
    visitor.get("/tell")
    token = visitor.token
    for number in range(60):
        data = {"csrf_token": token, "client_id": f"flood-{number:030}", "locale": "en"}
        assert client.post("/tell", data=data).status_code == 302
    assert client.post("/tell", data=data).status_code == 429


def test_pictures_come_with_the_plain_form(app: Flask, child: Child) -> None:
    child.begin()
    child.write(pictures=[(io.BytesIO(picture()), "IMG_Ioana.jpg"), (io.BytesIO(picture()), "b.jpg")])
    child.get("/tell/story")
    assert "Picture 1" in child.words
    assert "Picture 2" in child.words
    assert "Ioana" not in child.page


@pytest.mark.parametrize(("more", "told"), [({}, False), ({"print": "no"}, False), ({"embed": "yes"}, True)])
def test_who_keeps_it_for_themselves_is_told_that_this_wins_over_a_yes(
    child: Child, more: dict[str, str], told: bool
) -> None:
    child.fill(keep_private="yes", **more)
    child.get("/tell/look?lang=en")
    assert ("not even where you said yes" in child.words) is told
