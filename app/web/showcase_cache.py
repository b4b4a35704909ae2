"""Public pages, kept in front of Flask and answered like files (docs/adr/0008).

An answer is kept for its address, of which only the query parameters that its view declares count, for the language,
the form in which errors are told and the encoding; and it is shown again only while the edition of the showcase that it
was made of is the committed one. What is made for keeping is made from nothing that one visitor sent and another did
not.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from flask import Flask
from prometheus_client import Counter
from werkzeug.datastructures import Accept, Headers
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header, parse_etags, parse_set_header
from werkzeug.wsgi import ClosingIterator

from app.release.watch import Edition, Watch
from app.web.guard import Access, Audience
from app.web.locale import CODES, FILES, best_language
from app.web.memory import Memory
from app.web.problems import MEDIA_TYPE, error_type

LARGEST = 2**20
"""Bytes of the largest answer that is kept."""
OVERHEAD = 4_000
"""Bytes that a kept answer takes beside its body: its headers, three times over, and its key."""
HEADER_SIGNS = 200
"""How much of a header is read that only chooses among a few variants."""
QUERY_FIELDS = 30
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=BROTLI_QUALITY),
    "gzip": lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0),
    "": bytes,
}
POLICIES = ("Content-Security-Policy", "Content-Language")
"""What a 304 repeats of the headers that are named after the content."""
VARY = {"accept-language", "accept-encoding"}
CACHEABLE = {"200": "no-cache", "410": "no-store"}
"""The statuses of what is kept here, each with what its answer says about keeping to everybody else."""
TEXTS = (
    "text/",
    "application/json",
    MEDIA_TYPE,
    "application/xml",
    "application/atom+xml",
    "application/feed+json",
    "application/ld+json",
)

ANSWERS = Counter("eyes_public_answers_total", "Public answers by how they came about.", ["how"])
KEPT, SAME, MADE = (ANSWERS.labels(how) for how in ("kept", "same", "made"))

Pairs = list[tuple[str, str]]


class Answer(NamedTuple):
    """What an application said: status, headers, body; `rest` is what goes beyond the largest answer."""

    status: str
    headers: Pairs
    body: bytes
    rest: ClosingIterator


class Kept(NamedTuple):
    """One answer in one encoding, with everything ready to be sent; only a page that is there has an ETag."""

    edition: int
    status: str
    etag: str
    headers: Pairs
    unchanged: Pairs
    body: bytes


class Address(NamedTuple):
    """What an answer is kept under, beside its encoding."""

    path: str
    query: str
    language: str
    errors: str
    """The media type in which an error is told."""


class Turn:
    """Whoever asks for an address while it is being made waits for its turn, and then mostly finds it made."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.waiting = 0
        self.in_vain = False


