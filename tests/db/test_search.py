"""Full-text search on both databases: a story is found by its words, in the order of the wall, while it is visible."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.cli.sweeper import round_of
from app.extensions import db
from app.people.permissions import Role
from app.people.rules import Locale
from app.release import queries, search
from app.release.check import differences, rebuild
from app.release.indexing import forget_words, index_is_sound
from app.release.models import SearchEntry
from app.release.queries import Filters, Page
from app.stories import actions
from app.stories.models import Story
from app.stories.rules import Beside
from tests.db.deployments import done, run
from tests.factories.stories import child_says, make_approved, make_shown
from tests.factories.wordings import put_beside

ALL = Filters()


def save() -> None:
    commit(outside().queue)


def found(query: str, filters: Filters = ALL, after: str = "") -> list[str]:
    """The titles of one page."""
    return [item.title for item in search.gallery(query, filters, after).items]


def told(*stories: tuple[str, str], locale: Locale = Locale.EN) -> list[Story]:
    """Stories of a title and a text, the last one shown last."""
    made = []
    for days, (title, words) in zip(range(len(stories), 0, -1), stories, strict=True):
        with clock.fixed(clock.now() - timedelta(days=days)):
            made.append(make_shown(title=title, text=words, locale=locale))
    save()
    return made


def test_a_story_is_found_in_its_own_language_as_people_type_it() -> None:
    told(("Zmeul", "Mămăliga bunicii și țara de departe"), locale=Locale.RO)
    told(("爸爸", "爸爸妈妈在深圳打工，我和奶奶在家。"), locale=Locale.ZH)
    told(("L'aquilone", "Perché mia madre è così lontana?"), locale=Locale.IT)
    told(("Die Straße", "Großmutter weiß, wo Vecmāmiņa und l'école sont."))
    expected = {
        "mamaliga": ["Zmeul"],
        "ŢARA": ["Zmeul"],
        "bunic": ["Zmeul"],
        "妈妈": ["爸爸"],
        "深圳打工": ["爸爸"],
        "奶": ["爸爸"],
        "打圳": [],
        "perche cosi": ["L'aquilone"],
        "strasse grossmutter": ["Die Straße"],
        "vecmamina": ["Die Straße"],
        "ecole": ["Die Straße"],
        "mother": [],
    }
    assert {query: found(query) for query in expected} == expected


HOSTILE = {
    "finds": (
        "kite*",
        "-kite",
        "^kite",
        "''kite",
        "kite\x00",
        "kite <-> said",
        "said & kite",
        "(kite",
        '"said kite"',
        "kite\\",
    ),
    "finds nothing": (
        "kite OR moon",
        "kite AND",
        "NOT moon",
        "words:kite",
        "kite | moon",
        "NEAR(kite)",
        "!moon",
        "ki%te",
    ),
    "is no word": ('"', "*", "'':*", "\\", "<->", "^"),
}


def test_signs_of_the_search_language_are_no_language() -> None:
    """A query without a word shows the whole wall."""
    told(("Kite", "She said so."))
    found_by = {query: found(query) == ["Kite"] for queries in HOSTILE.values() for query in queries}
    assert found_by == {query: what != "finds nothing" for what, queries in HOSTILE.items() for query in queries}


def test_what_is_not_visible_now_is_not_found() -> None:
    (hidden,) = told(("Kite", "It flew."))
    waiting = make_approved(title="Kite tomorrow")
    make_shown(["embed"], title="Kite elsewhere")
    save()
    assert found("kite") == ["Kite"]
    with clock.fixed(waiting.approved_at + timedelta(days=8)):
        assert found("kite") == ["Kite tomorrow", "Kite"]
    with clock.fixed(clock.now() + timedelta(days=25 * 31)):
        assert found("kite") == []
    child_says(hidden, {"gallery": "no"})
    save()
    assert found("kite") == []
    child_says(hidden, {"gallery": "yes"})
    save()
    assert found("kite") == ["Kite"]
    actions.ask_erasure(hidden, Role.CHILD, now=True)
    save()
    assert found("kite") == []
    assert db.session.scalars(select(SearchEntry.story_id)).all() == [waiting.id]


def test_the_newest_come_first_however_they_were_told_and_pages_go_on_where_they_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "PAGE", 2)
    stories = told(*((f"Kite {number}", "A long tail.") for number in range(5)))
    rebuild_from_nothing(stories)
    seen, after = [], ""
    while len(seen) < 3:
        page: Page = search.gallery("tail", ALL, after)
        seen.append([item.title for item in page.items])
        after = page.after or ""
    assert (seen, after) == ([["Kite 4", "Kite 3"], ["Kite 2", "Kite 1"], ["Kite 0"]], "")
    for made_up in ("nonsense", "2026-01-01~" + "A" * 22, "9" * 40, "-1", "١"):
        assert found("tail", after=made_up) == ["Kite 4", "Kite 3"]
    assert found("tail", after="0") == []


def rebuild_from_nothing(stories: list[Story]) -> None:
    """Lose every entry, and have the check find it and the rebuild mend it."""
    db.session.execute(delete(SearchEntry))
    assert sorted(differences()) == sorted(story.id for story in stories)
    assert rebuild() == len(stories)
    save()


@pytest.mark.parametrize("common", [1, 1_000], ids=["common", "rare"])
def test_words_that_everybody_uses_are_found_as_rare_ones_are(monkeypatch: pytest.MonkeyPatch, common: int) -> None:
    """On PostgreSQL the three ways to look: among the newest, further back where all words are common, in the index."""
    monkeypatch.setattr(search, "PAGE", 1)
    for name, value in {"NEWEST": 1, "FURTHER": 3, "COMMON": common}.items():
        monkeypatch.setattr(search, name, value)
    told(("One", "kite tail"), ("Two", "kite"), ("Three", "tail"), ("Four", "kite"))
    seen, after = [], ""
    for _ in range(4):
        page = search.gallery("kite tail", ALL, after)
        seen += [item.title for item in page.items]
        after = page.after or ""
        if not after:
            break
    assert seen == ["One"]
    assert found("kite") == ["Four"]
    assert found("tail kite moon") == []


def test_what_takes_long_is_looked_for_among_the_newest_and_then_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is common beside one that is not rare: PostgreSQL's second page looks through all that is left."""
    monkeypatch.setattr(search, "PAGE", 1)
    for name, value in {"NEWEST": 1, "FURTHER": 1, "COMMON": 4}.items():
        monkeypatch.setattr(search, name, value)
    for module in (queries, search):
        monkeypatch.setattr(module, "SMALLEST_CELL", 2)
    told(("One", "kite tail"), ("Two", "kite"), ("Three", "kite tail"), ("Four", "moon"), ("Five", "kite"))
    pages, after = [], ""
    while len(pages) < 4 and (not pages or after):
        page = search.gallery("kite tail", ALL, after)
        pages.append([item.title for item in page.items])
        after = page.after or ""
    at_once = db.engine.dialect.name == "sqlite"
    assert pages == ([["Three"], ["One"]] if at_once else [[], ["Three"], ["One"]])
    assert found("kite tail", Filters(language="en")) == ["Three"]


