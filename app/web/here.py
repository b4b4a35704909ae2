"""The address of the page that is being answered, for links to it in another language, and for coming back to it."""

from urllib.parse import quote

from flask import current_app, request


def page_path() -> str:
    """The path of this page; of the nearest page above it where its own address only takes a form."""
    path, adapter = request.path, current_app.create_url_adapter(request)
    while adapter is not None and path and request.method != "GET" and not adapter.test(path, method="GET"):
        path = path.rpartition("/")[0]
    return quote("/" + (request.root_path + path).lstrip("/"))
