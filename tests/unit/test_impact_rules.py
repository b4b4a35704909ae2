"""Who is counted, what a site is called, how little is not told, and how a plot stands."""

from datetime import date, timedelta

import pytest

from app.impact.rules import OTHER, Place, View, by_stretch, host_of, is_bot, step_of, stretches, told
from app.impact.tally import Tally
from app.web.impact.plot import plot_of, step_of_lines
from app.web.reach import page_at

DAY = date(2026, 3, 1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("agent", "bot"),
    [
        (FIREFOX, False),
        ("Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("python-requests/2.32", True),
        ("curl/8.5.0", True),
        ("Mozilla/5.0 HeadlessChrome/140.0", True),
        ("", True),
    ],
)
def test_programs_that_say_so_are_left_out(agent: str, bot: bool) -> None:
    assert is_bot(agent) is bot


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://Partner.Example", "partner.example"),
        ("https://partner.example:8443", "partner.example:8443"),
        ("http://127.0.0.1:9000", "127.0.0.1:9000"),
        ("http://partner.example", OTHER),
        ("https://user@partner.example", OTHER),
        ("https://=1+1", OTHER),
        ("https://[", OTHER),
        (f"https://{'a' * 256}", OTHER),
        ("null", OTHER),
        ("", OTHER),
    ],
)
def test_a_site_is_called_by_its_host_or_not_at_all(origin: str, host: str) -> None:
    assert host_of(origin) == host


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", (Place.GALLERY, "", "")),
        ("/gallery", (Place.GALLERY, "", "")),
        ("/stories/abc", (Place.GALLERY, "", "")),
        ("/campaigns/here", (Place.CAMPAIGN, "here", "")),
        ("/campaigns/here/stories/abc", (Place.CAMPAIGN, "here", "")),
        ("/campaigns/here/exhibition", (Place.PRINT, "here", "")),
        ("/campaigns/here/press-kit.zip", (Place.PRESS, "here", "")),
        ("/embed/campaigns/here", (Place.EMBED, "here", "")),
        ("/embed/stories/abc", (Place.EMBED, "", "abc")),
        ("/embed/stories", (Place.EMBED, "", "")),
        ("/api/v1/campaigns/here/stories", (Place.EMBED, "here", "")),
        ("/api/v1/campaigns/here", None),
        ("/campaigns/", None),
        ("/media/name", None),
        ("/my-story/home", None),
        ("", None),
    ],
)
def test_only_what_shows_stories_to_the_public_is_counted(path: str, page: tuple[str, str, str] | None) -> None:
    found = page_at(path)
    assert (found and tuple(found)[:3]) == page


def test_below_ten_nothing_is_told_and_no_sum_gives_it_away() -> None:
    assert [told(views) for views in (0, 1, 9, 10, 19, 47)] == [0, None, None, 10, 10, 40]
    for few in range(1, 10):
        assert (told(40 + few), told(few)) == (40, None)


def test_a_flood_of_sites_that_do_not_exist_fills_nothing() -> None:
    tally = Tally(kinds=50, hosts=20)
    for number in range(10_000):
        tally.add(View(DAY, Place.EMBED, story=f"story-{number % 100}", host=f"site-{number}.example"))
    assert len(tally) <= 51
    counts = tally.take()
    assert (sum(counts.values()), len(tally)) == (10_000, 0)
    assert len({view.host for view in counts} - {OTHER}) == 20
    tally.put_back(counts)
    assert tally.take() == counts


def test_days_become_bars_and_a_year_becomes_weeks() -> None:
    assert (stretches(DAY, 30)[0], stretches(DAY, 30)[-1], step_of(30)) == (DAY - timedelta(days=29), DAY, 1)
    weeks = stretches(DAY, 365)
    assert (len(weeks), weeks[-1], step_of(365)) == (52, DAY - timedelta(days=6), 7)
    found = dict(by_stretch([(DAY, 2), (DAY - timedelta(days=6), 3), (DAY - timedelta(days=7), 5)], weeks, 7))
    assert (found[weeks[-1]], found[weeks[-2]], sum(found.values())) == (5, 5, 10)


def test_a_plot_stands_on_its_floor_and_below_its_highest_line() -> None:
    assert [step_of_lines(most) for most in (0, 4, 5, 40, 41, 81, 1_000)] == [1, 1, 2, 10, 20, 50, 500]
    plot = plot_of([(DAY, 0), (DAY + timedelta(days=1), None), (DAY + timedelta(days=2), 80)])
    nothing, few, most = plot.bars
    assert (nothing.height, most.y, few.y + few.height) == (0, plot.lines[-1][1], plot.floor)
    assert plot.left <= nothing.x < few.x < most.x < most.x + most.width <= plot.right
    assert [number for number, _ in plot.lines] == [0, 20, 40, 60, 80]
