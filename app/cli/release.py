"""`flask release check` and `flask release rebuild`."""

import click
from flask.cli import AppGroup

from app.cli.writing import transaction
from app.extensions import db
from app.release.check import differences
from app.release.projection import move_epoch, reproject
from app.stories.models import Story

release = AppGroup("release", help="Check and rebuild the showcase.")


@release.command("check")
def check_command() -> None:
    """Rebuild every projection from the policy and report any difference."""
    different = list(differences())
    for story_id in different:
        click.echo(story_id)
    if different:
        raise click.ClickException(f"{len(different)} stories differ from what the policy says")
    click.echo("the showcase is exactly what the policy says")


@release.command("rebuild")
def rebuild_command() -> None:
    """Bring every story's rows in line with the policy."""
    with transaction():
        wrong = list(differences())
        for story_id in wrong:
            story = db.session.get(Story, story_id)
            if story is not None:
                reproject(story)
        if wrong:
            move_epoch()
    click.echo(f"{len(wrong)} stories rebuilt")
