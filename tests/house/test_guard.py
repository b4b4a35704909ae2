"""Nobody can forget to say who a view is for."""

import pytest
from flask import Flask

from app.web.guard import Access, is_written, lost, refuse_unmarked
from tests.factories.texts import newest


def test_every_view_says_who_it_is_for(app: Flask) -> None:
    assert len(app.view_functions) > 20
    assert {name for name, view in app.view_functions.items() if not isinstance(view.__access__, Access)} == set()


def test_an_unmarked_view_stops_the_start(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: "who may see this?"
    with pytest.raises(RuntimeError, match="forgotten"):
        refuse_unmarked(app)


def test_a_mark_that_a_form_carries_was_written_by_nobody(app: Flask) -> None:
    text = newest("guardian", "en")
    assert [is_written("text", words) for words in (text.mark, text.sha256, "", " ", "f" * 63)] == [False] * 4 + [True]
    assert not is_written("csrf_token", "x")
    with app.test_request_context(method="POST", data={"csrf_token": "x", "version": "1", "text": text.mark}):
        assert lost() is None
    with app.test_request_context(method="POST", data={"csrf_token": "x", "text": "Somebody works far away."}):
        assert lost() == "1"
