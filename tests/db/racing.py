"""Two transactions at once: real threads, each with its own session, connection and app context."""

import sys
import time
from collections.abc import Callable, Sequence
from threading import Event, Thread, current_thread

from flask import Flask

from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.extensions import db, writing

MEET_SECONDS = 0.4
STILL_SECONDS = 0.1
LOOK_SECONDS = 0.01

Act = Callable[[], object]


def race(app: Flask, *acts: Act) -> list[object]:
    """Run every act in its own transaction at the same time: what each gave back, or the exception it ended with.

    Nobody commits before the others have acted too, unless the database makes them wait for one another.
    """
    db.session.rollback()
    ended: list[object] = [None] * len(acts)
    acted = [Event() for _ in acts]
    threads: list[Thread] = []
    for at, act in enumerate(acts):
        threads.append(Thread(target=_take_part, args=(app, act, acted, threads, ended, at)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return ended


def _take_part(
    app: Flask, act: Act, acted: Sequence[Event], threads: Sequence[Thread], ended: list[object], at: int
) -> None:
    with app.app_context():
        token = writing.set(True)
        try:
            ended[at] = act()
            acted[at].set()
            _meet(acted, threads)
            commit(outside().queue)
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            rollback()
            ended[at] = error
        finally:
            acted[at].set()
            writing.reset(token)


def _meet(acted: Sequence[Event], threads: Sequence[Thread]) -> None:
    """Wait for the others, but not for whoever stands still in one place: the database lets them wait for us."""
    until, since, before = time.monotonic() + MEET_SECONDS, time.monotonic(), None
    while not all(event.is_set() for event in acted) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        places = _places(threads)
        if places != before:
            since, before = time.monotonic(), places
        elif time.monotonic() - since > STILL_SECONDS:
            return


def _places(threads: Sequence[Thread]) -> list[tuple[int, int] | None]:
    """Where in the code each of the others is at this moment."""
    frames = sys._current_frames()
    others = [frames.get(thread.ident or 0) for thread in threads if thread is not current_thread()]
    return [(id(frame), frame.f_lasti) if frame is not None else None for frame in others]


def kinds(ended: list[object]) -> list[str]:
    """The exceptions' names, and "done" for what ended well; sorted, because nobody knows who wins."""
    return sorted(type(end).__name__ if isinstance(end, Exception) else "done" for end in ended)
