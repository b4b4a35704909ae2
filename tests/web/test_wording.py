"""Words beside stories at the browser: written by a curator, checked by a colleague, read by everybody, refused."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import Role
from app.people.rules import Locale
from app.stories.models import Story, Wording
from app.stories.rules import Beside
from app.web.guard import CHILD_STORYTELLER
from app.web.my_story.mine import BY_CARD
from tests.factories.wordings import CAPTION, put_beside
from tests.web.public_side import choose, in_campaign, say, shown
from tests.web.team import Colleague, audited, hire
from tests.web.telling import Visitor

HOME = "/staff/words"
TICKED = {"speaks": "1", "hides": "1", "dignity": "1", "go": "accept"}
WHOLE = {"pictures": 1, "sounds": 1, "own_voice": True}


@pytest.fixture
def curator(app: Flask) -> Colleague:
    return hire(app, Role.CURATOR)


def rows(app: Flask) -> list[Wording]:
    with app.app_context():
        return list(db.session.scalars(select(Wording).order_by(Wording.written_at)))


def put(app: Flask, story_id: str, kind: Beside, locale: Locale | None = None, **words: Any) -> str:
    """Words that are printed; the id of the file they are about."""
    with app.app_context(), transaction():
        return put_beside(db.session.get_one(Story, story_id), kind, locale, **words).about


def about(colleague: Colleague, kind: str) -> str:
    """The id of the file that the form of this kind on the page is about."""
    return colleague.page.partition(f'name="kind" value="{kind}"')[2].split('name="about" value="')[1].split('"')[0]


def write(colleague: Colleague, story_id: str, kind: str, locale: str = "", **words: str) -> int:
    """Fill in one of the forms on the story's page; the status."""
    colleague.get(f"{HOME}/{story_id}", query_string={"in": locale} if locale else {})
    file = about(colleague, kind)
    base = colleague.page.partition(f'name="kind" value="{kind}"')[2].split('name="base" value="')[1].split('"')[0]
    typed = {"kind": kind, "about": file, "base": base, **({"in": locale} if locale else {})}
    typed |= {f"{kind}-{file}{part}": value for part, value in words.items()}
    return colleague.post(f"{HOME}/{story_id}/write", typed).status_code


def test_a_caption_is_written_checked_and_printed(app: Flask, curator: Colleague, client: FlaskClient) -> None:
    story_id, second = shown(app, ["gallery"], **WHOLE), hire(app)
    curator.get(HOME)
    assert "Caption Transcript" in curator.words
    assert write(curator, story_id, "caption", text="") == 422
    assert "Please say what the picture shows" in curator.words
    assert write(curator, story_id, "caption", text="x" * 301) == 422
    assert "x" * 301 in curator.page
    assert write(curator, story_id, "caption", text="A <b>kite</b>") == 303
    [row] = rows(app)
    check = f"{HOME}/{story_id}/check/{row.id}"
    curator.get(check)
    assert "You wrote this yourself" in curator.words
    assert curator.post(check, TICKED).status_code == 409
    second.get(HOME)
    assert check in second.page
    second.get(check)
    assert second.post(check, {**TICKED, "dignity": "", "reason": "hm"}).status_code == 422
    assert "hm" in second.page
    assert second.page.count('value="1" checked') == 2
    assert second.post(check, {"go": "back", "reason": "short"}).status_code == 422
    assert b"&lt;b&gt;" not in client.get(f"/stories/{story_id}").data
    assert second.post(check, TICKED).location == HOME
    assert second.post(check, TICKED).location == HOME, "a finger that pressed twice"
    page = client.get(f"/stories/{story_id}").text
    assert 'alt="A &lt;b&gt;kite&lt;/b&gt;"' in page
    assert 'alt="A &lt;b&gt;kite' in client.get("/gallery").text
    acts = [verb for _, verb in audited(app, story_id) if verb.startswith("words.")]
    assert acts == ["words.written", "words.checked"]
    assert second.post(f"{HOME}/{story_id}/take-off", {"wording": row.id}).status_code == 403
    curator.post(f"{HOME}/{story_id}/take-off", {"wording": row.id})
    assert b"&lt;b&gt;" not in client.get(f"/stories/{story_id}").data


