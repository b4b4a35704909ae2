"""`flask audit verify`."""

import click
from flask.cli import AppGroup

from app.audit.queries import verify

audit = AppGroup("audit", help="Check the audit log.")


@audit.command("verify")
def verify_command() -> None:
    """Walk the hash chain and name the first broken link."""
    broken = verify()
    if broken is not None:
        raise click.ClickException(f"the chain breaks at entry {broken}")
    click.echo("every link holds")
