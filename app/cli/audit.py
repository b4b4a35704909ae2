"""`flask audit verify`."""

from collections.abc import Iterable

import click
from flask.cli import AppGroup

from app.adapters import outside
from app.adapters.checkpoints import Checkpoint, Fate, Forged, standing
from app.audit.queries import verify
from app.errors import Unavailable

audit = AppGroup("audit", help="Check the audit log.")


@audit.command("verify")
def verify_command() -> None:
    """Walk the hash chain, compare it with the signed checkpoints, and name the first broken link."""
    path = outside().checkpoints.path
    try:
        known = outside().checkpoints.read()
    except Forged as error:
        raise click.ClickException(f"{path} is not what we wrote from line {error.line} on") from error
    except Unavailable as error:
        raise click.ClickException(f"{path} or the keyring cannot be read") from error
    for line in restorations(known):
        click.echo(line)
    broken = verify(standing(known))
    if broken is not None:
        raise click.ClickException(f"the chain breaks at entry {broken}")
    if known:
        click.echo(f"every link holds, and {len(known)} checkpoints since {known[0].at:%Y-%m-%d %H:%M} agree")
    else:
        click.echo(f"every link holds; there is no checkpoint in {path} yet, so a missing end would not show")


def restorations(known: Iterable[Checkpoint]) -> Iterable[str]:
    """A sentence for each restore, and how many entries were lost with the database before it."""
    reached = 0
    for each in known:
        if each.fate is Fate.RESTORED:
            lost = f"; entries {each.seq + 1} to {reached} of before are lost" if reached > each.seq else ""
            yield f"restored from a backup on {each.at:%Y-%m-%d %H:%M}, up to entry {each.seq}{lost}"
        reached = each.seq if each.fate is Fate.RESTORED else max(reached, each.seq)
