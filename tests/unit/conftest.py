"""Rules are plain functions of plain values: a test here that reaches for a database fails."""

from typing import NoReturn

import pytest
from sqlalchemy import Engine


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the one way from SQLAlchemy to a database."""

    def refuse(_engine: Engine) -> NoReturn:
        raise AssertionError("a unit test reached for the database; it belongs in tests/db")

    monkeypatch.setattr(Engine, "raw_connection", refuse)
