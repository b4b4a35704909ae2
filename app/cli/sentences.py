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
from app.adapters.keyring import Keys
from app.adapters.owning import told, whose
from app.errors import Unavailable
from app.extensions import db

WITHOUT_DATABASE = frozenset(
    {"backup verify", "db", "demo", "keys create", "processing", "profiles", "restore", "staff code"}
)
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
            if asks and not is_for_another():
                look_for_database()
            return act(*args, **kwargs)

    return run


def is_for_another() -> bool:
    """Whether this is a group on the way to a command below it, which asks for itself."""
    return click.get_current_context().invoked_subcommand is not None


@contextmanager
def sentences() -> Iterator[None]:
    """Say which part of the deployment cannot be used."""
    try:
        yield
    except DBAPIError as error:
        if is_about_ours(error):
            raise
        what = str(error.orig).strip().partition("\n")[0]
        raise click.ClickException(f"{name_of_database()} cannot be used ({what}){owner()}. {ADVICE}") from error
    except PermissionError as error:
        raise click.ClickException(told(error)) from error
    except Unavailable as error:
        raise click.ClickException(about(error.code)) from error


def is_about_ours(error: DBAPIError) -> bool:
    """Whether the database refused what we asked of it, and is itself there and as it should be."""
    of_ours = isinstance(error, (IntegrityError, DataError, ProgrammingError))
    return of_ours and getattr(error.orig, "sqlstate", "") not in NOT_MIGRATED


def about(part: str) -> str:
    """What to do about a part of the deployment that cannot be used."""
    if part == "keyring":
        return about_keyring(outside().settings.keyring)
    if part == "database":
        return f"{name_of_database()} cannot be used. {ADVICE}"
    return f"this part of the deployment cannot be used: {part}"


def about_keyring(path: Path) -> str:
    """Why the keyring cannot be used. Nothing here may lead to a new one beside data that the old one sealed."""
    where = "EYES_KEYRING says where it is"
    try:
        Keys.parse(path.read_bytes())
    except FileNotFoundError:
        return (
            f"the keyring {path} is not there; {where}. Mount its disk, or put the copy of it back: "
            "`keys create` is for a deployment that never had one"
        )
    except OSError as error:
        return f"the keyring {path} cannot be read ({error.strerror}){whose(path)}; {where}"
    except Unavailable:
        return f"the keyring {path} is damaged: put the copy of it back"
    return (
        f"the keyring {path} is not the one that sealed this data, or an old copy of it: put the newest back; {where}"
    )


ADVICE = (
    "Set EYES_DATABASE_URL or EYES_DATA_DIR as the server has them; "
    "`db upgrade` makes the tables, or brings older ones up to date."
)


def no_database_yet() -> bool:
    """Whether the file of an SQLite database is not there: to open it would make an empty one."""
    url = db.engine.url
    return db.engine.dialect.name == "sqlite" and bool(url.database) and not Path(str(url.database)).exists()


def look_for_database() -> None:
    """Refuse where a database would be made by looking into it."""
    if no_database_yet():
        raise click.ClickException(f"{name_of_database()} is not there. {ADVICE}")


def owner() -> str:
    """Whose the file of an SQLite database is, where it is somebody else's."""
    url = db.engine.url
    return whose(Path(url.database)) if db.engine.dialect.name == "sqlite" and url.database else ""


def name_of_database() -> str:
    """The address of the database, without its password."""
    return f"the database {db.engine.url.render_as_string(hide_password=True)}"
