"""`flask profiles check`."""

import click
from flask.cli import AppGroup

from app import clock
from app.people.profiles import STRICT, Profile, faults, read, texts

profiles = AppGroup("profiles", help="Check the country profiles.")


@profiles.command("check")
def check_command() -> None:
    """Refuse a profile that is due for review, has no source, or says what no profile says."""
    refused = 0
    for country, text in texts().items():
        wrong = faults(country, text, clock.now().date())
        for line in wrong or [in_order(read(country, text))]:
            click.echo(f"{country or STRICT}: {line}")
        refused += bool(wrong)
    if refused:
        raise click.ClickException(f"{refused} profiles are refused")


def in_order(found: Profile) -> str:
    """When a profile must be looked at next, and which of its blocks nobody could verify."""
    unverified = [name for name, block in found.blocks.items() if not block.verified]
    due = min(block.review_by for block in found.blocks.values())
    return f"in order until {due}" + (f"; not verified: {', '.join(unverified)}" if unverified else "")
