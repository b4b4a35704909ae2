"""What is the same for every answer to a program, whether it was made now or kept: it stands in front of the cache.

Any site's script may read it (CORS), but for a campaign in the API, which the web component shows: that is for the
sites that it allows. No search engine keeps it, and it says truly how much more may be asked: each request is counted
here, before anything else is done for it.
"""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask_limiter import Limiter
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from redis.exceptions import RedisError
from werkzeug.datastructures import Headers, MIMEAccept
from werkzeug.http import parse_accept_header

from app.extensions import network_of
from app.web import problems
from app.web.framing import may_hold, origin_of
from app.web.showcase_cache import collect, pass_on

API = "/api/"
PREFIXES = (API, "/feeds/", "/iiif/", "/oai", "/oembed")
A_MINUTE = 600
"""Requests of one address, together: ten a second, as long as it likes."""
LIMIT = RateLimitItemPerMinute(A_MINUTE)
NAME = "programs"
JSON_TYPES = ("application/json", problems.MEDIA_TYPE)
OPEN = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"),
    ("X-Robots-Tag", "noindex"),
]
READS, HARVEST = "GET, HEAD, OPTIONS", "/oai"
"""What may be done at an address; archives may ask by POST too."""
PREFLIGHT = [
    ("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
]
FOR_SITES = "/api/v1/campaigns/"
SITES = "Embedding-Sites"
"""Header of an answer that only these sites' scripts may read; it is read here and goes no further."""
NOT_THERE = "This site is not one of those that may show this campaign. Its own page may be linked by everybody."
BROWSABLE = ("/api/v1/",)
"""What under /api/ is a page for people."""

Pairs = list[tuple[str, str]]


class Count(NamedTuple):
    """How much of the minute is left: whether this one may pass, how many more, and seconds until it begins anew."""

    passes: bool
    left: int
    seconds: int

    def headers(self) -> Pairs:
        """As draft-ietf-httpapi-ratelimit-headers says it."""
        return [
            ("RateLimit-Policy", f'"{NAME}";q={A_MINUTE};w=60'),
            ("RateLimit", f'"{NAME}";r={self.left};t={self.seconds}'),
        ]


class Programs:
    """WSGI middleware around everything below `PREFIXES`."""

    def __init__(self, app: WSGIApplication, limiter: Limiter, public_url: str) -> None:
        self.app = app
        self._limiter = limiter
        self._own = origin_of(public_url)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if not is_for_programs(path):
            return self.app(environ, start_response)
        count = self._count(environ.get("REMOTE_ADDR", ""))
        more = [*OPEN, *(count.headers() if count else ())]
        if count is not None and not count.passes:
            more.append(("Retry-After", str(count.seconds)))
            return refuse(429, "Please wait until this minute is over.", more, environ, start_response)
        if method == "OPTIONS":
            allowed = f"{READS}, POST" if path == HARVEST else READS
            how = [("Allow", allowed), ("Access-Control-Allow-Methods", allowed)]
            start_response("204 No Content", [*how, *PREFLIGHT, *more])
            return ()
        if is_unacceptable(path, environ.get("HTTP_ACCEPT", "")):
            return refuse(406, "The answer is application/json.", more, environ, start_response)
        return self._answer(environ, start_response, more)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse, more: Pairs) -> Iterable[bytes]:
        """What is there, with `more` headers, if the site of the page that asks may have it."""

        for_sites = environ["PATH_INFO"].startswith(FOR_SITES)

        def start(status: str, headers: Pairs, error: Any = None, /) -> Callable[[bytes], object]:
            said = [pair for pair in headers if pair[0] != SITES]
            return start_response(status, [*(by_site(said) if for_sites else said), *more], error)

        if "HTTP_ORIGIN" not in environ or not for_sites:
            return self.app(environ, start)
        answer = collect(self.app, environ)
        if may_read(answer.headers, environ["HTTP_ORIGIN"], self._own):
            return pass_on(answer, environ, start)
        answer.rest.close()
        return refuse(403, NOT_THERE, [*by_site([]), *more], environ, start_response)

    def _count(self, address: str) -> Count | None:
        """Count this request; None while what counts does not answer, and then nobody is held up."""
        try:
            network = network_of(address)
            passes = self._limiter.limiter.hit(LIMIT, NAME, network)
            anew, left = self._limiter.limiter.get_window_stats(LIMIT, NAME, network)
        except (StorageError, RedisError, OSError):
            return None
        return Count(passes, left, max(0, round(anew - time.time())))


def is_for_programs(path: str) -> bool:
    """Whether what lies at this path is read by programs."""
    return path.startswith(PREFIXES)


def by_site(headers: Pairs) -> Pairs:
    """The same headers, which say that the answer depends on the site that asks."""
    found = Headers(headers)
    found["Vary"] = ", ".join(filter(None, (found.get("Vary", ""), "Origin")))
    return list(found)


def may_read(headers: Pairs, site: str, own: str) -> bool:
    """Whether a script on a page of the origin `site` may read an answer."""
    sites = Headers(headers).get(SITES)
    return sites is None or may_hold(sites.split(), site, own)


def is_unacceptable(path: str, accept: str) -> bool:
    """Whether somebody asks the API for something that is not JSON."""
    if not accept or not path.startswith(API) or path in BROWSABLE:
        return False
    return parse_accept_header(accept, MIMEAccept).best_match(JSON_TYPES) is None


def refuse(
    status: int, detail: str, headers: Pairs, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """A problem, before anything was asked of the application."""
    body = problems.document(status, detail)
    own = [
        ("Content-Type", problems.MEDIA_TYPE),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(f"{status} {HTTPStatus(status).phrase}", [*own, *headers])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)
