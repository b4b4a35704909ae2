"""nginx in front, with the very file that is shipped: what it keeps, hands over, lets go and never writes."""

import http.client
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.consent.actions import hide
from app.consent.rules import Party
from tests.services.front import Front
from tests.services.live import Live
from tests.services.processes import ROOT
from tests.web.public_side import PARTNER, change, file_names, in_campaign, shown

SECRETS = ("/consent/canary-of-a-guardian", "/my-story?card=canary-of-a-card")
WITHDRAWN_WITHIN = 2.0


@pytest.fixture(scope="module")
def live(start_shared: Callable[..., Live]) -> Live:
    return start_shared(x_accel=True, trusted_proxies=1)


@pytest.fixture
def front(live: Live, tmp_path: Path) -> Iterator[Front]:
    with Front(live.url, live.data_dir, tmp_path / "nginx") as running:
        yield running


def test_public_pages_are_kept_for_a_second_and_nobody_elses(live: Live, front: Front) -> None:
    story = f"/stories/{shown(live.app)}"
    pages = [front.get(story) for _ in range(3)]
    assert [page.status for page in pages] == [200] * 3
    assert len({page.body for page in pages}) == 1
    assert [line.rpartition(" ")[2] for line in front.log(3)].count("HIT") >= 1
    with_cookie = front.get(story, Cookie="eyes=a-session")
    assert with_cookie.status == 200
    for _ in range(2):
        assert front.get("/healthz").headers["cache-control"] == "no-store"
    assert [line.rpartition(" ")[2] for line in front.log(6)[3:]] == ["BYPASS", "MISS", "MISS"]


def test_a_site_that_may_hold_no_frame_is_told_so_though_the_page_is_kept(live: Live, front: Front) -> None:
    in_campaign(live.app, "embed")
    page, held = "/embed/campaigns/here", {"Sec_Fetch_Dest": "iframe", "Accept_Language": "en"}
    for _ in range(3):
        assert front.get(page, Accept_Language="en").status == 200
        assert front.get(page, Referer=f"{PARTNER}/", **held).status == 200
        assert front.get(page, Referer="https://elsewhere.example/", **held).status == 403
    campaign = "/api/v1/campaigns/here"
    for _ in range(3):
        assert front.get(campaign).status == 200
        assert front.get(campaign, Origin=PARTNER).status == 200
        assert front.get(campaign, Origin="https://elsewhere.example").status == 403
    style = next((ROOT / "static" / "dist").glob("embed-*.css"))
    assert front.get(f"/static/dist/{style.name}").headers["access-control-allow-origin"] == "*"


def test_a_withdrawal_is_gone_within_two_seconds(live: Live, front: Front) -> None:
    story_id = shown(live.app, pictures=1)
    page, file = f"/stories/{story_id}", f"/media/{file_names(live.app, story_id)[0]}"
    assert [front.get(address).status for address in (page, file, page)] == [200] * 3
    change(live.app, story_id, lambda story: hide(story, Party.CHILD))
    withdrawn = time.monotonic()
    assert front.get(file).status == 410
    while front.get(page).status != 410:
        assert time.monotonic() - withdrawn < WITHDRAWN_WITHIN
        time.sleep(0.05)


def test_files_are_handed_over_as_the_product_says(live: Live, front: Front) -> None:
    story_id = shown(live.app, ["gallery", "embed"], pictures=1)
    name = file_names(live.app, story_id)[0]
    address = f"/media/{name}"
    whole = front.get(address)
    assert (whole.status, whole.headers["accept-ranges"]) == (200, "bytes")
    assert whole.body == (live.data_dir / "public" / story_id / name).read_bytes()
    assert whole.headers["content-type"].startswith("image/")
    assert whole.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cross-origin-resource-policy"] == "cross-origin"
    assert whole.headers["access-control-allow-origin"] == "*"
    assert whole.headers["cache-control"] == "no-cache"
    assert "x-accel-redirect" not in whole.headers
    part = front.get(address, Range="bytes=1-3")
    assert (part.status, part.body) == (206, whole.body[1:4])
    assert front.get(address, If_None_Match=whole.headers["etag"]).status == 304
    head = front.get(address, "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole.body)))
    assert front.get(f"/public-files/{story_id}/{name}").status == 404, "nobody goes there by themselves"
    asked_directly = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=20)
    asked_directly.request("GET", address)
    assert asked_directly.getresponse().getheader("X-Accel-Redirect") == f"/public-files/{story_id}/{name}"
    asked_directly.close()


def test_static_files_come_compressed_from_the_disk(front: Front) -> None:
    style = next((ROOT / "static" / "dist").glob("site-*.css"))
    plain = front.get(f"/static/dist/{style.name}")
    small = front.get(f"/static/dist/{style.name}", Accept_Encoding="gzip")
    assert (plain.body, plain.headers["content-type"]) == (style.read_bytes(), "text/css")
    assert (small.headers["content-encoding"], small.body) == ("gzip", style.with_name(style.name + ".gz").read_bytes())
    assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert front.get("/metrics").status == 404


def test_no_secret_of_an_address_is_ever_in_a_log(live: Live, front: Front) -> None:
    for secret in SECRETS:
        front.get(secret, Referer=f"https://elsewhere.example{secret}", User_Agent="canary-of-a-browser")
    assert len(front.log(2)) == 2
    live.web.kill()
    assert [front.get(secret).status for secret in SECRETS] == [502] * 2, "this is what nginx writes an error about"
    said = front.written() + live.logs()
    assert [word for word in ("canary", "/consent", "127.0.0.1") if word in said] == []
