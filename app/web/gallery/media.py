"""`/media/<name>`: the files of what is shown now, with ranges, ETags and 304.

`no-cache` lets a browser keep a file but makes it ask before each use, so that a withdrawal is seen at once and an
unchanged file costs a 304. The names never change their content, so the question is only ever "still there?".
"""

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Range
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from app.adapters import outside
from app.errors import Gone
from app.release.publishing import find_public, open_public
from app.release.queries import media as find_media
from app.web.gallery import bp
from app.web.guard import Audience, open_to

HANDED_OVER = "/public-files/"
"""Where nginx finds the public store: it sends the bytes, and the ranges of them, when it is told which."""


@bp.get("/media/<name>")
@open_to(Audience.PUBLIC)
def media(name: str) -> ResponseReturnValue:
    """One file, while its story is visible anywhere; 410 for every other name, whether it ever was one or not."""
    file = find_media(name)
    if file is None:
        raise Gone
    response = Response(mimetype=file.media_type)
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    say_who_may_show(response, anywhere=file.anywhere)
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(file.sha256)
    if request.if_none_match.contains_weak(file.sha256):
        response.status_code = 304
        return response
    if outside().settings.x_accel:
        response.headers["X-Accel-Redirect"] = HANDED_OVER + find_public(file)
        return response
    start, stop = wanted(file.size, file.sha256)
    if (start, stop) != (0, file.size):
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{file.size}"
    response.content_length = stop - start
    if request.method != "HEAD":
        response.response = open_public(file, start, stop - start)
    return response


def say_who_may_show(response: Response, *, anywhere: bool) -> None:
    """Our own pages, or pages and scripts anywhere: where the child and the family let other sites show the story."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if anywhere else "same-origin"
    if anywhere:
        response.headers["Access-Control-Allow-Origin"] = "*"


def wanted(size: int, etag: str) -> tuple[int, int]:
    """The bytes that were asked for, as [start, stop). Several ranges at once are answered with the whole file."""
    asked: Range | None = request.range if request.method == "GET" else None  # RFC 9110, 14.2
    fresh = request.if_range.date is None and request.if_range.etag in (None, etag)
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or not fresh:
        return 0, size
    if asked.ranges[0][1] is None and asked.ranges[0][0] < -size:
        return 0, size  # of the last bytes more are wanted than there are
    found = asked.range_for_length(size)
    if found is None:
        raise RequestedRangeNotSatisfiable(size)
    return found
