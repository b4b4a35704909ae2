"""What Huey logs of a queue that is away, as lines of our own log, and more rarely the longer it stays away."""

import logging
import sqlite3
import time
from collections.abc import Callable

import structlog
from redis import RedisError

OF_THE_QUEUE = (RedisError, sqlite3.Error)
FIRST_SECONDS, LONGEST_SECONDS = 1.0, 300.0
QUIET_SECONDS = 30.0
"""Who asks a queue that is away fails each second; whoever did not for so long had one that answered."""

log = structlog.get_logger()


class OutageLog(logging.Handler):
    """A line for a failure; for those of the queue a second later the next, then after two, four … 300 seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)
        self._now = now
        self._wait, self._next, self._seen = FIRST_SECONDS, 0.0, float("-inf")

    def emit(self, record: logging.LogRecord) -> None:
        """Say which kind of error it was, without its words: they may hold an address."""
        error = record.exc_info[1] if record.exc_info else None
        kind = type(error).__name__
        if not isinstance(error, OF_THE_QUEUE):
            log.error("worker.failed", doing=record.msg, error=kind if error else "")
        elif self._is_due():
            log.error("queue.unreachable", error=kind)

    def _is_due(self) -> bool:
        now = self._now()
        if now - self._seen > QUIET_SECONDS:
            self._wait, self._next = FIRST_SECONDS, now
        self._seen = now
        if now < self._next:
            return False
        self._next, self._wait = now + self._wait, min(2 * self._wait, LONGEST_SECONDS)
        return True


def calm_huey() -> None:
    """Have Huey's loggers write no tracebacks: a queue on Redis that is away made 170 lines of them a second."""
    theirs = logging.getLogger("huey")
    theirs.handlers, theirs.propagate = [OutageLog()], False
