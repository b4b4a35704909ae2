"""What sites load beside frames, and the page that makes the lines to copy."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.stories import TITLE
from tests.web.public_side import in_campaign, say, shown

ROOT, NOBODY = "http://127.0.0.1:8000", "A" * 22


def test_the_script_lies_at_one_address_for_every_site(client: FlaskClient) -> None:
    plain = client.get("/embed.js", buffered=True)
    zipped = client.get("/embed.js", buffered=True, headers={"Accept-Encoding": "gzip"})
    assert b"eyes-on-me" in plain.data
    assert (plain.mimetype, zipped.headers["Content-Encoding"]) == ("text/javascript", "gzip")
    for answer in (plain, zipped):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Cache-Control"] == "public, max-age=600"
        assert "Set-Cookie" not in answer.headers
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    same = client.get("/embed.js", headers={"If-None-Match": plain.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


def test_the_words_of_the_component_come_in_each_language(client: FlaskClient) -> None:
    words = {code: client.get(f"/embed/words.json?lang={code}") for code in ("en", "ro", "zh")}
    assert [said.headers["Access-Control-Allow-Origin"] for said in words.values()] == ["*"] * 3
    assert [said.json["language"] for said in words.values()] == ["en", "ro", "zh-Hans"]
    english = words["en"].json
    assert (english["drawing"], english["ages"]["6-9"]) == ("A drawing by {name}", "6 to 9 years")
    for sheet in ("styles", "night"):
        answer = client.get(english[sheet].removeprefix(ROOT), buffered=True)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert [name for name, word in english.items() if not word] == ["demo"]


def lines(page: str) -> dict[str, str]:
    """What each box of lines holds, by its id."""
    return {name: unescape(text) for name, text in re.findall(r'<textarea id="([^"]+)"[^>]*>([^<]*)</textarea>', page)}


def preview(page: str) -> str:
    found = re.search(r'<iframe class="builder__preview" src="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def test_the_builder_says_what_of_a_campaign_the_component_leaves_out(app: Flask, client: FlaskClient) -> None:
    _scope, story_id = in_campaign(app, "embed", "gallery")
    said = {
        query: "The frame brings its call to action" in client.get(f"/embed?{query}&lang=en").text
        for query in ("what=campaign&campaign=here", "what=selection", f"what=story&story={story_id}")
    }
    assert list(said.values()) == [True, False, False]


def test_the_builder_makes_lines_for_a_campaign(app: Flask, client: FlaskClient) -> None:
    in_campaign(app, "embed")
    answer = client.get("/embed?what=campaign&campaign=here&look=dark&accent=%231B4B94&columns=2&in=ro&lang=en")
    made, frame = lines(answer.text), "/embed/campaigns/here?look=dark&accent=1b4b94&columns=2&lang=ro"
    assert preview(answer.text) == frame
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert f'src="{ROOT}/embed/campaigns/here?lang=ro&look=dark&accent=1b4b94&columns=2"' in unescape(made["frame"])
    assert "<script" not in made["frame"]
    assert f'<script type="module" src="{ROOT}/embed.js"></script>' in made["frame-script"]
    component = '<eyes-on-me campaign="here" theme="dark" accent="1b4b94" columns="2" lang="ro">'
    assert component in made["component"]
    assert f'<a href="{ROOT}/campaigns/here">Campaign here</a>' in made["component"]
    assert client.get(made["oembed"].removeprefix(ROOT)).json["type"] == "rich"
    assert TITLE in client.get(preview(answer.text)).text
    assert "Set-Cookie" not in answer.headers
    assert "/embed?what=campaign&campaign=here" in unescape(client.get("/campaigns/here").text)
    assert preview(client.get("/embed").text) == "/embed/stories"
    assert preview(client.get("/embed?what=campaign").text) == "/embed/campaigns/here"
    assert 'href="mailto:team@localhost"' in client.get("/embed").text
    assert preview(client.get("/embed?what=story").text) == ""


def test_the_builder_makes_lines_for_stories(app: Flask, client: FlaskClient) -> None:
    both, ours = shown(app, ["gallery", "embed"]), shown(app, ["gallery"])
    newest = client.get("/embed").text  # with no campaign, the newest stories
    assert preview(newest) == "/embed/stories"
    assert '<eyes-on-me selection="newest">' in lines(newest)["component"]
    narrowed = client.get("/embed?what=selection&theme=family&country=CN&count=9&look=light").text
    assert preview(narrowed) == "/embed/stories?theme=family&country=CN&count=9&look=light"
    assert (
        '<eyes-on-me selection="theme=family&amp;country=CN&amp;count=9" theme="light">' in lines(narrowed)["component"]
    )
    assert '<option value="family" selected>' in narrowed
    for typed in (both, f"{ROOT}/stories/{both}", f"{ROOT}/embed/stories/{both}"):
        page = client.get("/embed", query_string={"what": "story", "story": typed}).text
        assert (preview(page), typed in page) == (f"/embed/stories/{both}", True)
    assert unescape(client.get(f"/stories/{both}").text).count(f"/embed?what=story&story={both}") == 1
    for typed in (ours, NOBODY, "https://elsewhere.example/x", "\x00", "<script>", "%"):
        page = client.get("/embed", query_string={"what": "story", "story": typed, "lang": "en"}).text
        assert (preview(page), "or other sites may not show it" in page) == ("", True)
    say(app, both, embed="no")
    assert "was taken back" in client.get(f"/embed?what=story&story={both}&lang=en").text


def test_a_colour_that_is_none_is_said_to_be_none(client: FlaskClient) -> None:
    page = client.get("/embed?accent=red&lang=en").text
    assert "A colour has six signs" in page
    assert 'value="red"' in page
    assert "accent" not in preview(page)
