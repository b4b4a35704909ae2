"""A view that had to give way to another transaction is run once more, and nothing of its first run is left."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, session
from psycopg.errors import DeadlockDetected, QueryCanceled, SerializationFailure
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from app.adapters import outside
from app.adapters.queue import MemoryQueue, afterwards, commit, later
from app.audit.actions import record
from app.audit.models import AuditEntry
from app.audit.rules import Verb
from app.errors import Unavailable
from app.extensions import db
from app.web.transaction import writes

FAILURES = [DeadlockDetected, SerializationFailure]


def run(app: Flask, failures: list[Exception], **request: Any) -> tuple[str, int, list[str]]:
    """A view that fails so often: its answer, the entries it left, what each run found in the session."""
    found = []

    @writes
    def view() -> str:
        found.append(session.get("seen", ""))
        session["seen"] = "before"
        record("clock", Verb.AUDIT_READ, "audit")
        if failures:
            raise failures.pop()
        return "well"

    with app.test_request_context("/", method="POST", **request):
        try:
            answer = view().get_data(as_text=True)
        except (OperationalError, Unavailable) as error:
            answer = type(error).__name__
    db.session.rollback()
    return answer, db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0, found


def from_database(kind: type[Exception]) -> OperationalError:
    return OperationalError("SELECT 1", None, kind())


@pytest.mark.parametrize("kind", FAILURES)
def test_a_view_that_gave_way_is_run_once_more(app: Flask, kind: type[Exception]) -> None:
    assert run(app, [from_database(kind)]) == ("well", 1, ["", ""])
    assert run(app, [from_database(kind), from_database(kind)]) == ("OperationalError", 1, ["", ""])


def test_so_is_one_whose_commit_gave_way(app: Flask) -> None:
    error = Unavailable("database")
    error.__cause__ = from_database(DeadlockDetected)
    assert run(app, [error]) == ("well", 1, ["", ""])


@pytest.mark.parametrize("error", [lambda: from_database(QueryCanceled), lambda: Unavailable("vault_full")])
def test_another_failure_is_told_at_once(app: Flask, error: Callable[[], Exception]) -> None:
    raised = error()
    assert run(app, [raised]) == (type(raised).__name__, 0, [""])


def test_a_form_whose_files_were_read_is_not_run_again(app: Flask) -> None:
    files = {"recording": (BytesIO(b"sound"), "voice.ogg")}
    assert run(app, [from_database(DeadlockDetected)], data=files) == ("OperationalError", 0, [""])


@pytest.mark.parametrize(
    ("error", "said"),
    [(Unavailable("revocations"), {"outside": "revocations"}), (KeyError("x"), {"error": "KeyError"})],
)
def test_what_fails_after_a_commit_takes_nothing_back_and_holds_nothing_up(
    error: Exception, said: dict[str, str]
) -> None:
    def fail() -> None:
        raise error

    done: list[str] = []
    record("clock", Verb.AUDIT_READ, "audit")
    for act in (fail, lambda: done.append("the next one")):
        afterwards(act)
    later("people.send_letter", "one")
    with capture_logs() as logs:
        commit(outside().queue)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 1
    queue = outside().queue
    assert isinstance(queue, MemoryQueue)
    assert (done, queue.sent) == (["the next one"], [("people.send_letter", "one")])
    assert logs == [{"event": "afterwards.failed", "log_level": "error", **said}]
