"""Where a list goes on, signed: one that was made up, or belongs to another list, is known as such."""

from datetime import date
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.errors import Invalid, Unavailable
from app.release.elsewhere import Place


def seal(list_name: str, *state: Any) -> str:
    """A cursor for the list of this name that holds `state` (plain JSON values, readable by whoever has it)."""
    return str(_serializer(list_name).dumps(state))


def unseal(list_name: str, cursor: str) -> list[Any]:
    """The state in a cursor that `seal` made for the list of this name. Raises `Invalid("foreign_cursor")`."""
    try:
        state: list[Any] = _serializer(list_name).loads(cursor)
    except BadData:
        raise Invalid("foreign_cursor", "after") from None
    return state


def seal_place(list_name: str, place: Place | None) -> str | None:
    """The cursor of the next page; None at the end."""
    if place is None:
        return None
    return seal(list_name, place.by.isoformat() if isinstance(place.by, date) else place.by, place.story_id)


def day_place(list_name: str, cursor: str | None) -> Place | None:
    """Where a list in the order of days goes on; None at its head. Raises `Invalid("foreign_cursor")`."""
    if cursor is None:
        return None
    day, story_id = unseal(list_name, cursor)
    return Place(date.fromisoformat(day), story_id)


def numbered_place(list_name: str, cursor: str | None) -> Place | None:
    """Where a list in a curator's order goes on; None at its head. Raises `Invalid("foreign_cursor")`."""
    return None if cursor is None else Place(*unseal(list_name, cursor))


def _serializer(list_name: str) -> URLSafeSerializer:
    if current_app.secret_key is None:
        raise Unavailable
    return URLSafeSerializer(current_app.secret_key, salt=f"cursor of {list_name}")
