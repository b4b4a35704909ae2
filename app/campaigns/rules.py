"""Plain rules about campaigns."""

import re
from collections.abc import Mapping

from app.errors import Invalid

_ORIGIN = re.compile(r"(?P<origin>(?P<scheme>https?)://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)*)(:\d{1,5})?)(?=[/?#]|\Z)")
"""What a Content-Security-Policy can name: no spaces, no wildcards, no user, nothing that ends a directive."""


def in_language(values: Mapping[str, str], locale: str) -> str:
    """The value for `locale`, else English, else whichever there is."""
    return values.get(locale) or values.get("en") or next(iter(values.values()), "")


def embedding_origin(typed: str) -> str:
    """The origin of a site that may embed: scheme and host, nothing else. Raises `Invalid("not_an_origin")`."""
    found = _ORIGIN.match(typed.strip().lower())
    if found is None or (found["scheme"] == "http" and found["host"] not in ("127.0.0.1", "localhost")):
        raise Invalid("not_an_origin", "embedding_sites")
    return found["origin"]
