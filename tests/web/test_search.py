"""The search on the gallery's page: what was looked for is marked, and who finds nothing is shown a way on."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.people.rules import Locale
from app.stories.models import Story
from app.stories.rules import Beside
from app.web.marking import found_line, marked
from tests.factories.wordings import put_beside
from tests.web.public_side import change, say, shown
from tests.web.test_gallery import shown_like

LONG = "We walked. " * 30 + "Then the großmutter & I found a kite <b>there</b>. " + "We slept. " * 30


def titles(page: str) -> list[str]:
    """The titles of the pieces on a wall, with their marks."""
    return [unescape(title) for title in re.findall(r'tile__title"[^>]*><bdi>(.*?)</bdi>', page)]


def test_what_was_found_is_marked_where_it_stands(app: Flask, client: FlaskClient) -> None:
    shown(app, title="The Kite's tail", text=LONG)
    shown(app, title="爸爸妈妈", text="我想妈妈。", locale=Locale.ZH, pictures=1)
    page = client.get("/gallery?q=KITE").text
    assert titles(page) == ["The <mark>Kite</mark>'s tail"]
    assert "…Then the großmutter &amp; I found a <mark>kite</mark> &lt;b&gt;there&lt;/b&gt;" in page
    assert titles(client.get(f"/gallery?q={quote('妈妈')}").text) == ["爸爸<mark>妈妈</mark>"]
    everything = client.get("/gallery").text
    assert len(titles(everything)) == 2
    assert "<mark>" not in everything


def test_a_query_that_nobody_escaped_is_read_as_it_was_written(app: Flask, client: FlaskClient) -> None:
    shown(app, title="爸爸妈妈", text="我想妈妈。", locale=Locale.ZH)
    shown(app, title="å¦", text="å¦")
    for query, words, found in (
        ("q=妈妈".encode(), "妈妈", ["爸爸<mark>妈妈</mark>"]),
        (b"q=\xe5\xa6+kite", "\ufffd kite", []),
    ):
        sent = {"QUERY_STRING": query.decode("latin-1")}
        assert client.get(client.get("/gallery/", environ_overrides=sent).location).text.count(f'value="{words}"') == 1
        assert [client.get(path, environ_overrides=sent).status_code for path in ("/my-story", "/nothing")] == [
            200,
            404,
        ]
        page = client.get("/gallery", environ_overrides=sent).text
        assert f'type="search" value="{words}"' in page
        assert titles(page) == found


def test_the_words_stay_in_the_box_and_leave_with_one_click(app: Flask, client: FlaskClient) -> None:
    for _ in range(5):
        shown(app, title="Kite")
    page = client.get("/gallery?q=%20kite%20%20&language=en&after=99").text
    assert '<input class="input" id="q" name="q" type="search" value="kite"' in page
    chips = [unescape(address) for address in re.findall(r'<a class="chip" href="([^"]*)"', page)]
    assert chips == ["/gallery?language=en", "/gallery?q=+kite++"]
    assert f'value="{"k" * 100}" maxlength="100"' in client.get(f"/gallery?q={'k' * 5_000}").text
    assert len(titles(client.get("/gallery?q=kite&language=en").text)) == 5


def test_who_finds_nothing_is_told_kindly_and_shown_a_way_on(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, title="Grandmother", text="She sings.")
    page = client.get("/gallery?q=grandmohter").text
    assert "No story here has these words" in page
    assert 'href="/gallery?q=Grandmother"' in page
    assert "Did you mean “Grandmother”?" in page
    assert titles(client.get("/gallery?q=Grandmother").text) == ["<mark>Grandmother</mark>"]
    nothing = client.get("/gallery?q=xylophone").text
    assert "Did you mean" not in nothing
    assert "See the whole gallery" in nothing
    say(app, story_id, gallery="no")
    assert titles(client.get("/gallery?q=grandmother").text) == []


def test_how_many_were_found_is_said_where_all_of_them_are_seen(
    app: Flask, client: FlaskClient, settings: Settings
) -> None:
    story_id = shown(app, title="Kite")
    assert counted(client, "/gallery") == []
    assert counted(client, "/gallery?q=kite") == ["1 story"]
    assert counted(client, "/gallery?q=xylophone") == counted(client, "/gallery?language=en") == []
    shown_like(settings, story_id, 23)
    assert counted(client, "/gallery?language=en") == ["24 stories"]
    shown_like(settings, story_id, 1)
    assert counted(client, "/gallery?language=en") == []
    following = re.findall(r'rel="next" href="([^"]*)"', client.get("/gallery?language=en").text)
    assert counted(client, unescape(following[0])) == []


def counted(client: FlaskClient, address: str) -> list[str]:
    """How many stories a wall says that there are."""
    return re.findall(r'class="wall-count">([^<]*)<', client.get(address).text)


def test_the_line_is_shown_from_wherever_the_words_stand(app: Flask, client: FlaskClient) -> None:
    places = ["gallery", "translate"]
    story_id = shown(app, places, title="The kite", text="It flew.", pictures=1, sounds=1, own_voice=True)

    def put(story: Story) -> None:
        for kind in (Beside.CAPTION, Beside.TRANSCRIPT):
            put_beside(story, kind)
        put_beside(story, Beside.TRANSCRIPT, Locale.RO, cues=[[0, 900, "Bună seara"]])
        put_beside(story, Beside.TRANSLATION, Locale.RO)

    change(app, story_id, put)
    expected = {
        "kite": [],
        "flew": [("", "en", "It <mark>flew</mark>.")],
        "hens": [("What is said", "en", "Good evening, mother. I fed the <mark>hens</mark>.")],
        "seara": [("What is said", "ro", "Bună <mark>seara</mark>")],
        "zmeul": [("translation", "ro", "<mark>Zmeul</mark>")],
        "departe": [("translation", "ro", "Mama lucrează <mark>departe</mark>.")],
        "grey": [("What the picture shows", "en", "A red kite above a <mark>grey</mark> house.")],
    }
    assert {query: lines(client, f"/gallery?q={query}") for query in expected} == expected
    assert lines(client, "/gallery?q=zmeul&lang=ro") == []
    change(app, story_id, lambda story: put_beside(story, Beside.NOTE))
    assert lines(client, "/gallery?q=flew") == lines(client, "/gallery?q=hens") == []


def lines(client: FlaskClient, address: str) -> list[tuple[str, str, str]]:
    """Whose words they are, their language, and the line, for each story that was found."""
    page = client.get(address).text
    assert 'class="tile"' in page
    source = r'(?:<p class="tile__source">([^<]*)</p>\s*)?'
    return re.findall(source + r'<p class="tile__found" lang="(\w+)" dir="auto">(.*?)</p>', page)


def test_words_beside_a_filter_obey_the_smallest_cell(app: Flask, client: FlaskClient) -> None:
    for title in ("Kite", "Kite", "Kite", "Kite and moon", "Moon"):
        shown(app, title=title)
    assert len(titles(client.get("/gallery?q=moon").text)) == 2
    page = client.get("/gallery?q=moon&country=RO").text
    assert titles(page) == []
    assert "could be recognised" in page


def test_ten_thousand_searches_take_no_more_memory_than_any_page_may(app: Flask, client: FlaskClient) -> None:
    """The memory of whole pages and that of their parts are bounded in bytes; what is asked for stays."""
    shown(app, title="Kite")
    pages, parts = app.extensions["showcase_cache"].memory, app.extensions["fragments"]
    client.get("/gallery")
    pages.room, parts.room = 8 * pages.used, 3 * parts.used
    for number in range(60):
        client.get(f"/gallery?q=word{number}")
        assert client.get("/gallery").status_code == 200
        assert (pages.used <= pages.room, parts.used <= parts.room) == (True, True)
    assert 2 <= len(pages) <= 8
    assert any(address.query == "" for address, _ in pages._kept)


@pytest.mark.parametrize(
    "text", ["", "kite", "a kite", "x" * 500 + " kite", "kite " * 200, "<kite>", "k\u202eite kite"]
)
def test_a_marked_text_is_the_text(text: str) -> None:
    assert marked(text, "kite").striptags() == " ".join(text.split()) or "<" in text
    assert unescape(re.sub("</?mark>", "", marked(text, "kite"))) == text
    line = unescape(re.sub("</?mark>", "", found_line(text, "kite")))
    assert line.strip("…") in text
    assert len(line) <= 142
    assert ("<mark>" in found_line(text, "kite")) is ("kite" in text)
