"""The address of the page that is being answered, for links to it in another language, and for coming back to it."""

from urllib.parse import quote

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter


def page_path() -> str:
    """The path of this page; of the nearest page above it where its own address only takes a form."""
    path, adapter = request.path, current_app.create_url_adapter(request)
    while adapter is not None and path and request.method != "GET" and not _is_page(adapter, path):
        path = path.rpartition("/")[0]
    return quote("/" + (request.root_path + path).lstrip("/"))


def _is_page(adapter: MapAdapter, path: str) -> bool:
    """Whether a page is to be read there, rather than a file."""
    try:
        endpoint, _values = adapter.match(path, method="GET")
    except HTTPException:
        return False
    return not str(endpoint).endswith(".file")
