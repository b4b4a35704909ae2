"""`flask release check` and `flask release rebuild`."""

import click
from flask.cli import AppGroup

from app.cli.writing import transaction
from app.release.check import differences, rebuild
from app.release.indexing import index_is_sound

release = AppGroup("release", help="Check and rebuild the showcase.")


@release.command("check")
def check_command() -> None:
    """Rebuild every projection from the policy and report any difference."""
    different = list(differences())
    for story_id in different:
        click.echo(story_id)
    if different:
        raise click.ClickException(f"{len(different)} stories differ from what the policy says")
    if not index_is_sound():
        raise click.ClickException("the index of the search differs from its entries: run `flask release rebuild`")
    click.echo("the showcase is exactly what the policy says")


@release.command("rebuild")
def rebuild_command() -> None:
    """Bring every story's rows in line with the policy."""
    with transaction():
        count = rebuild()
    click.echo(f"{count} stories rebuilt")
