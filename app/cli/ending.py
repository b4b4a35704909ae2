"""A command that is told to end by a signal: what it began is undone, and what is nearly done is not disturbed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def undone_when_ended() -> Iterator[None]:
    """The first of these signals raises SystemExit in the block, which undoes what it did; no other is heard then."""
    heard = [number for number in ENDS if signal.getsignal(number) is not signal.SIG_IGN]  # `nohup` ignores one
    before = {number: signal.signal(number, leave) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End, as a shell says which signal it was."""
    hear_nothing()
    raise SystemExit(128 + number)


def hear_nothing() -> None:
    """From here to the end of the block, only SIGKILL ends it."""
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
