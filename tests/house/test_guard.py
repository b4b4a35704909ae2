"""Nobody can forget to say who a view is for."""

import pytest
from flask import Flask

from app.web.guard import Access, refuse_unmarked


def test_every_view_says_who_it_is_for(app: Flask) -> None:
    assert len(app.view_functions) > 20
    assert {name for name, view in app.view_functions.items() if not isinstance(view.__access__, Access)} == set()


def test_an_unmarked_view_stops_the_start(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: "who may see this?"
    with pytest.raises(RuntimeError, match="forgotten"):
        refuse_unmarked(app)