def test_words_beside_a_filter_show_no_cell_that_singles_a_child_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (queries, search):
        monkeypatch.setattr(module, "SMALLEST_CELL", 2)
    told(("One", "kite moon"), ("Two", "kite"))
    told(("Trei", "kite"), locale=Locale.RO)
    assert sorted(found("kite")) == ["One", "Trei", "Two"]
    assert found("moon") == ["One"]
    english = Filters(language="en")
    assert found("kite", english) == ["Two", "One"]
    assert found("kite", Filters(language="en", country="RO", age="10-12", theme="family", medium="text")) == [
        "Two",
        "One",
    ]
    for too_few in (search.gallery("moon", english), search.gallery("moon", english, "1")):
        assert (too_few.items, too_few.after, too_few.too_few) == ([], None, True)
    none = search.gallery("kite", Filters(medium="drawing"))
    assert (none.items, none.too_few) == ([], False)
    assert search.suggestion("moom", english) is None
    assert search.suggestion("moom", ALL) == "moon"


def test_programs_find_what_other_sites_may_show_and_go_on_where_a_page_ended() -> None:
    names = ["Kite and moon", *(f"Kite {number}" for number in range(4))]
    for name in names:
        make_shown(["gallery", "embed"], title=name)
    told(("Kite at home", "It flew."))
    titles: list[str] = []
    before = None
    for size in (2, 2, 1):
        some = search.lent("kite", ALL, before, 2)
        titles += [item.title for item in some.items]
        assert (len(some.items), some.last is None) == (size, size == 1)
        before = some.last
    assert sorted(titles) == sorted(names)
    english = Filters(language="en")
    assert [len(search.lent("kite", english, None, limit).items) for limit in (1, 5)] == [1, 5]
    assert search.lent("moon", english, None, 1) == ([], None, True)
    assert search.gallery("kite home", ALL).items
    assert search.lent("kite home", ALL, None, 9) == ([], None, False)


