"""The one place the product asks for the time, so that tests can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def stamp(moment: datetime) -> int:
    """A moment as microseconds since the epoch, for a form to carry."""
    return (moment - EPOCH) // MICROSECOND


def of_stamp(microseconds: int) -> datetime:
    """And back. Raises `OverflowError`."""
    return EPOCH + microseconds * MICROSECOND


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` (aware) for the length of the block."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
