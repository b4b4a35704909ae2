"""Public pages kept in front of Flask: what is kept under which address, how much of it, and what never is."""

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event

import brotli
import pytest
from flask import Flask, Response, request
from werkzeug.test import Client, TestResponse

from app.release.policy import ALWAYS, FOREVER
from app.release.watch import Edition
from app.web import showcase_cache
from app.web.guard import Audience, open_to
from app.web.showcase_cache import ShowcaseCache, best_encoding

ROOM = 2**20
WORDS = "A kite over the village. " * 40


class Watch:
    """Says whatever the test wants it to."""

    def __init__(self) -> None:
        self.now: Edition | None = Edition(1, 0, ALWAYS, FOREVER)

    def edition(self) -> Edition | None:
        return self.now

    def move(self) -> None:
        assert self.now is not None
        self.now = Edition(self.now.number + 1, self.now.epoch + 1, datetime.now(UTC), FOREVER)


class Site:
    """A small public site that counts how often each address was really made."""

    def __init__(self, room: int = ROOM) -> None:
        self.made: list[str] = []
        self.watch = Watch()
        self.answer: Callable[[], Response] = self.page
        app = Flask("site")
        for rule, endpoint, mark in (
            ("/wall", "wall", open_to(Audience.PUBLIC, query=("after", "theme"))),
            ("/exact", "exact", open_to(Audience.PUBLIC, query=("verb", "set"), exact=True)),
            ("/secret", "secret", open_to(Audience.VISITOR)),
            ("/media/<name>", "gallery.media", open_to(Audience.PUBLIC)),
        ):
            app.add_url_rule(rule, endpoint, mark(lambda **_names: self.wall()))
        self.cache = ShowcaseCache(app, self.watch, room, "https://eyes.example")  # type: ignore[arg-type]
        app.wsgi_app = self.cache  # type: ignore[method-assign]
        self.client = Client(app, use_cookies=False)

    def wall(self) -> Response:
        self.made.append(request.full_path)
        return self.answer()

    def page(self) -> Response:
        language, query = request.headers.get("Accept-Language", ""), request.query_string.decode()
        response = Response(f"{WORDS} {language} {query} {request.url_root}", mimetype="text/html")
        response.headers |= {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        return response

    def get(self, address: str = "/wall", **headers: str) -> TestResponse:
        return self.client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def site() -> Site:
    return Site()


def test_an_address_is_made_once(site: Site) -> None:
    first, second = site.get(), site.get()
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert len(site.made) == 1


def test_parameters_that_no_view_declares_neither_reach_it_nor_make_an_entry(site: Site) -> None:
    pages = {site.get(f"/wall?utm={number}&lang=klingon").data for number in range(10_000)}
    assert (len(pages), len(site.cache.memory), site.made) == (1, 1, ["/wall?"])


def test_declared_parameters_count_once_each_and_in_any_order(site: Site) -> None:
    for query in ("theme=a&after=b", "after=b&theme=a", "after=b&x=1&theme=a&theme=z"):
        site.get(f"/wall?{query}")
    assert site.made == ["/wall?after=b&theme=a"]


def test_an_exact_view_sees_a_wrong_query_as_it_was_sent_and_nothing_is_kept_of_it(site: Site) -> None:
    wrong = ["verb=a&x=1", "verb=a&verb=b", "verb=a&set=", "verb=a&lang=klingon", "verb=" + "&x=1" * 40, "verb"]
    for query in (*wrong, *wrong):
        site.get(f"/exact?{query}")
    assert site.made == [f"/exact?{query}" for query in (*wrong, *wrong)]
    for query in ("set=b&verb=a", "verb=a&set=b", "set=b&lang=ro&verb=a"):
        site.get(f"/exact?{query}")
    assert site.made[len(wrong) * 2 :] == ["/exact?set=b&verb=a", "/exact?lang=ro&set=b&verb=a"]
    assert len(site.cache.memory) == 2


def test_ten_thousand_addresses_take_no_more_than_their_room() -> None:
    site = Site(room=100_000)
    for number in range(10_000):
        site.get(f"/wall?after={number:0>100}")
    assert len(site.made) == 10_000
    assert 50_000 < site.cache.memory.used <= 100_000
    site.get("/wall?after=" + f"{9_999:0>100}")
    assert len(site.made) == 10_000, "what was asked for last must still be there"


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "ro-RO,ro;q=0.9,en;q=0.8", "ro"),
        ("", "zh-CN", "zh"),
        ("", "tlh, *;q=0.1", "en"),
        ("", "", "en"),
        ("?lang=zh", "ro", "zh"),
        ("?lang=xx", "ro", "ro"),
    ],
)
def test_a_page_is_made_for_one_of_our_languages(site: Site, query: str, header: str, language: str) -> None:
    for further in ("", ", de;q=0.05"):
        page = site.get(f"/wall{query}", Accept_Language=header + further)
        assert page.text.split()[-3 if "lang=zh" in query else -2] == language
    assert len(site.made) == 1


