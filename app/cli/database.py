"""`flask db`: the schema, by Alembic."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from flask.cli import AppGroup
from sqlalchemy import Connection

from app.cli.following import catch_up
from app.cli.writing import transaction
from app.consent.publishing import publish_first
from app.extensions import db
from app.release.indexing import is_of_index

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"

database = AppGroup("db", help="Migrate the database.")


def alembic_config() -> Config:
    """Alembic's configuration for the database of the current app."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_path_separator", "os")
    config.attributes["engine"] = db.engine
    return config


def include_object(_thing: object, name: str | None, *_about: object) -> bool:
    """What Alembic compares: the search's index is made by its migration, on each database in its own way."""
    return not is_of_index(name or "")


def upgrade() -> None:
    """Bring the schema to its newest revision, and the showcase in line with the settings.

    Where no consent text was ever published, publish the newest.
    """
    make_room()
    command.upgrade(alembic_config(), "head")
    with transaction():
        publish_first()
    catch_up()


def upgrade_within(connection: Connection, revision: str) -> None:
    """Bring the schema to a revision inside the transaction that `connection` is in."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def make_room() -> None:
    """The folder of an SQLite database, where it is not there yet."""
    if db.engine.url.database and db.engine.dialect.name == "sqlite":
        Path(db.engine.url.database).parent.mkdir(parents=True, exist_ok=True)


@database.command("upgrade")
def upgrade_command() -> None:
    """Bring the schema to its newest revision."""
    upgrade()
    with db.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    click.echo(f"the schema is at revision {revision}")


@database.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Take the schema back to a revision (`base` for an empty database)."""
    command.downgrade(alembic_config(), revision)


@database.command("revision")
@click.argument("words")
def revision_command(words: str) -> None:
    """Draft the next numbered migration from what the models say; read it before you commit it."""
    number = len(list((MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    command.revision(alembic_config(), message=words, autogenerate=True, rev_id=f"{number:04d}")
