"""`flask consent export`."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.audit.actions import record
from app.audit.rules import Verb
from app.cli.writing import transaction
from app.consent.exports import export
from app.consent.records import Json
from app.errors import Invalid
from app.extensions import ID_LENGTH, db
from app.people.queries import by_reference
from app.people.rules import read_reference
from app.stories.models import Story
from app.stories.queries import of_storyteller

consent = AppGroup("consent", help="The records of what everybody agreed to.")


@consent.command("export")
@click.argument("name", required=False)
@click.option("--every", is_flag=True, help="Every story instead: a document on each line (JSON Lines).")
def export_command(name: str | None, *, every: bool) -> None:
    """Print the consent records (JSON-LD) of a child by NAME, the reference on paper, or of one story by its id."""
    if every is (name is not None):
        raise click.UsageError("either NAME or --every")
    if name is not None:
        with transaction():
            document = exported(find(name))
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    for story_id in db.session.scalars(select(Story.id).order_by(Story.id)).all():
        with transaction():
            story = db.session.get(Story, story_id)
            printed = json.dumps(exported([story]), ensure_ascii=False) if story is not None else ""
        if printed:
            click.echo(printed)


def exported(stories: list[Story]) -> Json:
    """The records about these stories; that they are given out is in the audit log, and committed before they are."""
    if not stories:
        raise click.ClickException("no child has this reference, and no story this id")
    for story in stories:
        record("cli", Verb.CONSENT_EXPORTED, story.id)
    return export(stories)


def find(name: str) -> list[Story]:
    """The stories that are meant: one by its id, or all of a child."""
    story = db.session.get(Story, name) if len(name) == ID_LENGTH else None
    if story is not None:
        return [story]
    try:
        teller = by_reference(read_reference(name))
    except Invalid:
        return []
    return list(of_storyteller(teller.id)) if teller else []