def test_a_slip_is_mended_with_words_that_can_be_seen() -> None:
    stories = told(("The kite", "Grandmother flies it."), ("Die Flöte", "Ich spiele."))
    assert search.suggestion("Grandmohter", ALL) == "Grandmother"
    assert search.suggestion("the flote", ALL) is None
    assert search.suggestion("my Grandmother's flüte", ALL) is None  # both exist, but in no story together
    child_says(stories[0], {"gallery": "no"})
    save()
    assert search.suggestion("Grandmohter", ALL) is None


def test_a_slip_is_mended_with_words_from_far_down_and_from_beside_a_story() -> None:
    told(("The kite", f"{'It flew and flew. ' * 20}My grandmother laughed."))
    story = make_shown(["gallery", "translate"], title="Zmeul", text="Zboară.", locale=Locale.RO, pictures=1)
    put_beside(story, Beside.TRANSLATION, Locale.EN, title="The minister", text="My mother is far.")
    put_beside(story, Beside.CAPTION, text="Un acoperiș")
    save()
    expected = {
        "granmother": "grandmother",
        "mothr": "mother",
        "minster": "minister",
        "acoperis": None,
        "acopers": "acoperiș",
    }
    assert {query: search.suggestion(query, ALL) for query in expected} == expected
    child_says(story, {"translate": "no"})
    save()
    assert [search.suggestion(query, ALL) for query in ("mothr", "minster", "acopers")] == [None, None, "acoperiș"]


def test_an_index_that_went_its_own_way_is_noticed_and_mended(backend: str) -> None:
    (story,) = told(("Kite", "It flew."))
    assert "exactly" in done(run("release", "check"))
    db.session.execute(update(SearchEntry).values(words="moon"))
    save()
    assert list(differences()) == [story.id]
    assert story.id in refused_with_ids()
    if backend == "sqlite":
        assert not index_is_sound()
    done(run("release", "rebuild"))
    assert "exactly" in done(run("release", "check"))
    assert found("kite") == ["Kite"]
    assert found("moon") == []


def refused_with_ids() -> str:
    """What the check says of what differs."""
    result = run("release", "check")
    assert result.exit_code == 1
    return result.output


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_words_of_what_was_taken_back_leave_the_index_too(app: Flask) -> None:
    _, hidden = told(("Kite", "It flew."), ("Secret", "Xylophone zebra."))
    assert "xylophon" in raw_index()
    child_says(hidden, {"gallery": "no"})
    save()
    for _ in range(3):
        round_of(forget_words)
    assert "xylophon" not in raw_index()
    assert index_is_sound()
    assert found("kite") == ["Kite"]


def raw_index() -> str:
    """Every byte that FTS5 keeps."""
    blocks = db.session.scalars(text("SELECT block FROM search_index_data")).all()
    return b"".join(blocks).decode("latin-1")
