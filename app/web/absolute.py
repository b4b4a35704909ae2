"""Addresses for whoever is not on our pages: whole, and the same in every language."""

from flask import url_for

from app.adapters import outside
from app.web.templating import media_address

RIGHTS = "http://rightsstatements.org/vocab/InC/1.0/"
"""In copyright: no open licence can be taken back, and a child may take a story back on any day."""


def absolute(endpoint: str, **values: object) -> str:
    """The one public address of an endpoint; a value of None is left out."""
    return str(outside().settings.public_url) + url_for(endpoint, **{"lang": None, **values})  # type: ignore[arg-type]


def file_address(name: str) -> str:
    """Where a file of a story is fetched, for as long as the story may be shown."""
    return str(outside().settings.public_url) + media_address(name)
