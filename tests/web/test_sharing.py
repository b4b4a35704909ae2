"""What a link brings along, and what a page tells search engines: true, harmless, and gone with its story."""

import io
import json
import re

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.adapters import outside
from app.consent.actions import hide
from app.consent.rules import Party
from app.people.rules import Locale
from app.stories.rules import Beside
from app.web.structured import linked_data
from tests.factories.stories import TEXT
from tests.factories.wordings import put_beside
from tests.web.public_side import change, file_names, in_campaign, say, shown

SIZE = (1200, 630)
HOSTILE = '</script><img src=x>\u2028 & "quoted"'
HOME = "http://127.0.0.1:8000"


def picture(client: FlaskClient, address: str) -> Image.Image:
    """A share picture, as whoever shows a link takes it."""
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "image/jpeg")
    assert len(response.data) <= 300_000
    image = Image.open(io.BytesIO(response.data))
    assert (image.size, image.getexif(), "icc_profile" in image.info) == (SIZE, {}, False)
    return image


def red(image: Image.Image) -> bool:
    """Whether the story's picture is in it."""
    found = image.getpixel((200, 315))
    assert isinstance(found, tuple)
    return found[0] > 180 and found[1] < 80


def paint(app: Flask, story_id: str) -> None:
    """Give a story's renditions something to see."""
    out = io.BytesIO()
    Image.new("RGB", (900, 600), (220, 30, 30)).save(out, "WEBP")
    with app.app_context():
        for name in file_names(app, story_id):
            outside().public.put(f"{story_id}/{name}", [out.getvalue()])


def data(page: str) -> dict[str, object]:
    """The page's own block of data."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, object] = json.loads(block)
    return found


def head(page: str) -> dict[str, str]:
    """What it says for whoever shows a link to it."""
    return dict(re.findall(r'<meta property="(og:[a-z:]+)" content="([^"]*)">', page))


def test_a_story_has_a_picture_as_long_as_it_has_a_page(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, pictures=1, title="Țara mea: 水牛")
    paint(app, story_id)
    address = f"/stories/{story_id}/share.jpg"
    assert red(picture(client, address))
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert head(client.get(f"/stories/{story_id}").text)["og:image"] == f"{HOME}{address}?lang=en"
    say(app, story_id, gallery="no")
    assert client.get(address).status_code == 410
    assert client.get(f"/stories/{'A' * 22}/share.jpg").status_code == 404


def test_a_picture_that_cannot_be_opened_leaves_the_words(app: Flask, client: FlaskClient) -> None:
    painted, written = shown(app, pictures=1), shown(app, text="مرحبا", title="مرحبا")
    for story_id in (painted, written):
        assert not red(picture(client, f"/stories/{story_id}/share.jpg"))


def test_a_campaign_and_the_home_page_have_one_too(app: Flask, client: FlaskClient) -> None:
    _scope, story_id = in_campaign(app)
    paint(app, story_id)
    assert red(picture(client, "/campaigns/here/share.jpg"))
    change(app, story_id, lambda story: hide(story, Party.CHILD))
    assert not red(picture(client, "/campaigns/here/share.jpg"))
    assert client.get("/share.jpg?lang=zh").data != client.get("/share.jpg?lang=ro").data
    picture(client, "/share.jpg")


def test_a_storys_data_says_no_more_than_its_page(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, pictures=1, sounds=1, own_voice=True, title="The kite")
    found = data(client.get(f"/stories/{story_id}").text)
    assert (found["@context"], found["@type"], found["name"]) == ("https://schema.org", "VisualArtwork", "The kite")
    assert (found["url"], found["inLanguage"]) == (f"{HOME}/stories/{story_id}", "en")
    assert found["contentLocation"] == {"@type": "Country", "name": "Romania"}
    assert isinstance(found["author"], dict)
    (audio,) = found["audio"]  # type: ignore[misc]
    assert audio["duration"] == "PT0M4S"
    assert not [word for word in ("birth", "Vaslui", "10-12") if word in json.dumps(found)]
    say(app, story_id, place="unsure", name="none")
    found = data(client.get(f"/stories/{story_id}").text)
    assert not {"author", "contentLocation"} & found.keys()
    heard, read = shown(app, text="", sounds=1, own_voice=True), shown(app)
    assert data(client.get(f"/stories/{heard}").text)["@type"] == "AudioObject"
    assert data(client.get(f"/stories/{read}").text)["@type"] == "CreativeWork"


def test_a_page_is_told_of_in_every_language(app: Flask, client: FlaskClient) -> None:
    in_campaign(app)
    story_id = shown(app)
    for path in ("/", "/about", "/campaigns", "/campaigns/here", f"/stories/{story_id}"):
        page = client.get(f"{path}?lang=ro&in=en").text
        links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
        codes = {"en": "en", "zh-Hans": "zh", "ro": "ro", "it": "it"}
        assert links == {tag: f"{HOME}{path}?lang={code}" for tag, code in codes.items()} | {
            "x-default": f"{HOME}{path}"
        }
    assert "hreflang" not in client.get("/gallery?q=kite").text.partition("</head>")[0]


def test_a_link_says_a_story_in_one_language(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery", "translate"], title="The kite")
    change(app, story_id, lambda story: put_beside(story, Beside.TRANSLATION, Locale.RO))
    said = {code: head(client.get(f"/stories/{story_id}?lang={code}").text) for code in ("en", "ro")}
    both = {code: (tags["og:title"], tags["og:description"]) for code, tags in said.items()}
    assert both == {"en": ("The kite", TEXT), "ro": ("Zmeul", "Mama lucrează departe.")}


def test_nothing_a_child_writes_can_end_the_block(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, title=HOSTILE)
    page = client.get(f"/stories/{story_id}").text
    assert data(page)["name"] == HOSTILE
    assert "<img src=x>" not in page
    assert "\u2028" not in linked_data({"name": HOSTILE})
    assert head(page)["og:title"].startswith("&lt;/script&gt;&lt;img src=x&gt;")


def test_each_kind_of_page_says_what_it_is(app: Flask, client: FlaskClient) -> None:
    in_campaign(app)
    home = data(client.get("/?lang=ro").text)
    assert (home["@type"], home["url"]) == ("WebSite", f"{HOME}/")
    search = home["potentialAction"]["target"]["urlTemplate"]  # type: ignore[index]
    assert search == f"{HOME}/gallery?lang=ro&q={{words}}"
    assert client.get(search.removeprefix(HOME).format(words="kite")).status_code == 200
    assert data(client.get("/gallery").text)["@type"] == "CollectionPage"
    assert "ld+json" not in client.get("/gallery?theme=family").text
    page = client.get("/campaigns/here?lang=zh").text
    assert (data(page)["name"], data(page)["inLanguage"]) == ("行动 here", "zh-Hans")
    tags = head(page)
    assert (tags["og:title"], tags["og:locale"], tags["og:type"]) == ("行动 here", "zh_CN", "website")
    assert tags["og:url"] == data(page)["url"] == f"{HOME}/campaigns/here?lang=zh"
    assert tags["og:image"] == f"{HOME}/campaigns/here/share.jpg?lang=zh"
    assert '<meta name="twitter:card" content="summary_large_image">' in page
