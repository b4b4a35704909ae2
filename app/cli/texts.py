"""`flask texts`: which consent texts there are, and publishing a new one."""

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from app.cli.writing import transaction
from app.consent.publishing import edits, gaps, obstacles, publish, releases
from app.consent.texts import TEXT_IDS, versions

texts = AppGroup("texts", help="List and publish the consent texts.")


@texts.command("list")
def list_command() -> None:
    """Every version of each text: since when it is asked, or what it lacks."""
    for text_id in TEXT_IDS:
        for line in lines(text_id):
            click.echo(line)


def lines(text_id: str) -> Iterator[str]:
    """What is so about each version of a text."""
    published = {release.version: release for release in releases(text_id)}
    for version in versions(text_id):
        release = published.get(version)
        if release is None:
            lacking = len(list(gaps(text_id, version)))
            yield f"{text_id} {version}  " + (f"not published, {lacking} parts missing" if lacking else "not published")
        else:
            kind = "major" if release.major else "minor"
            yield f"{text_id} {version}  {kind}, published {release.published_at:%Y-%m-%d %H:%M} UTC"
            yield from edits(release)


@texts.command("publish")
@click.argument("text_id", type=click.Choice(TEXT_IDS))
@click.argument("version", type=click.IntRange(min=1))
@click.option("--major/--minor", required=True, help="Whether answers to older versions are superseded.")
def publish_command(text_id: str, version: int, *, major: bool) -> None:
    """Ask a version from now on, and no older one."""
    against = obstacles(text_id, version)
    if against:
        raise click.ClickException("\n".join(against))
    with transaction():
        publish(text_id, version, major=major)
    click.echo(f"{text_id} {version} is asked from now on")
