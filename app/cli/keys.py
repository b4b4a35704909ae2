"""`flask keys create` and `flask keys rotate`."""

import click
from flask.cli import AppGroup
from sqlalchemy import inspect

from app.adapters import outside
from app.adapters.keyring import Keyring
from app.audit.actions import record
from app.audit.rules import Verb
from app.cli.sentences import no_database_yet
from app.cli.writing import transaction
from app.extensions import db
from app.people.keys import rotate_keys, used_keks
from app.people.models import DataKey

keys = AppGroup("keys", help="Create and rotate the keyring.")


@keys.command("create")
def create_command() -> None:
    """Make a keyring where the settings say; an existing one is never replaced."""
    path = outside().settings.keyring
    if path.exists():
        raise click.ClickException(f"{path} exists already")
    refuse_beside_data()
    Keyring.create(path)
    click.echo(f"made {path}; keep a copy apart from the data")


def refuse_beside_data() -> None:
    """Raises `ClickException` where there was a keyring: a new one opens nothing of what it sealed."""
    settings = outside().settings
    if there := settings.survivors():
        found = f"{' and '.join(map(str, there))} of a deployment"
    elif not no_database_yet() and inspect(db.engine).has_table(DataKey.__tablename__) and used_keks():
        found = "data keys in the database"
    else:
        return
    raise click.ClickException(
        f"there is no keyring at {settings.keyring}, but {found}: put the copy of its keyring back, or mount its disk. "
        "A new one would open nothing"
    )


@keys.command("rotate")
def rotate_command() -> None:
    """Wrap every data key under a new key-encryption key.

    The sweeper destroys the old one an hour later. From then on a copy of the database made before is noise,
    whoever holds today's keyring.
    """
    used_keks()  # a database that is away says so before the keyring has a key more
    newest = outside().keyring.rotate()
    with transaction():
        count = rotate_keys()
        record("cli", Verb.KEYS_ROTATED, newest, wrapped=count)
    click.echo(f"{count} data keys wrapped under {newest}")
