"""Jobs: named functions that run in the worker, and the one commit after which their hints leave.

The database is the truth, the queue a hint: a hint that is lost (dead queue, killed worker) costs time,
never work, because the sweeper asks the database what is unfinished.
"""

import errno
import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar

import structlog
from huey import Huey, PriorityRedisHuey, SqliteHuey
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.errors import Unavailable
from app.extensions import db

log = structlog.get_logger()

JOBS: dict[str, Callable[..., None]] = {}
LONG = frozenset({"media.make_renditions"})
"""Jobs that take seconds each and come by the hundred: whatever else is to be done does not stand behind them."""
FIRST = 2
"""The priority of the sweep. Other jobs have 1, long ones 0."""
HINTS = "job_hints"
AFTERWARDS = "after_the_commit"

F = TypeVar("F", bound=Callable[..., None])


def job(name: str) -> Callable[[F], F]:
    """Register the decorated function as the job `name`; it takes ids and runs inside an app context."""

    def register(function: F) -> F:
        JOBS[name] = function
        return function

    return register


class Queue(Protocol):
    """Somewhere to leave a hint that a job is waiting."""

    def send(self, name: str, *args: str) -> None: ...


class MemoryQueue:
    """Keeps hints in a list; tests run them when they choose to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, ...]] = []

    def send(self, name: str, *args: str) -> None:
        self.sent.append((name, *args))


class HueyQueue:
    """Huey behind the interface. One Huey task carries every job, so the worker needs no task modules."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self.run: Callable[..., None] | None = None
        self._task = huey.task(name="run_job")(self._run)

    def _run(self, name: str, *args: str) -> None:
        if self.run is None:
            raise RuntimeError("this process only sends jobs; the worker sets `run`")
        self.run(name, *args)

    def send(self, name: str, *args: str) -> None:
        self._task(name, *args, priority=0 if name in LONG else 1)


def choose_queue(settings: Settings) -> Queue:
    """Huey on SQLite in the data folder, or on Redis when `EYES_QUEUE_URL` says so."""
    if settings.queue_url:
        return HueyQueue(PriorityRedisHuey("eyes-by-priority", url=settings.queue_url, results=False))
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.data_dir.chmod(0o700)  # whoever made it
    file = str(settings.data_dir / "queue.sqlite")
    try:
        return HueyQueue(SqliteHuey("eyes", filename=file, fsync=True, results=False))
    except sqlite3.Error as error:  # it names no file
        raise OSError(errno.EIO, str(error), file) from error


def later(name: str, *args: str) -> None:
    """Leave a hint for the job `name` when the current transaction commits."""
    db.session.info.setdefault(HINTS, []).append((name, *args))


def afterwards(act: Callable[[], None]) -> None:
    """Do `act` when the current transaction has committed, and before anybody is told so.

    It cannot undo the commit any more: when the outside does not answer, that is logged and left to the sweeper.
    """
    db.session.info.setdefault(AFTERWARDS, []).append(act)


def commit(queue: Queue) -> None:
    """The one commit, at the edge; then what waited for it is done and the hints leave, and neither ever raises."""
    session = db.session
    try:
        session.commit()
    except OperationalError as error:
        rollback()
        raise Unavailable("database") from error
    for act in session.info.pop(AFTERWARDS, []):
        try:
            act()
        except Unavailable as error:
            log.error("afterwards.failed", outside=error.code)
        except Exception as error:  # noqa: BLE001  whatever it was, what is committed is committed
            log.error("afterwards.failed", error=type(error).__name__)
    for name, *args in dict.fromkeys(session.info.pop(HINTS, [])):
        try:
            queue.send(name, *args)
        except Exception as error:  # noqa: BLE001  any queue failure means the same: the sweeper will find the work
            log.warning("queue.unreachable", job=name, error=type(error).__name__)


def rollback() -> None:
    """Undo the current transaction; its hints never leave."""
    db.session.rollback()
    for waiting in (AFTERWARDS, HINTS):
        db.session.info.pop(waiting, None)
