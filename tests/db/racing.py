"""Two transactions at once: real threads, each with its own session, connection and app context."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

from flask import Flask

from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.extensions import db, writing

MEET_SECONDS = 0.4

Act = Callable[[], object]


def race(app: Flask, *acts: Act) -> list[object]:
    """Run every act in its own transaction at the same time: what each gave back, or the exception it ended with.

    Nobody commits before the others have acted too, unless the database makes them wait for one another.
    """
    db.session.rollback()
    acted, ended = Barrier(len(acts)), [None] * len(acts)
    threads = [Thread(target=_take_part, args=(app, act, acted, ended, at)) for at, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return ended


def _take_part(app: Flask, act: Act, acted: Barrier, ended: list[object], at: int) -> None:
    with app.app_context():
        token = writing.set(True)
        try:
            ended[at] = act()
            with suppress(BrokenBarrierError):
                acted.wait(MEET_SECONDS)
            commit(outside().queue)
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            rollback()
            ended[at] = error
        finally:
            writing.reset(token)


def kinds(ended: list[object]) -> list[str]:
    """The exceptions' names, and "done" for what ended well; sorted, because nobody knows who wins."""
    return sorted(type(end).__name__ if isinstance(end, Exception) else "done" for end in ended)
