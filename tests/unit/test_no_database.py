"""Unit tests cannot reach a database, and this is how they find out."""

import pytest
from sqlalchemy import create_engine


def test_a_unit_test_cannot_open_a_connection() -> None:
    with pytest.raises(AssertionError, match="belongs in tests/db"):
        create_engine("sqlite://").connect()
