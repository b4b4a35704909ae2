"""oEmbed read by a library that somebody else wrote."""

import micawber
import pytest
from flask import Flask
from flask.testing import FlaskClient
from micawber.exceptions import ProviderException, ProviderHTTPException

from tests.factories.stories import TITLE
from tests.web.public_side import in_campaign, say, shown

ROOT = "http://127.0.0.1:8000"


class Consumer(micawber.Provider):
    """The library's own reading of what the product answers; only the wire between them is missing."""

    def __init__(self, client: FlaskClient) -> None:
        super().__init__(f"{ROOT}/oembed")
        self.client = client

    def fetch(self, url: str) -> str:
        answer = self.client.get(url.removeprefix(ROOT))
        if answer.status_code != 200:
            raise ProviderHTTPException(url, answer.status_code)
        return answer.text


def test_a_consumer_finds_our_addresses_in_a_text_and_shows_them(app: Flask, client: FlaskClient) -> None:
    _, story_id = in_campaign(app, "gallery", "embed")
    registry = micawber.ProviderRegistry()
    registry.register(rf"{ROOT}/(stories|campaigns|gallery)\S*", Consumer(client))
    addresses = [f"{ROOT}/stories/{story_id}", f"{ROOT}/campaigns/here", f"{ROOT}/gallery?theme=family"]
    text, found = registry.extract("\n".join(addresses), maxwidth=500)
    assert set(text) == set(addresses)
    assert {address: (said["type"], said["width"] <= 500) for address, said in found.items()} == dict.fromkeys(
        addresses, ("rich", True)
    )
    assert found[addresses[0]]["title"] == TITLE
    shown_there = registry.parse_text(addresses[0])
    assert f'<iframe src="{ROOT}/embed/stories/{story_id}"' in shown_there


def test_a_consumer_is_told_of_what_is_gone(app: Flask, client: FlaskClient) -> None:
    story_id = shown(app, ["gallery", "embed"])
    consumer = Consumer(client)
    assert consumer.request(f"{ROOT}/stories/{story_id}")["type"] == "rich"
    say(app, story_id, embed="no")
    for address in (f"{ROOT}/stories/{story_id}", "https://elsewhere.example/x"):
        with pytest.raises(ProviderException):
            consumer.request(address)