def test_a_page_has_three_encodings_with_an_etag_each(site: Site) -> None:
    plain, zipped, brief = site.get(), site.get(Accept_Encoding="gzip"), site.get(Accept_Encoding="gzip, br")
    assert gzip.decompress(zipped.data) == brotli.decompress(brief.data) == plain.data
    assert [page.headers.get("Content-Encoding") for page in (plain, zipped, brief)] == [None, "gzip", "br"]
    assert len({page.headers["ETag"] for page in (plain, zipped, brief)}) == 3
    assert not any(page.headers["ETag"].startswith("W/") for page in (plain, zipped, brief))
    assert {page.headers["Vary"] for page in (plain, zipped, brief)} == {"Accept-Language, Accept-Encoding"}
    assert brief.content_length == len(brief.data) < len(plain.data)


@pytest.mark.parametrize(
    ("header", "encoding"),
    [("br;q=0, gzip", "gzip"), ("gzip;q=0", ""), ("*", "br"), ("identity", ""), ("deflate, zstd", ""), ("", "")],
)
def test_an_encoding_that_is_refused_is_not_sent(header: str, encoding: str) -> None:
    assert best_encoding(header) == encoding


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_visitor_has_is_not_sent_again(site: Site, known: str) -> None:
    page = site.get()
    same = site.get(If_None_Match=known.format(page.headers["ETag"]))
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", page.headers["ETag"])
    assert (same.headers["Vary"], same.headers["Cache-Control"]) == (page.headers["Vary"], "no-cache")
    assert site.get(If_None_Match='"other"').status_code == 200
    assert len(site.made) == 1


def test_head_says_the_same_without_the_bytes(site: Site) -> None:
    head, page = site.client.head("/wall"), site.get()
    assert (head.data, dict(head.headers)) == (b"", dict(page.headers))
    assert len(site.made) == 1


def test_a_new_edition_is_made_anew(site: Site) -> None:
    site.get()
    site.watch.move()
    site.get()
    assert len(site.made) == 2


def test_nothing_is_shown_again_while_nobody_knows_what_is_committed(site: Site) -> None:
    site.get()
    site.watch.now = None
    site.get()
    site.get()
    assert len(site.made) == 3


def test_a_page_that_was_being_made_while_the_showcase_changed_is_not_kept_for_the_new_edition(site: Site) -> None:
    def slow() -> Response:
        site.watch.move()
        return site.page()

    site.answer = slow
    site.get()
    site.answer = site.page
    site.get()
    assert len(site.made) == 2


@pytest.mark.parametrize("header", ["Cookie", "Authorization"])
def test_whoever_says_who_they_are_is_answered_by_the_application(site: Site, header: str) -> None:
    for _ in range(2):
        site.get(**{header: "eyes=secret"})
    site.get()
    assert len(site.made) == 3
    assert len(site.cache.memory) == 1


