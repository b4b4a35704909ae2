"""Counting who looks, without knowing who: in front of the cache, so that pages answered from memory count too.

Of a request only the day, the place, the campaign, the site that holds the frame and the language of the page are kept;
its address, its browser and its cookies are not. The counts wait in memory, and a thread of their own writes them down
every few seconds: no visitor waits for it. What a crash finds there is lost.
"""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from multiprocessing.util import Finalize, register_after_fork
from threading import Lock, Timer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from weakref import WeakSet
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from sqlalchemy import Engine, event

from app import clock
from app.extensions import writing
from app.impact.actions import add_views
from app.impact.rules import OTHER, Place, View, host_of, is_bot
from app.impact.tally import Tally
from app.web.framing import HOLDERS, origin_of
from app.web.locale import CODES, best_language
from app.web.showcase_cache import HEADER_SIGNS, QUERY_FIELDS, Pairs

EVERY = 5.0
"""Seconds that a count waits."""
LONGEST = 200
"""Signs of a path: those that are counted are shorter, and those that are looked up are remembered."""
SHOWN = ("200", "304")
"""What somebody looks at: a page, or the one that their browser still has."""
AHEAD = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
"""Headers that a browser sends only when it fetches a page before anybody asked for it."""

log = structlog.get_logger()


class Page(NamedTuple):
    """What lies at an address. A `program` is our component on another site, a `file` no page at all."""

    place: Place
    campaign: str = ""
    story: str = ""
    kind: str = "page"


class Reach:
    """WSGI middleware that counts views."""

    def __init__(self, app: WSGIApplication, engine: Engine, public_url: str, every: float = EVERY) -> None:
        self.app, self.every = app, every
        self.tally = Tally()
        self._engine = engine
        self._own = origin_of(public_url)
        self._lock = Lock()
        self._timer: Timer | None = None
        event.listen(engine, "engine_disposed", lambda _engine: self.close())
        COUNTERS.add(self)
        see_to_the_end()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        page = page_at(path) if environ["REQUEST_METHOD"] == "GET" and len(path) < LONGEST else None
        if page is None or not is_looked_at(environ, page.kind):
            return self.app(environ, start_response)
        holder = holder_of(environ, page.kind)
        if holder == self._own:  # somebody tries out a frame on our own page
            return self.app(environ, start_response)
        host = host_of(holder) if holder is not None else ""

        def start(status: str, headers: Pairs, error: Any = None, /) -> Callable[[bytes], object]:
            if status.startswith(SHOWN):
                day, language = clock.now().date(), language_of(environ)
                self.count(View(day, page.place, page.campaign, page.story, host, language))
            return start_response(status, headers, error)

        return self.app(environ, start)

    def count(self, view: View) -> None:
        """Count a view, and see to it that it is written down in a few seconds."""
        self.tally.add(view)
        if self._timer is None:
            with self._lock:
                if self._timer is None:
                    self._timer = Timer(self.every, self.flush)
                    self._timer.daemon = True
                    self._timer.start()

    def flush(self) -> None:
        """Write down what was counted, in a transaction of its own. What fails is logged, and tried with the next."""
        self._timer = None
        counts = self.tally.take()
        if not counts:
            return
        token = writing.set(True)
        try:
            with self._engine.begin() as connection:
                add_views(connection, counts)
        except Exception as error:  # noqa: BLE001  whatever is wrong, nobody who looks at a story is to notice
            self.tally.put_back(counts)
            log.warning("reach.not_written", error=type(error).__name__)
        finally:
            writing.reset(token)

    def close(self) -> None:
        """Write nothing down from now on: the database is let go of."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
            self.tally.take()


COUNTERS: WeakSet[Reach] = WeakSet()


def write_the_rest() -> None:
    """At the end of the process."""
    for counter in list(COUNTERS):
        counter.flush()


@cache
def see_to_the_end() -> None:
    """Once a process, by the first counter in it; and in each that is forked from it, which forgets what it inherited.

    Such a one runs this, but not `atexit`.
    """
    _write_the_rest_at_the_end(COUNTERS)
    register_after_fork(COUNTERS, _write_the_rest_at_the_end)


def _write_the_rest_at_the_end(_counters: WeakSet[Reach]) -> None:
    Finalize(None, write_the_rest, exitpriority=0)


@lru_cache(maxsize=2048)
def page_at(path: str) -> Page | None:
    """What lies at this address, if views of it are counted."""
    _, *parts = path.split("/")
    return on_another_site(parts) if parts[:1] in (["embed"], ["api"]) else on_our_site(parts)


def on_our_site(parts: list[str]) -> Page | None:
    """The pages that people come to, the slides of a hall, and what a newspaper takes along."""
    match parts:
        case [""] | ["gallery"] | ["stories", _]:
            return Page(Place.GALLERY)
        case ["campaigns", slug] | ["campaigns", slug, "stories", _]:
            return Page(Place.CAMPAIGN, slug) if slug else None
        case ["campaigns", slug, "exhibition"]:
            return Page(Place.PRINT, slug)
        case ["campaigns", slug, "press-kit.zip"]:
            return Page(Place.PRESS, slug, kind="file")
    return None


def on_another_site(parts: list[str]) -> Page | None:
    """The frames, and what the component asks for in order to show the same."""
    kind = "frame" if parts[0] == "embed" else "program"
    match parts:
        case ["embed", "stories"] | ["api", "v1", "stories"]:
            return Page(Place.EMBED, kind=kind)
        case ["embed", "stories", story] | ["api", "v1", "stories", story]:
            return Page(Place.EMBED, story=story, kind=kind)
        case ["embed", "campaigns", slug] | ["api", "v1", "campaigns", slug, "stories"]:
            return Page(Place.EMBED, slug, kind=kind)
    return None


def is_looked_at(environ: WSGIEnvironment, kind: str) -> bool:
    """Whether a person's browser asks, in order to show what it asks for.

    A page that looks for itself whether it is still the same one (the exhibition does) is not looked at again.
    """
    if is_bot(environ.get("HTTP_USER_AGENT", "")):
        return False
    for header in AHEAD:
        if header in environ:
            return False
    wanted = environ.get("HTTP_SEC_FETCH_DEST", "")
    if kind == "page":
        return wanted == "document" if wanted else "text/html" in environ.get("HTTP_ACCEPT", "")
    if kind == "frame":
        return wanted in HOLDERS if wanted else "HTTP_REFERER" in environ
    return kind == "file" or ("HTTP_ORIGIN" in environ and "after=" not in environ.get("QUERY_STRING", ""))


def holder_of(environ: WSGIEnvironment, kind: str) -> str | None:
    """The origin of the site on whose page this stands; None for our own pages, `OTHER` for a site that hides."""
    if kind == "frame":
        return origin_of(environ.get("HTTP_REFERER", "")) or OTHER
    return str(environ["HTTP_ORIGIN"]) if kind == "program" else None


def language_of(environ: WSGIEnvironment) -> str:
    """The language that the page is in."""
    query = environ.get("QUERY_STRING", "")
    asked = first_language(query) if "lang=" in query else ""
    return asked or best_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:HEADER_SIGNS])


def first_language(query: str) -> str:
    """The language that an address asks for, when it is one of ours."""
    try:
        asked = next((value for name, value in parse_qsl(query, max_num_fields=QUERY_FIELDS) if name == "lang"), "")
    except ValueError:
        return ""
    return asked if asked in CODES else ""
