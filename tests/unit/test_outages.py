"""A queue that is away is a line of the log, more rarely the longer it stays away."""

import logging
from collections.abc import Iterator

import pytest
from redis import ConnectionError as RedisAway
from structlog.testing import capture_logs

from app.cli.outages import OutageLog, calm_huey


class Hands:
    """A clock that a test moves."""

    at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def huey_log(hands: Hands) -> Iterator[logging.Logger]:
    """What Huey's consumer logs to, heard as the worker hears it."""
    theirs = logging.getLogger("huey")
    before = theirs.handlers, theirs.propagate
    calm_huey()
    theirs.handlers = [OutageLog(hands)]
    yield logging.getLogger("huey.consumer.Worker")
    theirs.handlers, theirs.propagate = before


def fail(huey_log: logging.Logger, error: Exception) -> None:
    try:
        raise error
    except Exception:  # noqa: BLE001  (as Huey does)
        huey_log.exception("Error reading from queue")


def test_an_outage_is_a_few_lines_and_the_next_one_is_heard_at_once(
    huey_log: logging.Logger, hands: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as lines:
        for _ in range(120):  # ten minutes
            fail(huey_log, RedisAway("Error 111 connecting to redis://:hunter2@queue"))
            hands.at += 5
        assert lines[0] == {"event": "queue.unreachable", "error": "ConnectionError", "log_level": "error"}
        assert len(lines) == 10
        seen = len(lines)
        hands.at += 60
        fail(huey_log, RedisAway())
        assert len(lines) == seen + 1
    assert "hunter2" not in str(lines)
    assert capsys.readouterr().err == ""


def test_what_fails_otherwise_is_a_line_each_time(huey_log: logging.Logger) -> None:
    with capture_logs() as lines:
        for _ in range(3):
            fail(huey_log, ValueError("hunter2"))
    expected = {
        "event": "worker.failed",
        "doing": "Error reading from queue",
        "error": "ValueError",
        "log_level": "error",
    }
    assert lines == [expected] * 3