def spoil(**headers: str) -> Callable[[Site], Response]:
    def answer(site: Site) -> Response:
        response = site.page()
        response.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        return response

    return answer


@pytest.mark.parametrize(
    "wrong",
    [
        spoil(Set_Cookie="eyes=secret"),
        spoil(Cache_Control="no-store"),
        spoil(Cache_Control="private"),
        spoil(Vary="Cookie"),
        spoil(Vary="Accept-Language, User-Agent"),
        spoil(Content_Security_Policy="script-src 'nonce-abc'"),
        spoil(Content_Type="image/webp"),
        lambda _site: Response("gone", 410, {"Cache-Control": "no-cache"}),
        lambda _site: Response("broken", 503, {"Cache-Control": "no-cache"}),
        lambda _site: Response("there", 302, {"Cache-Control": "no-cache", "Location": "/"}),
    ],
)
def test_what_is_not_a_good_page_for_everybody_is_not_kept(site: Site, wrong: Callable[[Site], Response]) -> None:
    site.answer = lambda: wrong(site)
    first, second = site.get(), site.get()
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert (len(site.made), len(site.cache.memory)) == (2, 0)


@pytest.mark.parametrize("address", ["/secret", "/media/a.webp", "/nothing"])
def test_what_is_not_a_public_page_is_not_kept(site: Site, address: str) -> None:
    for _ in range(2):
        site.get(f"{address}?x=1")
    assert site.made == ([] if address == "/nothing" else [f"{address}?x=1"] * 2)
    assert len(site.cache.memory) == 0


def test_only_reading_is_answered_from_memory(site: Site) -> None:
    site.get()
    assert site.client.post("/wall").status_code == 405


def test_a_large_answer_passes_through_whole_and_its_source_is_closed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showcase_cache, "LARGEST", 1_000)
    closed = Event()

    def chunks() -> Iterator[bytes]:
        try:
            yield from [b"x" * 600] * 5
        finally:
            closed.set()

    def large() -> Response:
        return Response(chunks(), mimetype="text/html", headers={"Cache-Control": "no-cache"})

    site.answer = large
    assert site.get().data == b"x" * 3_000
    assert closed.is_set()
    assert len(site.cache.memory) == 0
    assert site.client.head("/wall").data == b""


def test_no_header_of_one_visitor_gets_into_the_page_of_another(site: Site) -> None:
    page = site.get(Host="evil.example", X_Forwarded_Host="evil.example", User_Agent="evil", Referer="https://evil/")
    assert "evil" not in page.text + str(page.headers)
    assert page.text.endswith("https://eyes.example/")


def test_a_thousand_who_wait_are_answered_by_one_making(site: Site) -> None:
    release = Event()

    def slow() -> Response:
        release.wait(5)
        return site.page()

    site.answer = slow
    with ThreadPoolExecutor(32) as crowd:
        waiting = [crowd.submit(site.get) for _ in range(1_000)]
        release.set()
        pages = {answer.result().data for answer in waiting}
    assert (len(site.made), len(pages)) == (1, 1)


def test_those_who_waited_for_what_may_not_be_kept_make_it_side_by_side(site: Site) -> None:
    together = Barrier(3, timeout=5)
    began = Event()

    def gone() -> Response:
        if not began.is_set():
            began.set()
        else:
            together.wait()
        return Response("gone", 410)

    site.answer = gone
    wall = showcase_cache.Address("/wall", "", "en", "text/html")
    with site.cache._turn(wall) as turn, ThreadPoolExecutor(3) as crowd:
        waiting = [crowd.submit(site.get) for _ in range(3)]
        turn.in_vain = True
        began.set()
        turn.lock.release()
        try:
            assert [answer.result(5).status_code for answer in waiting] == [410] * 3
        finally:
            turn.lock.acquire()
    assert len(site.made) == 3
