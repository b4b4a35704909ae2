"""`flask backup`, `flask backup verify` and `flask restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError

from app.adapters import outside
from app.adapters.archive import Unusable, read_secret
from app.adapters.checkpoints import Forged
from app.adapters.revocations import Broken
from app.cli.backup.check import check_data, check_keys, check_pair
from app.cli.backup.make import back_up
from app.cli.backup.restore import restore
from app.cli.sentences import is_about_ours

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def refusals() -> Iterator[None]:
    """Say what is wrong in a sentence."""
    try:
        yield
    except Unusable as error:
        raise click.ClickException(error.code) from error
    except Broken as error:
        raise click.ClickException(f"the ledger of revocations breaks at line {error.line}: see the runbook") from error
    except Forged as error:
        raise click.ClickException("the last checkpoint of the audit log is not ours: see the runbook") from error
    except DBAPIError as error:
        if not is_about_ours(error):
            raise
        raise click.ClickException(f"the database refused ({type(error).__name__}): nothing was changed") from error


@click.group("backup", cls=AppGroup, invoke_without_command=True)
@click.pass_context
@with_appcontext
def backup(context: click.Context) -> None:
    """Copy everything into a sealed data archive and, apart from it, a sealed keys archive."""
    if context.invoked_subcommand is not None:
        return
    with refusals():
        made = back_up()
    click.echo(f"{made.data}: everything until {made.manifest.made_at}, {made.manifest.tally.files} files")
    click.echo(f"{made.keys}: the keys and the revocations until now; destroy every older copy of it")
    for name in made.manifest.missing:
        click.echo(f"missing from the vault: {name}", err=True)
    if made.manifest.audit_breaks_at is not None:
        click.echo(f"the audit chain breaks at entry {made.manifest.audit_breaks_at}", err=True)


@backup.command("verify")
@click.argument("data", type=FILE)
@click.argument("keys", type=FILE, required=False)
def verify_command(data: Path, keys: Path | None) -> None:
    """Read DATA, and KEYS with it, from end to end as a restore would, and change nothing."""
    with refusals():
        secret = read_secret(outside().settings.backup_key_file)
        manifest, keychain = check_data(data, secret), check_keys(keys, secret) if keys else None
        if keychain is not None:
            check_pair(manifest, keychain)
    click.echo(f"{data} is whole: everything until {manifest.made_at}, {manifest.tally.files} files")
    if keychain is not None:
        click.echo(f"{keys} opens it: {len(keychain.data_keys)} keys, {len(keychain.revoked.erased)} erasures")


@click.command("restore")
@click.argument("data", type=FILE)
@click.argument("keys", type=FILE)
@click.option(
    "--here",
    is_flag=True,
    help="The keyring, the ledger of revocations and the checkpoints at the places of the settings are what survived "
    "of this very deployment: rotate that keyring, and sign into those checkpoints that its log begins anew from the "
    "backup. Never to practise beside a living deployment: its log could be cut afterwards, and nothing would show.",
)
@with_appcontext
def restore_command(data: Path, keys: Path, *, here: bool) -> None:
    """Bring a deployment back from DATA and KEYS, into a new database and a new vault, and erase what was erased."""
    with refusals():
        done = restore(data, keys, here=here)
    click.echo(f"restored: everything until {done.manifest.made_at}, {done.rows} rows, {done.files} files")
    click.echo(f"erased again: {done.erased} stories")
    click.echo(f"suspended: {done.suspended} stories of which something was taken back later; a lead decides")
    click.echo(f"shown again: {done.shown} stories; whatever else was answered later is not known here")
    if done.lost:
        click.echo(f"{done.lost} files were missing from the vault already when the backup was made", err=True)
