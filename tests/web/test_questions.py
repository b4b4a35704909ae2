"""What a child and a guardian are asked, how it is kept, and where it can be heard."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.writing import transaction
from app.consent import texts
from app.consent.actions import Asked, answer_as_guardian
from app.consent.models import Answer, TextRelease
from app.consent.rules import Method, Party, campaign_scope
from app.consent.texts import GROUPS, load, names, sound_file
from app.extensions import db
from app.media.rules import State
from app.people.queries import guardians_of
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.stories import add_picture, add_sound
from tests.factories.texts import newest
from tests.web.telling import Child, Visitor

FIELDS = [*(name for name in names("child") if name not in ("campaign", "name")), "shown_name"]
RADIO = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]+)"( checked)?>')
WHO = {"name": "Maria", "relation": "mother", "alone": "alone"}


@pytest.fixture
def child(client: FlaskClient) -> Child:
    return Child(client)


def story() -> Story:
    return db.session.scalars(select(Story)).one()


def bring(app: Flask, state: State = State.READY) -> None:
    """A picture and a recording for the story that is being told."""
    with app.app_context(), transaction():
        add_picture(story(), state)
        add_sound(story(), state)


def radios(page: str) -> dict[str, list[str]]:
    """The values of the questions' radios, by field."""
    found: dict[str, list[str]] = {}
    for field, value, _checked in RADIO.findall(page):
        if field not in ("relation", "alone"):
            found.setdefault(field, []).append(value)
    return found


def kept(app: Flask, party: Party) -> dict[str, str]:
    with app.app_context():
        rows = db.session.scalars(select(Answer).where(Answer.party == party).order_by(Answer.seq)).all()
        return {row.scope: row.value for row in rows}


def guardian_of(app: Flask, child: Child, **answers: str) -> tuple[Visitor, str]:
    child.tell(**answers)
    link, guardian = child.link(), Visitor(app.test_client())
    guardian.get(f"{link}?lang=en")
    return guardian, link


def answer(guardian: Visitor, link: str, **answers: str) -> int:
    shown = {"text": guardian.hidden("text"), "version": guardian.hidden("version")}
    return guardian.post(link, {**WHO, **shown, **answers}).status_code


def test_a_child_is_asked_everything_and_nothing_is_ticked(app: Flask, child: Child) -> None:
    with app.app_context(), transaction():
        campaign = campaign_scope(make_campaign().id)
    child.begin()
    bring(app)
    child.get("/tell/answers")
    asked = radios(child.page)
    assert sorted(asked) == sorted([*FIELDS, campaign])
    assert asked.pop("voice") == ["own", "altered", "transcript", "unsure"]
    assert {tuple(values) for values in asked.values()} == {("yes", "no", "unsure")}
    assert " checked" not in child.page


def test_places_come_first_and_open_and_the_rest_waits_under_its_heading(child: Child) -> None:
    child.begin()
    child.get("/tell/answers")
    text = newest("child", "en")
    headings = re.findall(
        r"<(section|details) class=\"questions\"( open)?>\s*(?:<summary>)?<h2>([^<]+)</h2>", child.page
    )
    assert headings == [
        ("section", "", text.groups["places"]),
        ("details", "", text.groups["more"]),
        ("details", "", text.groups["how_much"]),
    ]
    child.answer(archive="no")
    child.get("/tell/answers")
    assert child.page.count('<details class="questions" open>') == 1


def test_a_mistake_is_not_hidden_under_a_heading(child: Child) -> None:
    child.begin()
    assert child.answer(age="seven").status_code == 422
    assert child.page.count('<details class="questions" open>') == 1
    assert 'id="age-error"' in child.page


def test_what_the_text_in_force_does_not_ask_yet_is_not_asked(monkeypatch: pytest.MonkeyPatch, child: Child) -> None:
    monkeypatch.setattr(texts, "GROUPS", {**GROUPS, "more": ("hologram", *GROUPS["more"])})
    child.begin()
    child.get("/tell/answers")
    assert set(FIELDS) - set(radios(child.page)) == {"face", "voice"}
    assert "hologram" not in child.page


@pytest.mark.parametrize("state", [None, State.REFUSED])
def test_face_and_voice_are_asked_only_where_they_can_be(app: Flask, child: Child, state: State | None) -> None:
    child.begin()
    if state:
        bring(app, state)
    child.get("/tell/answers")
    assert set(FIELDS) - set(radios(child.page)) == {"face", "voice"}


def test_a_guardian_is_asked_the_same_but_not_whether_to_keep_it_private(app: Flask, child: Child) -> None:
    child.begin()
    bring(app)
    child.go_on()
    child.send()
    guardian = Visitor(app.test_client())
    guardian.get(f"{child.link()}?lang=en")
    assert sorted(radios(guardian.page)) == sorted(set(FIELDS) - {"keep_private"})
    assert RADIO.search(guardian.page)
    assert " checked" not in guardian.page


YES = {"name": "invented", "face": "blurred", "age": "band", "place": "region"}
NO = {"name": "none", "face": "never", "age": "none", "place": "none"}


@pytest.mark.parametrize(("word", "attributes"), [("yes", YES), ("no", NO), ("unsure", dict.fromkeys(YES, "unsure"))])
def test_every_answer_of_a_child_is_kept_and_shown_again(
    app: Flask, child: Child, word: str, attributes: dict[str, str]
) -> None:
    child.begin()
    bring(app)
    said = dict.fromkeys(FIELDS, word) | {"voice": "altered"}
    assert child.answer(**said).status_code == 302
    scopes = [name for name in names("child") if name not in ("campaign", *attributes, "voice")]
    assert kept(app, Party.CHILD) == dict.fromkeys(scopes, word) | attributes | {"voice": "altered"}
    child.get("/tell/answers")
    assert {field: value for field, value, checked in RADIO.findall(child.page) if checked} == said


