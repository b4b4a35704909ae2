"""The product as `wsgi` makes it, under a clock that a test moves: what `live.Moving` serves and works with."""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from app import clock
from wsgi import app

__all__ = ["app"]

AHEAD = Path(os.environ["CLOCK_FILE"])
"""Holds how many seconds the clock is ahead."""


class MovedDatetime(datetime):
    """Whom `app.clock` asks for the present moment."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The present moment, moved."""
        return datetime.now(tz) + timedelta(seconds=float(AHEAD.read_text()))


clock.datetime = MovedDatetime  # type: ignore[misc, attr-defined]
