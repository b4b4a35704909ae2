"""Who may open which view. Every view carries an access mark; an unmarked one refuses to boot."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.errors import LoggedOut
from app.people.permissions import Permission, may
from app.web.here import page_path
from app.web.problems import by_script

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CHILD_STORYTELLER = "storyteller"
"""The session key that says which storyteller's card was shown in this browser."""

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """Whom a view is for."""

    PUBLIC = "public"
    VISITOR = "visitor"
    CHILD = "child"
    GUARDIAN = "guardian"
    STAFF = "staff"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Access:
    """The mark of a view: its audience, for staff the permission it takes, for the public the query it reads."""

    audience: Audience
    permission: Permission | None = None
    query: frozenset[str] = frozenset()
    exact: bool = False
    kept: bool = True
    shapes: Mapping[str, re.Pattern[str]] = field(default_factory=dict, hash=False)


def open_to(
    audience: Audience,
    permission: Permission | None = None,
    *,
    query: Iterable[str] = (),
    exact: bool = False,
    kept: bool = True,
    shapes: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[View], View]:
    """Mark a view.

    `PUBLIC` answers anyone without a cookie; `VISITOR` anyone, with a session (telling, logging in); `CHILD` whoever
    showed a story card; `GUARDIAN` whoever holds the private link in the address, which the view itself checks;
    `STAFF` whoever is logged in and has the permission; `OPERATOR` machines and files.
    `query` names the parameters that a public view reads beside `lang`: no other one reaches it through the cache.
    An `exact` view refuses others, and those that are empty or stand twice: it sees a query like that as it was sent.
    What is not `kept` is made for each visitor: the cache neither holds it nor reads it first.
    `shapes` names more of them, each with a pattern of the values it knows: no other value reaches it either.
    """
    patterns = {name: re.compile(pattern) for name, pattern in shapes.items()}
    access = Access(audience, permission, frozenset({*query, *shapes}), exact, kept, patterns)

    def mark(view: View) -> View:
        view.__access__ = access  # type: ignore[attr-defined]
        return view

    return mark


def access_of(endpoint: str) -> Access | None:
    """The mark of an endpoint's view."""
    return getattr(current_app.view_functions.get(endpoint), "__access__", None)


def keeps_session() -> bool:
    """Whether this request is for a page on a child's side that has a session."""
    access = access_of(request.endpoint or "")
    return access is not None and access.audience in (Audience.VISITOR, Audience.CHILD)


def is_public() -> bool:
    """Whether this request is for a view that is for everybody."""
    access = access_of(request.endpoint or "")
    return access is not None and access.audience is Audience.PUBLIC


def refuse_unmarked(app: Flask) -> None:
    """Stop the start of an app that has a view nobody thought about."""
    unmarked = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "__access__"))
    if unmarked:
        raise RuntimeError(f"views without an access mark: {', '.join(unmarked)}")


MARKS = ("csrf_token", "version")
"""What a form says of itself, which nobody wrote."""
TEXT_MARK = re.compile(r"[0-9a-f]{64}(\.[0-9]+)?")
"""`ConsentText.mark`, or its hash alone."""


def lost() -> str | None:
    """Whether something was written that is kept nowhere, because whoever sent it is not known any more."""
    if request.method not in UNSAFE:
        return None
    if request.mimetype == "multipart/form-data":  # not read for somebody unknown
        return "1"
    return "1" if any(is_written(name, value) for name, value in request.form.items()) else None


def is_written(name: str, value: str) -> bool:
    """Whether somebody wrote this field of a form; in a consent form `text` is the mark of the text above it."""
    return bool(value.strip()) and name not in MARKS and not TEXT_MARK.fullmatch(value)


def is_from_elsewhere() -> bool:
    """Whether a page of another site led here, or sent this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def check_access() -> ResponseReturnValue | None:
    """Before each request: turn away whoever the view is not for."""
    if request.method in UNSAFE and is_from_elsewhere():
        abort(403)
    access = access_of(request.endpoint or "")
    if access is None:
        return None
    if access.audience is Audience.CHILD and CHILD_STORYTELLER not in session:
        return redirect(url_for("my_story.enter", lost=lost()))
    if access.audience is Audience.STAFF:
        if not current_user.is_authenticated:
            if by_script():
                raise LoggedOut
            return redirect(url_for("account.login", next=page_path(), lost=lost()))
        if access.permission is not None and not may(current_user.role, access.permission):
            abort(403)
    return None
