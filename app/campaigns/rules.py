"""Plain rules about campaigns."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.errors import Invalid


def in_language(values: Mapping[str, str], locale: str) -> str:
    """The value for `locale`, else English, else whichever there is."""
    return values.get(locale) or values.get("en") or next(iter(values.values()), "")


def embedding_origin(typed: str) -> str:
    """The origin of a site that may embed: scheme and host, nothing else. Raises `Invalid("not_an_origin")`."""
    parts = urlsplit(typed.strip())
    local = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not local):
        raise Invalid("not_an_origin", "embedding_sites")
    if any(sign in parts.netloc for sign in ";, '\"@*"):
        raise Invalid("not_an_origin", "embedding_sites")
    return f"{parts.scheme}://{parts.netloc.lower()}"
