"""`flask keys create` and `flask keys rotate`."""

import click
from flask.cli import AppGroup

from app.adapters import outside
from app.adapters.keyring import Keyring
from app.audit.actions import record
from app.audit.rules import Verb
from app.cli.writing import transaction
from app.people.keys import rotate_keys

keys = AppGroup("keys", help="Create and rotate the keyring.")


@keys.command("create")
def create_command() -> None:
    """Make a keyring where the settings say; an existing one is never replaced."""
    path = outside().settings.keyring
    if path.exists():
        raise click.ClickException(f"{path} exists already")
    Keyring.create(path)
    click.echo(f"made {path}; keep a copy apart from the data")


@keys.command("rotate")
def rotate_command() -> None:
    """Wrap every data key under a new key-encryption key.

    The sweeper destroys the old one an hour later. From then on a copy of the database made before is noise,
    whoever holds today's keyring.
    """
    newest = outside().keyring.rotate()
    with transaction():
        count = rotate_keys()
        record("cli", Verb.KEYS_ROTATED, newest, wrapped=count)
    click.echo(f"{count} data keys wrapped under {newest}")
