"""A child at a browser, and the way through the pages, for the tests of telling and of what comes after."""

import io
import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app.people.rules import CardNumber

WORDS = {"title": "The yard", "text": "My mother calls on Sundays.\r\nI feed the hens."}
ABOUT = {"invented_name": "Fox", "age_band": "10-12", "country": "RO", "region": "Moldova"}


def picture(side: int = 64) -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


class Visitor:
    """Somebody with a browser: posts what the page's form would post, its token and hidden fields included."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""
        self.token = ""

    def get(self, address: str, **more: Any) -> TestResponse:
        return self._seen(self.client.get(address, **more))

    def post(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        return self._seen(self.client.post(address, data={"csrf_token": self.token, **(data or {})}, **more))

    def put_file(self, address: str, content: bytes, **headers: str) -> TestResponse:
        sent = {"X-CSRFToken": self.token, "Accept": "application/json", **headers}
        return self.client.put(address, data=content, headers=sent, content_type="application/octet-stream")

    def follow(self, response: TestResponse) -> TestResponse:
        assert response.status_code == 302, response.status_code
        while response.status_code == 302:
            response = self.get(response.location)
        return response

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found is not None, f"no hidden field {name}"
        return unescape(found[1])

    @property
    def words(self) -> str:
        """What the page says, without its markup."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code != 302:
            self.page = response.text
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
            self.token = found[1] if found else self.token
        return response


class Child(Visitor):
    """A child who tells a story page by page."""

    def begin(self, locale: str = "en", client_id: str = "") -> str:
        """Begin a draft; the client-made id."""
        self.get("/tell")
        client_id = client_id or self.hidden("client_id")
        self.follow(self.post("/tell", {"client_id": client_id, "locale": locale}))
        return client_id

    def write(self, **words: Any) -> TestResponse:
        self.get("/tell/story")
        data = {**WORDS, "go": "next", **words}
        return self.post("/tell/story", data, content_type="multipart/form-data")

    def answer(self, **answers: str) -> TestResponse:
        self.get("/tell/answers")
        return self.post("/tell/answers", {"text": self.hidden("text"), "go": "next", **answers})

    def fill(self, *, email: str = "", **answers: str) -> None:
        """Every form up to the last page; a page is opened only for what its form hands on."""
        self.begin()
        self.go_on(email=email, **answers)

    def go_on(self, *, email: str = "", **answers: str) -> None:
        """The pages after the first one, up to the last one."""
        assert self.write().location == "/tell/about"
        assert self.post("/tell/about", {**ABOUT, "go": "next"}).location == "/tell/helper"
        assert self.post("/tell/helper", {"helper": "nobody", "go": "next"}).location == "/tell/answers"
        assert self.answer(**(answers or {"gallery": "yes"})).location == "/tell/guardian"
        how = {"how": "letter", "email": email} if email else {"how": "hand"}
        assert self.post("/tell/guardian", {**how, "guardian_locale": "en", "go": "next"}).location == "/tell/look"

    def tell(self, *, email: str = "", **answers: str) -> CardNumber:
        """Tell a story and send it; the card, as the last page shows it."""
        self.fill(email=email, **answers)
        return self.send()

    def send(self) -> CardNumber:
        """Send what was filled in; the card, as the last page shows it."""
        self.follow(self.post("/tell/look", {"go": "send"}))
        return self.card()

    def card(self) -> CardNumber:
        self.get("/tell/card")
        printed = re.search(r'class="story-card__digits"[^>]*>(.*?)</p>', self.page, re.DOTALL)
        assert printed is not None
        self.kept = CardNumber(re.sub(r"<[^>]+>|\D", "", printed[1]))
        return self.kept

    def link(self) -> str:
        """The guardian's address on the card's page, without its host."""
        found = re.search(r'href="https?://[^/"]+(/consent/[^"?]+)', self.page)
        assert found is not None
        return found[1]

    def confirm(self, card: CardNumber) -> None:
        self.get("/tell/card")
        self.follow(self.post("/tell/card", {"picture": str(card.check)}))

    def open(self, card: CardNumber) -> TestResponse:
        self.get("/my-story")
        return self.post("/my-story", {"card": " ".join(card.groups), "picture": str(card.check)})

    def open_again(self) -> TestResponse:
        """Another day: the page that the same card opens."""
        return self.follow(self.open(self.kept))

    def come_back(self, **answers: str) -> CardNumber:
        """Tell, confirm the card, and open the story with it."""
        card = self.tell(**answers)
        self.confirm(card)
        self.follow(self.open(card))
        return card
