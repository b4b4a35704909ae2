"""Frames on other people's sites: who may hold which, and a plain page where one may not.

`frame-ancestors` is the lock, but a browser shows a locked frame as an empty box. So where it says that it asks for a
frame, and from which site, a page that this site may not hold is answered with a sentence and a link in its place.
This stands in front of the cache, which keeps one answer for every site.
"""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.datastructures import Headers

from app.adapters import outside
from app.web.showcase_cache import Pairs, collect, pass_on

FRAMES = "/embed/"
NOT_HERE = "/embed/not-here"
SUBJECTS = {"campaign": "/embed/campaigns/", "story": "/embed/stories/"}
HOLDERS = ("iframe", "frame", "object", "embed")
"""What a browser says it asks for on behalf of an element that can hold a page (`Sec-Fetch-Dest`)."""
OURSELVES = "'self'"
EVERYWHERE = ("*",)
PORTS = {"http": ":80", "https": ":443"}


def any_site() -> tuple[str, ...]:
    """Who may hold what every site may show: whoever is reached by https; in a demo also this machine."""
    here = ("http://localhost:*", "http://127.0.0.1:*") if outside().settings.demo else ()
    return (OURSELVES, "https:", *here)


class Framing:
    """WSGI middleware around the pages for frames."""

    def __init__(self, app: WSGIApplication, public_url: str) -> None:
        self.app = app
        self._own = origin_of(public_url)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        holder = holder_of(environ)
        if not holder:
            return self.app(environ, start_response)
        answer = collect(self.app, environ)
        if may_hold(ancestors(answer.headers), holder, self._own):
            return pass_on(answer, environ, start_response)
        answer.rest.close()
        return self.app(elsewhere(environ), start_response)


def holder_of(environ: WSGIEnvironment) -> str:
    """The origin of the site that wants to hold a page for frames; empty for any other request, and if it hides."""
    framed = environ.get("HTTP_SEC_FETCH_DEST") in HOLDERS and environ["PATH_INFO"].startswith(FRAMES)
    return origin_of(environ.get("HTTP_REFERER", "")) if framed else ""


def origin_of(address: str) -> str:
    """Scheme, host and port, the port only where it is not the usual one; empty for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(PORTS[parts.scheme])}"


def ancestors(headers: Pairs) -> list[str]:
    """Who may hold an answer, as its Content-Security-Policy says it; anybody where it says nothing."""
    directives = (part.split() for part in Headers(headers).get("Content-Security-Policy", "").split(";"))
    return next((words[1:] for words in directives if words[:1] == ["frame-ancestors"]), list(EVERYWHERE))


def may_hold(sources: Iterable[str], holder: str, own: str) -> bool:
    """Whether a browser would let a page of the origin `holder` hold what names these sources."""
    return any(_is_named(source, holder, own) for source in sources)


def _is_named(source: str, holder: str, own: str) -> bool:
    if source == OURSELVES:
        return holder == own
    if source.endswith(":*"):
        return holder == source[:-2] or holder.rpartition(":")[0] == source[:-2]
    return source in EVERYWHERE or (source.endswith(":") and holder.startswith(source)) or origin_of(source) == holder


def elsewhere(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request for the plain page that says where to look instead."""
    asked = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    query = {"lang": asked["lang"]} if "lang" in asked else {}
    path = environ["PATH_INFO"]
    query |= {name: path.removeprefix(start) for name, start in SUBJECTS.items() if path.startswith(start)}
    kept = {name: value for name, value in environ.items() if name not in ("HTTP_IF_NONE_MATCH", "HTTP_RANGE")}
    return kept | {"PATH_INFO": NOT_HERE, "QUERY_STRING": urlencode(query)}