class ShowcaseCache:
    """A WSGI application that answers public reads from memory, at most `room` bytes of it, and hands on the rest."""

    def __init__(self, app: Flask, watch: Watch, room: int, public_url: str) -> None:
        self.watch = watch
        self.memory: Memory[Kept] = Memory(room)
        self._app = app
        self._inner: WSGIApplication = app.wsgi_app
        self._turns: dict[Address, Turn] = {}
        self._lock = Lock()
        self._public = urlsplit(public_url)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        edition = self.watch.edition() if may_be_kept(environ) else None
        if edition is None:
            return self._inner(environ, start_response)
        path, asked = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        query = self._canonical(environ) if asked else ""
        if query is None:
            return self._inner(environ, start_response)
        language = asked_in(query) or best_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:HEADER_SIGNS])
        address = Address(path, query, language, error_type(environ.get("HTTP_ACCEPT", "")[:HEADER_SIGNS]))
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")[:HEADER_SIGNS])
        found = self._find(address, encoding, edition)
        if found is not None:
            return show(found, environ, start_response)
        if not asked and self._canonical(environ) is None:
            return self._inner(environ, start_response)
        return self._make(address, encoding, edition, environ, start_response)

    def _canonical(self, environ: WSGIEnvironment) -> str | None:
        """The query as far as the view of this address declares it, in one order; None for what is not kept."""
        try:
            endpoint, _ = self._app.url_map.bind("", path_info=environ["PATH_INFO"]).match(method="GET")
        except HTTPException:
            return None
        access: Access | None = getattr(self._app.view_functions[endpoint], "__access__", None)
        if access is None or access.audience is not Audience.PUBLIC or not access.kept or endpoint in FILES:
            return None
        query = environ.get("QUERY_STRING", "")
        if access.exact and not is_plain(query, access.query):
            return None
        return canonical_query(query, access)

    def _find(self, address: Address, encoding: str, edition: Edition) -> Kept | None:
        found = self.memory.get((address, encoding))
        return found if found is not None and found.edition == edition.number else None

    def _make(
        self,
        address: Address,
        encoding: str,
        edition: Edition,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Make the page once for everybody who waits for it; what may not be kept, each makes for themselves."""
        with self._turn(address) as turn:
            found = self._find(address, encoding, edition)
            if found is None and not turn.in_vain:
                answer = collect(self._inner, self._impersonal(environ, address))
                MADE.inc()
                if not is_keepable(answer):
                    turn.in_vain = True
                    return pass_on(answer, environ, start_response)
                answer.rest.close()
                found = self._keep(address, encoding, edition, answer)
        return show(found, environ, start_response) if found else self._inner(environ, start_response)

    def _keep(self, address: Address, encoding: str, edition: Edition, answer: Answer) -> Kept:
        body = COMPRESS[encoding](answer.body)
        headers, etag = Headers(answer.headers), ""
        headers["Vary"] = "Accept-Language, Accept-Encoding"
        headers["Content-Length"] = str(len(body))
        if encoding:
            headers["Content-Encoding"] = encoding
        if answer.status.startswith("200"):
            etag = f'"{blake2b(answer.body, digest_size=16).hexdigest()}{encoding and "-" + encoding}"'
            headers["ETag"] = etag
        unchanged = [pair for pair in headers if not pair[0].startswith("Content-") or pair[0] in POLICIES]
        kept = Kept(edition.number, answer.status, etag, list(headers), unchanged, body)
        self.memory.put((address, encoding), kept, len(body) + OVERHEAD + 4 * sum(map(len, address)))
        return kept

    def _impersonal(self, environ: WSGIEnvironment, address: Address) -> WSGIEnvironment:
        """The request that any visitor to this address might have sent."""
        return {name: value for name, value in environ.items() if not name.startswith("HTTP_")} | {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": address.query,
            "HTTP_ACCEPT": address.errors,
            "HTTP_ACCEPT_LANGUAGE": address.language,
            "HTTP_HOST": self._public.netloc,
            "wsgi.url_scheme": self._public.scheme,
        }

    @contextmanager
    def _turn(self, address: Address) -> Iterator[Turn]:
        with self._lock:
            turn = self._turns.setdefault(address, Turn())
            turn.waiting += 1
        try:
            with turn.lock:
                yield turn
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[address]


def may_be_kept(environ: WSGIEnvironment) -> bool:
    """Whether this is a plain read by nobody in particular."""
    nobodys = "HTTP_COOKIE" not in environ and "HTTP_AUTHORIZATION" not in environ
    return nobodys and environ["REQUEST_METHOD"] in ("GET", "HEAD")


def canonical_query(query: str, access: Access) -> str | None:
    """What a view reads of a query, and a language of ours, each once, in order; None for a flood of fields."""
    try:
        pairs = parse_qsl(query, max_num_fields=QUERY_FIELDS)
    except ValueError:
        return None
    first = dict(reversed(pairs))
    if first.get("lang") not in CODES:
        first.pop("lang", None)
    return urlencode([pair for pair in sorted(first.items()) if pair[0] == "lang" or reads(access, *pair)])


def reads(access: Access, name: str, value: str) -> bool:
    """Whether a view reads this value of this parameter."""
    shape = access.shapes.get(name)
    return name in access.query and (shape is None or shape.fullmatch(value) is not None)


def is_plain(query: str, declared: frozenset[str]) -> bool:
    """Whether a query holds nothing but declared parameters and a language of ours, each once and none empty."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=QUERY_FIELDS)
    except ValueError:
        return False
    values = dict(pairs)
    ours = values.pop("lang", CODES[0]) in CODES
    return ours and all(values.values()) and values.keys() <= declared and len(dict(pairs)) == len(pairs)


def asked_in(query: str) -> str:
    """The language that a canonical query asks for."""
    return dict(parse_qsl(query)).get("lang", "") if query else ""


@lru_cache(maxsize=256)
def best_encoding(header: str) -> str:
    """`br`, `gzip` or nothing, as `Accept-Encoding` allows."""
    accepted = parse_accept_header(header, Accept)
    return next((encoding for encoding in ("br", "gzip") if accepted.quality(encoding) > 0), "")


def collect(inner: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """What `inner` answers, read up to the largest answer that is kept."""
    said: list[tuple[str, Pairs]] = []

    def start_response(status: str, headers: Pairs, _error: Any = None, /) -> Callable[[bytes], object]:
        said.append((status, headers))
        return refuse_write

    stream = inner(environ, start_response)
    rest = ClosingIterator(stream, getattr(stream, "close", None))
    body = b""
    while len(body) <= LARGEST and (chunk := next(rest, None)) is not None:
        body += chunk
    return Answer(*said[-1], body, rest)


def refuse_write(_data: bytes) -> object:
    """The old way to answer in WSGI; Flask has never used it."""
    raise NotImplementedError


def is_keepable(answer: Answer) -> bool:
    """Whether an answer is a whole page for everybody, or tells everybody that it is gone."""
    headers = Headers(answer.headers)
    return (
        headers.get("Cache-Control", "") == CACHEABLE.get(answer.status[:3])
        and len(answer.body) <= LARGEST
        and headers.get("Content-Type", "").startswith(TEXTS)
        and "Set-Cookie" not in headers
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
        and {name.lower() for name in parse_set_header(headers.get("Vary"))} <= VARY
    )


def pass_on(answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Give an answer to whoever asked, and to nobody else."""
    start_response(answer.status, answer.headers)
    head = environ["REQUEST_METHOD"] == "HEAD"
    return ClosingIterator(() if head else chain([answer.body], answer.rest), answer.rest.close)


def show(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Send a kept answer, or say that it is still the one the visitor has."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and kept.etag and (known == kept.etag or parse_etags(known).contains_weak(kept.etag.strip('"'))):
        SAME.inc()
        start_response("304 Not Modified", kept.unchanged)
        return ()
    KEPT.inc()
    start_response(kept.status, kept.headers)
    return () if environ["REQUEST_METHOD"] == "HEAD" else (kept.body,)
