"""Domain errors become answers: a status, and a kind sentence in the visitor's language."""

from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.adapters.queue import rollback
from app.errors import Conflict, EyesError, Gone, Invalid, LoggedOut, NotAllowed, NotFound, Unavailable
from app.web import fragments
from app.web.given_back import written
from app.web.guard import is_public
from app.web.problems import by_script, problem
from app.web.programs import is_for_programs
from app.web.transaction import stop_writing
from app.web.ways_back import is_in_staff_area, ways_back
from app.web.words import sentence

log = structlog.get_logger()

STATUS: dict[type[EyesError], int] = {
    Invalid: 400,
    LoggedOut: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    Unavailable: 503,
}
RETRY_AFTER_SECONDS = "30"
KEPT_HEADERS = ("Allow", "Content-Range")
"""What Werkzeug says about its own refusals, beside the page."""
PAGES = {400, 403, 404, 405, 409, 410, 413, 429, 500, 503}
PUBLIC_FRAME, STAFF_FRAME = "base.html", "base_staff.html"


def init_app(app: Flask) -> None:
    """Answer every error with a page, or with JSON to a script that asked for it."""
    app.register_error_handler(EyesError, from_domain)
    app.register_error_handler(CSRFError, from_stale_form)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(OperationalError, from_database)
    app.register_error_handler(Exception, from_anything)


def from_domain(error: EyesError) -> ResponseReturnValue:
    """What the domain raised on purpose."""
    return answer(next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500), error.code)


def from_stale_form(_error: CSRFError) -> ResponseReturnValue:
    """A form from another session, or from before a log-in."""
    return answer(400, "stale_telling" if request.blueprint == "tell" else "stale_form")


def from_http(error: HTTPException) -> ResponseReturnValue:
    """What Flask and Werkzeug raised."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if error.code == 404 and is_slash_too_many():
        query = request.query_string.decode("ascii")
        return redirect(quote(request.path.rstrip("/")) + (f"?{query}" if query else ""), 308)
    response = current_app.make_response(answer(error.code))
    for name, value in error.get_headers():
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def is_slash_too_many() -> bool:
    """Whether there would be a page, were there no slash at the end of its address: people write one when they copy."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or request.url_rule is not None or request.method not in ("GET", "HEAD"):
        return False
    return (
        request.path.endswith("/") and "/." not in request.path and adapter.test(request.path.rstrip("/"), method="GET")
    )


def from_database(_error: OperationalError) -> ResponseReturnValue:
    """The database does not answer."""
    rollback()
    return answer(503, "unavailable")


def from_anything(error: Exception) -> ResponseReturnValue:
    """A mistake of ours: logged by kind, told without details."""
    log.error("request.failed", endpoint=request.endpoint, error=type(error).__name__, exc_info=current_app.debug)
    rollback()
    return answer(500)


def answer(status: int, code: str = "") -> ResponseReturnValue:
    """An error page, or the same sentence for a script or a program.

    For what was taken back many go on asking, other people's pages most of all: that page is rendered once.
    """
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if status in (429, 503) else {}
    if is_for_programs(request.path):
        return problem(status, str(sentence(code, status)), code), headers
    if by_script():
        return jsonify(code=code or str(status), sentence=str(sentence(code, status))), status, headers
    page = f"errors/{status if status in PAGES else 500 if status >= 500 else 400}.html"
    detail = str(sentence(code, status)) if code else None
    if status == 410 and is_public():
        return fragments.page(page, request.path, detail, memory=fragments.GONE, detail=detail), status, headers
    return framed(page, status, code=code, detail=detail, written=written(status, code)), status, headers


def framed(page: str, status: int, **printed: Any) -> str:
    """The page in the frame of the staff where it is theirs, with the way back to their list.

    Where the database is away nobody knows who asks: then, and for all that is our own fault, it is the page that
    everybody gets, which needs nothing.
    """
    if status < 500:
        try:
            stop_writing()
            if is_in_staff_area():
                return render_template(page, frame=STAFF_FRAME, ways=ways_back(), **printed)
        except SQLAlchemyError as error:
            log.warning("error_page.plain", error=type(error).__name__)
            rollback()
    return render_template(page, frame=PUBLIC_FRAME, **printed)
