"""A command that is told to end: by the signals that reach it, and only by those."""

import os
import signal
from collections.abc import Iterator

import pytest

from app.cli.ending import ENDS, hear_nothing, undone_when_ended


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Those of before come back."""
    before = {number: signal.getsignal(number) for number in ENDS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_ends_the_block_and_no_other_is_heard_meanwhile(number: int) -> None:
    undone = []

    def work() -> None:
        try:
            os.kill(os.getpid(), number)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            undone.append(number)

    with pytest.raises(SystemExit) as ended, undone_when_ended():
        work()
    assert (ended.value.code, undone) == (128 + number, [number])


def test_what_is_nearly_done_is_not_disturbed() -> None:
    with undone_when_ended():
        hear_nothing()
        os.kill(os.getpid(), signal.SIGTERM)


def test_what_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with undone_when_ended():
        os.kill(os.getpid(), signal.SIGHUP)
