"""What is not there when a command begins, in a sentence in place of a traceback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from app.adapters import outside
from app.errors import Unavailable
from app.extensions import db

WITHOUT_DATABASE = frozenset({"db", "demo", "keys create", "processing", "profiles", "restore", "staff code"})
"""What asks no database, or makes one."""

NOT_MIGRATED = ("42P01", "42703")
"""How PostgreSQL says that there is no such table, or no such column; SQLite says it as it says anything."""


def speak(command: click.Command, path: str = "") -> click.Command:
    """Have a command, and all below it, say what is not there."""
    path = f"{path} {command.name}".strip()
    if isinstance(command, click.Group):
        for below in command.commands.values():
            speak(below, path)
    if command.callback is not None:
        asks = path not in WITHOUT_DATABASE and path.partition(" ")[0] not in WITHOUT_DATABASE
        command.callback = spoken(command.callback, asks=asks)
    return command


def spoken(act: Callable[..., Any], *, asks: bool) -> Callable[..., Any]:
    """What a command does, `asks` where that needs a database that is there."""

    @with_appcontext
    @wraps(act)
    def run(*args: object, **kwargs: object) -> object:
        with sentences():
            if asks:
                look_for_database()
            return act(*args, **kwargs)

    return run


@contextmanager
def sentences() -> Iterator[None]:
    """Say which part of the deployment cannot be used."""
    try:
        yield
    except DBAPIError as error:
        of_ours = isinstance(error, (IntegrityError, DataError, ProgrammingError))
        if of_ours and getattr(error.orig, "sqlstate", "") not in NOT_MIGRATED:
            raise
        what = str(error.orig).strip().partition("\n")[0]
        raise click.ClickException(f"{name_of_database()} cannot be used ({what}). {ADVICE}") from error
    except Unavailable as error:
        keyring = f"{outside().settings.keyring}; EYES_KEYRING says where it is, and `keys create` makes one"
        what = keyring if error.code == "keyring" else error.code
        raise click.ClickException(f"this part of the deployment cannot be used: {what}") from error


ADVICE = (
    "Set EYES_DATABASE_URL or EYES_DATA_DIR as the server has them; "
    "`db upgrade` makes the tables, or brings older ones up to date."
)


def look_for_database() -> None:
    """Refuse where the file of an SQLite database is not there: to open it would make an empty one."""
    url = db.engine.url
    if db.engine.dialect.name == "sqlite" and url.database and not Path(url.database).exists():
        raise click.ClickException(f"{name_of_database()} is not there. {ADVICE}")


def name_of_database() -> str:
    """The address of the database, without its password."""
    return f"the database {db.engine.url.render_as_string(hide_password=True)}"
