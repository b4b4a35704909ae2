"""A card that was typed in and is not whole: what is missing is said, and nothing else."""

import re

import pytest
from flask import Flask

from app.people.rules import CardNumber
from tests.web.telling import Child, Visitor

STRANGER = "4929" * 4
"""The digits of a card that nobody has."""


@pytest.mark.parametrize("length", [0, 15, 16])
def test_what_a_card_still_lacks_is_said_at_its_field_and_is_no_guess(
    app: Flask, sent: tuple[Child, CardNumber], length: int
) -> None:
    _child, card = sent
    visitor = Visitor(app.test_client())
    digits = {"card-error": "A card has sixteen digits; some are missing."} if length < 16 else {}
    picture = {"picture-error": "Please choose the picture on your card too."}
    said = dict.fromkeys(("", "-1", "9" * 50), digits | picture)
    if length < 16:
        said |= dict.fromkeys((str(card.check), str((card.check + 1) % 10)), digits)
    for given, expected in said.items():
        for number in (card.digits, STRANGER):
            visitor.get("/my-story")
            assert visitor.post("/my-story", {"card": number[:length], "picture": given}).status_code == 422
            assert errors_at(visitor.page) == expected
            assert f'value="{number[:length]}"' in visitor.page
    for _ in range(30):
        assert visitor.post("/my-story", {"card": card.digits[:length]}).status_code == 422
        assert visitor.client.get(f"/my-story?card={card.digits[:length] or 'x'}").status_code == 422
    assert visitor.client.get(f"/my-story?card={card.digits}{card.check}").location == "/my-story/home"


def errors_at(page: str) -> dict[str, str]:
    """The sentences beside fields, by the field they stand at."""
    return dict(re.findall(r'class="field__error" id="([^"]*)">(?:<svg.*?</svg>)?(.*?)</p>', page, re.DOTALL))
