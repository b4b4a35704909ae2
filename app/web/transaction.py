"""One commit, at the edge: a view that says `@writes` is committed when it answers well, rolled back otherwise.

When the database ends its transaction for the sake of another, it is run once more. That is safe: everything it did was
undone, its form was taken in whole, and nothing leaves the house before the commit. A form with files is not run again,
because they have been read, and neither is a view that says `@writes_late`.

A view that takes a file in says `@writes_late`: it reads, lets the database go while a slow telephone sends, and calls
`start_writing()` before it writes. On SQLite nobody else could write in the meantime otherwise.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, request, session
from flask.wrappers import Response
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Unavailable
from app.extensions import writing

GAVE_WAY = ("40001", "40P01")
"""serialization_failure and deadlock_detected: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

View = TypeVar("View", bound=Callable[..., Any])


def writes(view: View) -> View:
    """Commit after the view when its status is below 400; run it once more where it had to give way to another."""
    committed = writes_late(view)

    @wraps(view)
    def committed_in_the_end(*args: Any, **kwargs: Any) -> Response:
        try:
            return committed(*args, **kwargs)  # type: ignore[no-any-return]
        except (OperationalError, Unavailable) as error:
            if request.files or not gave_way(error):
                raise
        return committed(*args, **kwargs)  # type: ignore[no-any-return]

    committed_in_the_end.__writes__ = True  # type: ignore[attr-defined]
    return committed_in_the_end  # type: ignore[return-value]


def gave_way(error: BaseException) -> bool:
    """Whether the database ended this transaction because two waited for each other, or could not both be right."""
    cause = error if isinstance(error, OperationalError) else error.__cause__
    return isinstance(cause, OperationalError) and getattr(cause.orig, "sqlstate", None) in GAVE_WAY


def writes_late(view: View) -> View:
    """The same for a view that calls `start_writing` itself, once the slow part is over."""

    @wraps(view)
    def committed(*args: Any, **kwargs: Any) -> Response:
        before = dict(session)
        try:
            response = current_app.make_response(view(*args, **kwargs))
            if response.status_code < 400:
                commit(outside().queue)
            else:
                rollback()
        except BaseException as error:
            rollback()
            if not isinstance(error, HTTPException):
                forget(before)
            raise
        return response

    return committed  # type: ignore[return-value]


def forget(before: dict[str, Any]) -> None:
    """Leave the visitor's session as it was: it must not name what the database does not know."""
    session.clear()
    session.update(before)
    session.modified = False


def look_again(actor: str, verb: Verb, subject: str, **detail: Any) -> None:
    """Before a refused form comes back with private things around it: undo what it wrote, and keep that somebody looks.

    The answer is not a good one, so nothing else of this request would be committed.
    """
    rollback()
    record(actor, verb, subject, **detail)
    commit(outside().queue)


def start_writing() -> None:
    """End what was read so far, and begin a transaction that will write."""
    rollback()
    writing.set(True)


def declare_writing() -> None:
    """Before each request, and before anything is read: tell the database whether this one will write.

    Such a form is taken in whole first: nobody else could write while it trickles in.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    writes_now = hasattr(view, "__writes__") and request.method != "OPTIONS"
    if writes_now:
        request.form  # noqa: B018  (reading it is what takes it in)
    writing.set(writes_now)


def stop_writing(_error: BaseException | None = None) -> None:
    """After each request."""
    writing.set(False)