def test_the_first_page_says_what_waits_and_leads_there(
    app: Flask, curator: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    story_id, second = shown(app, ["gallery"], **WHOLE), hire(app, Role.CURATOR)
    write(curator, story_id, "caption", text="A house")
    second.get("/staff/")
    assert "1 waits for your check 1 story has no caption or transcript yet Open the words" in second.words
    assert "was sent back" not in second.words
    check = f"{HOME}/{story_id}/check/{rows(app)[0].id}"
    second.post(check, {"go": "back", "reason": "There is no house in it."})
    curator.get("/staff/")
    assert "0 wait for your check 1 was sent back 1 story has no caption" in curator.words
    for anchor, leads_to in (("returned", f"{HOME}/{story_id}#words-caption-"), ("stories", f"{HOME}/{story_id}")):
        curator.get("/staff/")
        assert f'href="{HOME}#{anchor}"' in curator.page
        curator.get(HOME)
        assert f'id="{anchor}"' in curator.page
        assert f'href="{leads_to}' in curator.page
    moderator = hire(app)
    moderator.get("/staff/")
    assert "0 wait for your check Open the words" in moderator.words
    moderator.get(HOME)
    assert 'id="returned"' not in moderator.page
    monkeypatch.setattr("app.curation.awaited.MANY", 0)
    curator.get("/staff/")
    assert "over 0 was sent back over 0 story has no caption" in curator.words


def test_two_at_once_lose_nothing(app: Flask, curator: Colleague) -> None:
    story_id = shown(app, ["gallery"], pictures=1)
    curator.get(f"{HOME}/{story_id}")
    file = about(curator, "caption")
    typed = {"kind": "caption", "about": file, "base": "", f"caption-{file}text": "Mine"}
    assert curator.post(f"{HOME}/{story_id}/write", typed).status_code == 303
    assert curator.post(f"{HOME}/{story_id}/write", typed | {f"caption-{file}text": "Later"}).status_code == 409
    assert "Somebody changed these words" in curator.words
    assert "Later" in curator.page
    assert write(curator, story_id, "caption", text="Later") == 303
    assert len(rows(app)) == 1


def test_a_transcript_is_written_in_rows_or_read_from_a_file(app: Flask, curator: Colleague) -> None:
    story_id = shown(app, ["gallery", "translate"], **WHOLE)
    curator.get(f"{HOME}/{story_id}")
    address = curator.page.split("/transcripts/")[1].split('"')[0]
    editor = f"{HOME}/{story_id}/transcripts/{address}"
    assert curator.get(editor).status_code == 200
    typed = {"start": ["0:02", "0:00", ""], "end": ["soon", "0:01.5", ""], "cue": ["then", "first", ""], "go": "save"}
    assert curator.post(editor, typed).status_code == 422
    assert "like 1:02.5" in curator.words
    assert 'value="soon"' in curator.page
    assert curator.post(editor, typed | {"go": "more"}).status_code == 200
    assert curator.page.count('<li class="cue-row') == 2 + 7
    assert curator.post(editor, typed | {"end": ["0:59", "0:01.5", ""]}).status_code == 422
    assert "ends after the recording" in curator.words
    bad = {"go": "read", "vtt": "no times", "file": (io.BytesIO(b""), "")}
    assert curator.post(editor, bad, content_type="multipart/form-data").status_code == 422
    assert "no times" in curator.page
    file = (io.BytesIO(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n\n00:01.000 --> 00:02.000\nmother"), "a.vtt")
    assert (
        curator.post(editor, {"go": "read", "vtt": "", "file": file}, content_type="multipart/form-data").status_code
        == 200
    )
    assert 'value="mother"' in curator.page
    assert rows(app) == []
    typed = {
        "start": ["0:01.000", "0:00.000"],
        "end": ["0:02.000", "1"],
        "cue": ["mother", "Hello"],
        "go": "save",
        "base": "",
    }
    assert curator.post(editor, typed).status_code == 303
    said = curator.get(f"{editor}.vtt")
    assert said.text == (
        "WEBVTT\nLanguage: en\n\n00:00:00.000 --> 00:00:01.000\nHello\n\n00:00:01.000 --> 00:00:02.000\nmother\n"
    )
    curator.get(editor, query_string={"in": "ro"})
    assert curator.page.count('value="0:01.000"') == 2
    assert 'value="mother"' not in curator.page
    assert '<bdi class="quiet" lang="en">mother</bdi>' in curator.page


def test_a_translation_stands_beside_the_original(app: Flask, curator: Colleague, client: FlaskClient) -> None:
    closed, story_id = shown(app, ["gallery"]), shown(app, ["gallery", "translate"], **WHOLE)
    curator.get(HOME)
    assert ("Nobody has answered this" in curator.words, "Not everybody said yes" in curator.words) == (True, False)
    curator.get(f"{HOME}/{closed}", query_string={"in": "ro"})
    assert "Nobody has answered this" in curator.words
    assert "may not be translated now" in curator.words
    assert 'value="translation"' not in curator.page
    assert write(curator, story_id, "translation", "ro", title="Zmeul", text="") == 422
    assert "still missing in the translation" in curator.words
    assert 'value="Zmeul"' in curator.page
    assert write(curator, story_id, "translation", "ro", title="Zmeul", text="Mama e departe.") == 303
    for kind in (Beside.TRANSCRIPT, Beside.CAPTION):
        put(app, story_id, kind)
    put(app, story_id, Beside.TRANSLATION, Locale.RO)
    english, romanian = (client.get(f"/stories/{story_id}", query_string={"lang": code}).text for code in ("en", "ro"))
    assert '<div class="twofold__one" lang="ro" dir="auto">' not in english
    assert 'href="/stories/' + story_id + '?lang=en&amp;in=ro"' in english
    assert '<p class="story__other" lang="ro"><bdi>Zmeul</bdi></p>' in romanian
    assert romanian.index('lang="en" dir="auto"') < romanian.index('<div class="twofold__one" lang="ro" dir="auto">')
    assert f'<figcaption lang="en" dir="auto" aria-hidden="true">{CAPTION}</figcaption>' in romanian
    asked = client.get(f"/stories/{story_id}", query_string={"lang": "en", "in": "ro"}).text
    assert "Mama lucrează departe." in asked
    italian = client.get(f"/stories/{story_id}", query_string={"lang": "en", "in": "xx"}).text
    assert "Mama lucrează departe." not in italian
    assert "There is no translation into" not in english
    missing = client.get(f"/stories/{closed}", query_string={"lang": "it"}).text
    assert 'class="reading-note"' in missing
    assert 'class="reading-choice"' not in missing


def test_what_is_said_is_a_file_wherever_the_story_has_a_page(app: Flask, client: FlaskClient) -> None:
    scope, _ = in_campaign(app)
    story_id = shown(app, [scope], **WHOLE)
    choose(app, scope.partition(":")[2], story_id)
    put(app, story_id, Beside.TRANSCRIPT)
    address = f"/stories/{story_id}/transcripts/1/en.vtt"
    assert address in client.get(f"/campaigns/here/stories/{story_id}").text
    file = client.get(address)
    assert (file.status_code, file.headers.get("Access-Control-Allow-Origin")) == (200, None)
    assert client.get(f"/stories/{story_id}").status_code == 404
    say(app, story_id, **{scope: "no"})
    assert client.get(address).status_code == 410


def test_what_is_said_is_printed_and_is_a_file(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery", "embed", "translate"], **WHOLE)
    put(app, story_id, Beside.TRANSCRIPT)
    put(app, story_id, Beside.TRANSCRIPT, Locale.RO, cues=[[0, 900, "Bună seara"]])
    put(app, story_id, Beside.TRANSLATION, Locale.RO)
    put(app, story_id, Beside.CAPTION)
    page = client.get(f"/stories/{story_id}").text
    assert 'data-cue-start="1000" data-cue-end="2500"' in page
    file = client.get(f"/stories/{story_id}/transcripts/1/ro.vtt")
    assert file.mimetype == "text/vtt"
    assert file.text == "WEBVTT\nLanguage: ro\n\n00:00:00.000 --> 00:00:00.900\nBună seara\n"
    for wrong in ("1/it.vtt", "2/en.vtt", "0/en.vtt"):
        assert client.get(f"/stories/{story_id}/transcripts/{wrong}").status_code == 404
    assert file.headers["Access-Control-Allow-Origin"] == "*"
    told = client.get(f"/api/v1/stories/{story_id}").json
    assert told is not None
    assert told["images"][0]["captions"] == {"en": CAPTION}
    assert [said["language"] for said in told["sounds"][0]["transcripts"]] == ["en", "ro"]
    assert told["sounds"][0]["transcripts"][1]["cues"] == [{"start": 0.0, "end": 0.9, "text": "Bună seara"}]
    assert told["sounds"][0]["transcripts"][1]["url"].endswith(f"/stories/{story_id}/transcripts/1/ro.vtt")
    assert told["translations"][0]["title"] == "Zmeul"
    manifest = client.get(f"/iiif/stories/{story_id}/manifest").json
    assert manifest is not None
    picture, sound = manifest["items"]
    assert picture["summary"] == {"en": [CAPTION]}
    assert sound["annotations"][1]["items"][0]["target"].endswith("/sound/1#t=0.0,0.9")
    assert f"alt=&#34;{CAPTION}&#34;" in client.get("/feeds/stories.atom").text.replace("&quot;", "&#34;")


def test_a_content_note_opens_with_a_click(app: Flask, client: FlaskClient) -> None:
    _scope, story_id = in_campaign(app)
    put(app, story_id, Beside.NOTE)
    page = client.get(f"/campaigns/here/stories/{story_id}").text
    note = page.index('<details class="noted">')
    assert note < page.index("It speaks of a death.") < page.index('class="story__text"')
    assert '<details class="noted" open' not in page
    tile = client.get("/campaigns/here").text
    assert 'class="tile__note"' in tile
    assert 'class="tile__picture"' not in tile


def test_a_child_reads_what_was_written_and_says_no(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery"], pictures=1)
    put(app, story_id, Beside.CAPTION)
    child = Visitor(app.test_client())
    with app.app_context():
        teller = db.session.get_one(Story, story_id).storyteller_id
    with child.client.session_transaction() as session:
        session[CHILD_STORYTELLER], session[BY_CARD] = teller, ""
    child.get("/my-story/home")
    what, stands = "What your picture shows, for people who cannot see it English", "People can read it wherever"
    assert f"{what} {stands} your story is shown. {CAPTION} Take it away" in child.words
    wording = child.hidden("wording")
    assert child.post("/my-story/words/no", {"wording": "A" * 22}).status_code == 404
    assert child.post("/my-story/words/no", {"wording": wording, "why": "because"}).status_code == 400
    assert CAPTION in client.get(f"/stories/{story_id}").text
    assert child.post("/my-story/words/no", {"wording": wording}).status_code == 302
    child.get("/my-story/home")
    assert "You said no. Nobody reads it." in child.words
    assert "Take it away" not in child.words
    assert CAPTION not in client.get(f"/stories/{story_id}").text
    assert ("child", "words.refused") in audited(app, story_id)


def test_themes_are_set_and_nobody_else_comes_in(app: Flask, curator: Colleague, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery"])
    curator.get(f"{HOME}/{story_id}")
    assert curator.post(f"{HOME}/{story_id}/themes", {"themes": []}).status_code == 422
    assert curator.post(f"{HOME}/{story_id}/themes", {"themes": ["heard"]}).status_code == 303
    assert "Being heard" in client.get(f"/stories/{story_id}").text
    assert curator.get(f"{HOME}/{'A' * 22}").status_code == 404
    assert curator.get(f"{HOME}/short").status_code == 404
    assert hire(app, Role.FACILITATOR).get(HOME).status_code == 403
