"""The migrations are one line of numbered steps that lead up and down, to exactly what the models say."""

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, Row, create_engine, select, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.campaigns.blocks import Kind
from app.campaigns.models import Campaign
from app.campaigns.queries import blocks_of, items_of
from app.cli.database import MIGRATIONS, alembic_config, include_object, upgrade
from app.cli.writing import transaction
from app.extensions import Base, db
from app.people.rules import Locale
from app.release import search
from app.release.models import ArchiveRecord, SearchEntry, Showing
from app.release.projection import tile_of
from app.release.queries import Filters
from tests.factories.campaigns import make_campaign
from tests.factories.stories import make_shown
from tests.house.schema import catalogue
from tests.services.application import disconnect, settings_in
from tests.services.postgres import Postgres


@pytest.fixture
def empty(request: pytest.FixtureRequest, backend: str, tmp_path: Path) -> Iterator[Flask]:
    """An app, in its context, on a database without a single table."""
    address = {"database_url": request.getfixturevalue("postgres_url")} if backend == "postgresql" else {}
    app = create_app(settings_in(tmp_path, **address))
    with app.app_context():
        yield app
    disconnect(app)


def test_the_migrations_are_numbered_with_words_and_have_one_head() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    assert [name for name in names if not re.fullmatch(r"\d{4}(_[a-z]+)+\.py", name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    script = ScriptDirectory(str(MIGRATIONS))
    assert script.get_heads() == [names[-1][:4]]
    assert [revision.revision for revision in reversed(list(script.walk_revisions()))] == [name[:4] for name in names]


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_up_down_up_is_clean(empty: Flask) -> None:
    upgrade()
    first = catalogue(db.engine)
    assert len(first) > 20
    command.downgrade(alembic_config(), "base")
    assert catalogue(db.engine) == {}
    upgrade()
    assert catalogue(db.engine) == first


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_models_ask_for_no_further_migration(empty: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"render_as_batch": True, "include_object": include_object}
        )
        assert compare_metadata(context, Base.metadata) == []


FOURTH_LANGUAGE = {
    "sqlite": ("CHECK (locale IN ('en', 'zh', 'ro'))", "CHECK (locale IN ('en', 'zh', 'ro', 'it'))"),
    "postgresql": ("'ro'::character varying])", "'ro'::character varying, 'it'::character varying])"),
}


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_fourth_language_changes_the_checks_of_languages_and_nothing_else(empty: Flask, backend: str) -> None:
    command.upgrade(alembic_config(), before_italian())
    before = catalogue(db.engine)
    command.upgrade(alembic_config(), "0010")
    after = catalogue(db.engine)
    assert (before - after).total() == (after - before).total() == 5
    assert Counter(line.replace(*FOURTH_LANGUAGE[backend]) for line in before.elements()) == after
    command.downgrade(alembic_config(), "-1")
    assert catalogue(db.engine) == before


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_without_italian_an_italian_story_is_kept_in_english(app: Flask) -> None:
    with app.app_context():
        with transaction():
            make_shown(locale=Locale.IT)
        command.downgrade(alembic_config(), before_italian())
        assert languages() == {"storyteller": {"en"}, "story": {"en"}, "showing": {"en"}}
        with pytest.raises(IntegrityError, match="ck_story_locale"):
            change_language("it")
        upgrade()
        change_language("it")
        assert languages()["story"] == {"it"}
        with pytest.raises(IntegrityError, match="ck_story_locale"):
            change_language("fr")


def before_italian() -> str:
    """The revision before Italian came."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_revision("0010").down_revision)


def languages() -> dict[str, set[str]]:
    """The languages of a child, of their story and of where it is shown."""
    with db.engine.connect() as connection:
        return {
            table: set(connection.scalars(text(f"SELECT locale FROM {table}")))
            for table in ("storyteller", "story", "showing")
        }


def change_language(locale: str) -> None:
    """Give every story another language, past all code."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE story SET locale = :locale"), {"locale": locale})


