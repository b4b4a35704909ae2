"""The app under test: settings in a temporary folder, a freshly migrated database, a client that reads its pages.

Every test gets a database of its own, copied from a template that the real migrations made, so that a commit is a
commit. Outside `tests/db` that database is SQLite; `tests/db` runs each test on SQLite and on PostgreSQL.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app import create_app
from app.adapters import Outside, archive
from app.adapters.keyring import Keyring
from app.adapters.queue import MemoryQueue
from app.cli.database import upgrade
from app.cli.worker import run_job
from app.config import Settings
from app.extensions import db
from app.people import hashes
from tests.services.postgres import Postgres
from tests.web.client import CheckedClient

ROUNDS = 50
STATEMENTS = 10_000
"""As many as there are, and more."""


def migrate(settings: Settings) -> None:
    """Bring the database of `settings` to the newest revision, and let go of it."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
    disconnect(app)


def disconnect(app: Flask) -> None:
    """Close every connection of the app's pools."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def settings_in(folder: Path, **values: Any) -> Settings:
    """Settings of a deployment that lives in `folder`, with its keyring made."""
    values = {"clock_gap_hours": 0} | values  # a test moves the clock as it likes
    settings = Settings(data_dir=folder / "data", keyring=folder / "keys" / "keyring.json", **values)
    settings.data_dir.mkdir(parents=True)
    Keyring.create(settings.keyring)
    return settings


def sqlite_file(settings: Settings) -> Path:
    """Where the embedded database of these settings lies."""
    return Path(settings.sqlalchemy_url.removeprefix("sqlite:///"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database that the migrations made, to be copied."""
    settings = settings_in(tmp_path_factory.mktemp("sqlite-template"))
    migrate(settings)
    return sqlite_file(settings)


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database that the migrations made, to be copied."""
    name = postgres.create()
    migrate(settings_in(tmp_path_factory.mktemp("postgres-template"), database_url=postgres.url(name)))
    return name


@pytest.fixture
def backend() -> str:
    """Which database the app of this test uses; `tests/db` asks for both."""
    return "sqlite"


@pytest.fixture
def chosen() -> dict[str, Any]:
    """The settings that differ from the defaults. A module, a class or `parametrize("chosen", …)` says its own."""
    return {}


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, backend: str, chosen: dict[str, Any], tmp_path: Path
) -> Iterator[Settings]:
    """A deployment of its own, with a migrated and empty database."""
    if backend == "sqlite":
        settings = settings_in(tmp_path, **chosen)
        shutil.copyfile(request.getfixturevalue("sqlite_template"), sqlite_file(settings))
        yield settings
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.create(request.getfixturevalue("postgres_template"))
    yield settings_in(tmp_path, database_url=postgres.url(name), **chosen)
    postgres.drop(name)


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates, compiled once for all apps of a run and read once by each of its processes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._read: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """From memory, else from the folder."""
        bucket.code = self._read.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            if bucket.code is not None:
                self._read[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> CompiledTemplates:
    """The templates, compiled once for all apps of a run; each app would do it anew."""
    return CompiledTemplates(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """What reads and builds the address of a route, compiled once for all apps of a run, as the templates are."""
    known: dict[tuple[Any, ...], Rule] = {}
    compile_anew = Rule.compile

    def compile_once(rule: Rule) -> None:
        usual = rule.map.converters["default"] if rule.map else None  # a test's own little app has not ours
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, usual, *(rule.defaults or {}).items())
        if key not in known:
            compile_anew(rule)
            known[key] = rule
            return
        first = known[key]
        rule.arguments, rule._parts = first.arguments, first._parts
        rule._trace, rule._converters = first._trace, first._converters
        rule._build, rule._build_unknown = (
            builder.__func__.__get__(rule)  # type: ignore[attr-defined]
            for builder in (first._build, first._build_unknown)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


@pytest.fixture(scope="session")
def compiled_statements() -> Callable[[Engine], None]:
    """Let an engine have its SQL compiled once for all apps of a run: each app would do it anew, 3 ms a statement."""
    first: dict[str, Engine] = {}

    def share(engine: Engine) -> None:
        if engine.name not in first:
            engine.connect().close()  # a dialect gets to know its database by its first connection
            first[engine.name] = engine
            engine._compiled_cache = LRUCache(STATEMENTS)
        engine.dialect = first[engine.name].dialect
        engine._compiled_cache = first[engine.name]._compiled_cache

    return share


@contextmanager
def hashed_quickly() -> Iterator[None]:
    """Story cards and archives are hashed slowly on purpose, 60 to 120 ms; `test_sealing` looks at the real cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashes, "SCRYPT_COST", 2**4)
        patch.setattr(archive, "SCRYPT_COST", 2**4)
        yield


@pytest.fixture
def quick_hashes() -> Iterator[None]:
    """No test pays for slow hashes, but those that look at them."""
    with hashed_quickly():
        yield


@pytest.fixture(scope="session")
def make_app(
    compiled_templates: CompiledTemplates, compiled_statements: Callable[[Engine], None]
) -> Callable[[Settings], Flask]:
    """Create an app with its jobs waiting in memory until somebody runs them (`work`)."""

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        with app.app_context():
            compiled_statements(db.engine)
        app.jinja_env.bytecode_cache = compiled_templates
        connected: Outside = app.extensions["eyes"]
        app.extensions["eyes"] = replace(connected, queue=MemoryQueue())
        app.test_client_class = CheckedClient
        if "showcase_cache" in app.extensions:
            app.extensions["showcase_cache"].watch.every = 0  # what a test commits, its next request sees
        return app

    return make


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask], quick_hashes: None) -> Iterator[Flask]:
    """The app of this test."""
    app = make_app(settings)
    yield app
    disconnect(app)


@pytest.fixture
def work(app: Flask) -> Callable[[], list[str]]:
    """Run the waiting jobs, and those they leave behind, as the worker would; the names of the jobs that ran."""

    def run_all() -> list[str]:
        queue: MemoryQueue = app.extensions["eyes"].queue
        ran = []
        while queue.sent:
            name, *arguments = queue.sent.pop(0)
            run_job(app, name, *arguments)
            ran.append(name)
            assert len(ran) <= ROUNDS, f"jobs keep leaving jobs behind: {ran}"
        return ran

    return run_all


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A visitor with a cookie jar; each page they open is checked as HTML."""
    return CheckedClient(app, app.response_class)