@pytest.mark.parametrize("voice", ["own", "altered", "transcript", "unsure"])
def test_a_guardian_answers_about_the_voice_in_its_own_words(app: Flask, child: Child, voice: str) -> None:
    child.begin()
    bring(app)
    child.go_on()
    child.send()
    link, guardian = child.link(), Visitor(app.test_client())
    guardian.get(f"{link}?lang=en")
    assert answer(guardian, link, voice=voice, shown_name="yes") == 302
    assert kept(app, Party.GUARDIAN) == {"voice": voice, "name": "invented"}
    guardian.get(f"{link}/receipt?lang=en")
    text = newest("guardian", "en")
    again = "To be said once more. "
    waits = again if voice in ("own", "altered") else ""
    assert f"{text.questions['voice']} {text.explanations['voice']} {waits}{text.choices[voice]}" in guardian.words
    assert f"{text.questions['name']} {text.explanations['name']} {again}Yes" in guardian.words


def test_the_voice_is_not_answered_by_yes_and_no(app: Flask, child: Child) -> None:
    child.begin()
    bring(app)
    assert child.answer(voice="yes").status_code == 422
    assert kept(app, Party.CHILD) == {}


def test_only_the_child_can_keep_it_private(app: Flask, child: Child) -> None:
    guardian, link = guardian_of(app, child, keep_private="yes")
    assert kept(app, Party.CHILD) == {"keep_private": "yes"}
    assert answer(guardian, link, gallery="yes", keep_private="yes") == 400


def test_the_last_page_of_telling_reads_everything_back(app: Flask, child: Child) -> None:
    child.begin()
    bring(app)
    child.go_on(gallery="yes", voice="transcript", place="no")
    child.get("/tell/look")
    text = newest("child", "en")
    for words in (
        f"{text.questions['gallery']} Yes",
        f"{text.questions['voice']} {text.choices['transcript']}",
        f"{text.questions['place']} No",
        f"{text.questions['age']} No answer yet",
    ):
        assert words in child.words


def test_what_was_answered_under_the_first_text_can_still_be_read(app: Flask, child: Child) -> None:
    guardian, link = guardian_of(app, child)
    old = load("guardian", 1, "en")
    with app.app_context(), transaction():
        told = story()
        asked = Asked(Method.LINK, old, 1)
        answer_as_guardian(told, guardians_of(told.storyteller_id)[0], {"voice": "transcript", "press": "no"}, asked)
    guardian.get(f"{link}/receipt?lang=en")
    assert f"{old.questions['voice']} {old.explanations['voice']} No" in guardian.words
    assert f"{old.questions['press']} {old.explanations['press']} No" in guardian.words


def test_answers_to_a_text_that_was_replaced_meanwhile_are_not_kept(app: Flask, child: Child) -> None:
    child.begin()
    child.get("/tell/answers")
    shown = child.hidden("text")
    with app.app_context(), transaction():
        release = db.session.get_one(TextRelease, ("child", 3))
        db.session.delete(release)
        db.session.flush()
        db.session.add(
            TextRelease(text_id="child", version=1, major=True, published_at=release.published_at, digests={})
        )
    assert child.post("/tell/answers", {"text": shown, "gallery": "yes", "go": "next"}).status_code == 409
    assert kept(app, Party.CHILD) == {}


def test_each_question_can_be_heard(app: Flask, child: Child) -> None:
    child.begin()
    bring(app)
    child.get("/tell/answers?lang=ro")
    sounds = re.findall(r'<audio controls preload="none" src="([^"]+)" aria-label="([^"]+)"></audio>', child.page)
    sounds = sounds[1:-1]  # between what is said before the questions and after them
    text = newest("child", "ro")
    asked = [name for group in GROUPS.values() for name in group if name != "campaign"]
    assert [address for address, _ in sounds] == [f"/consent-texts/child/3/ro/{name}.mp3" for name in asked]
    assert all(words.endswith(text.questions[name]) for name, (_, words) in zip(asked, sounds, strict=True))
    assert "spoken by a machine" in child.get("/tell/answers?lang=en").text


def test_a_sound_is_public_and_kept_for_long(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/consent-texts/guardian/3/zh/voice.mp3", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")
    assert answer.data == sound_file("guardian", 3, "zh", "voice").read_bytes()
    cached = answer.cache_control
    assert (cached.public, cached.max_age, cached.immutable) == (True, 365 * 24 * 60 * 60, True)
    assert "Set-Cookie" not in answer.headers
    part = client.get("/consent-texts/guardian/3/zh/voice.mp3", headers={"Range": "bytes=0-99"}, buffered=True)
    assert (part.status_code, part.data) == (206, answer.data[:100])


@pytest.mark.parametrize(
    "address",
    [
        "child/1/en/gallery",  # written, and never published here
        "child/4/en/gallery",
        "child/99999999999999999999/en/gallery",
        "guardian/3/en/keep_private",
        "child/3/fr/gallery",
        "staff/3/en/gallery",
        "child/3/en/manifest",
        "child/3/en/title",
        "child/3/en/..%2F..%2Ftexts%2Fchild-3.en.toml",
    ],
)
def test_there_is_no_other_sound(client: FlaskClient, address: str) -> None:
    assert client.get(f"/consent-texts/{address}.mp3").status_code == 404