@pytest.fixture
def other_database(postgres: Postgres) -> Iterator[Callable[[], Engine]]:
    """Another empty database on the same cluster."""
    name = postgres.create()
    engine = create_engine(postgres.url(name))
    yield lambda: engine
    engine.dispose()
    postgres.drop(name)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_models_make_the_same_constraints(empty: Flask, other_database: Callable[[], Engine]) -> None:
    """Alembic does not compare CHECK constraints; PostgreSQL's own catalogue does."""
    upgrade()
    Base.metadata.create_all(other_database())
    migrated, modelled = catalogue(db.engine), catalogue(other_database())
    migrations_only = {line for line in migrated - modelled if not line.startswith(("trigger ", "function "))}
    assert (migrations_only, modelled - migrated) == (set(), {})


def without_avif(row: Row[Any]) -> tuple[Any, ...]:
    """What a page printed, as a database without this kind of picture has it."""
    printed = copy.deepcopy(tuple(row))
    for part in printed:
        for image in part["images"]:
            image["renditions"] = [each for each in image["renditions"] if each["media_type"] != "image/avif"]
    return printed


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_what_was_shown_before_has_its_tile_and_can_be_found_afterwards(empty: Flask) -> None:
    upgrade()
    with transaction():
        make_shown(["gallery", "embed"], pictures=2, sounds=1, own_voice=True, text="A long story. " * 40)
    before = db.session.execute(select(Showing.tile, Showing.body)).all()
    entries = db.session.execute(select(SearchEntry.number, SearchEntry.words)).all()
    db.session.close()
    command.downgrade(alembic_config(), "0008")
    upgrade()
    after = db.session.execute(select(Showing.tile, Showing.body)).all()
    assert len(after) == 2
    assert after == [without_avif(row) for row in before]  # the database of before knew none, so they went
    assert after[0].tile == tile_of(after[0].body) != after[0].body
    assert len(entries) == 1
    assert db.session.execute(select(SearchEntry.number, SearchEntry.words)).all() == entries
    assert len(search.gallery("long", Filters()).items) == 1


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_campaign_of_before_has_its_blocks_and_stays_public(empty: Flask) -> None:
    upgrade()
    with transaction():
        stories = [make_shown(["gallery"]) for _ in range(2)]
        make_campaign(*stories, slug="shown")
        make_campaign(slug="draft", announced=False)
    chosen = text("SELECT story_id, position FROM campaign_item ORDER BY position")
    before = db.session.execute(chosen).all()
    db.session.close()
    command.downgrade(alembic_config(), revision_before("0013"))
    assert db.session.scalars(text("SELECT slug FROM campaign")).all() == ["shown"]
    db.session.close()
    upgrade()
    campaign = db.session.scalars(select(Campaign)).one()
    assert (campaign.languages, campaign.announced_at) == (["en", "ro", "zh", "it"], campaign.created_at)
    stories_block, action = blocks_of(campaign.id)
    assert (stories_block.kind, action.kind) == (Kind.STORIES, Kind.ACTION)
    assert {item.block_id for item in items_of(campaign.id)} == {stories_block.id}
    assert db.session.execute(chosen).all() == before
    assert len(before) == 2


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_what_archives_could_take_before_is_told_to_them_afterwards(empty: Flask) -> None:
    upgrade()
    with transaction():
        make_shown(["gallery", "embed", "archive"])
        make_shown(["gallery", "archive"])
    opens = dict(db.session.execute(select(Showing.story_id, Showing.shown_on).where(Showing.place == "embed")).all())
    ends = dict(db.session.execute(select(ArchiveRecord.story_id, ArchiveRecord.since).where(ArchiveRecord.gone)).all())
    db.session.close()
    command.downgrade(alembic_config(), revision_before("0014"))
    upgrade()
    rows = db.session.scalars(select(ArchiveRecord).order_by(ArchiveRecord.since)).all()
    assert [(row.gone, row.story_id, row.told_on, row.since.date()) for row in rows] == [
        *((False, story_id, day, day) for story_id, day in opens.items()),
        *((True, story_id, at.date(), at.date()) for story_id, at in ends.items()),
    ]
    assert {row.story_id: row.since for row in rows if row.gone} == ends


def revision_before(revision: str) -> str:
    """The revision before this one."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_revision(revision).down_revision)
