"""A guardian at a browser: what the page's form would send, the links there are, and what was written down."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.cli.writing import transaction
from app.consent.actions import ask_guardian
from app.consent.models import Answer
from app.consent.queries import said_by_guardian
from app.consent.rules import PUBLIC_SCOPES
from app.extensions import db
from app.mail.models import OutboxLetter
from app.people.keys import unseal
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.stories.actions import submit, working_version, write
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.web.telling import Visitor

ANSWER = {"name": "Maria Popescu", "relation": "mother", "alone": "alone"}
A_DAY = timedelta(days=1)
HAND = {"how": "hand", "guardian_locale": "ro"}
LETTER = {"how": "letter", "email": "tata@example.org", "guardian_locale": "ro"}
"""The two ways to ask another parent."""


def answer(guardian: Visitor, link: str, **more: str | list[str]) -> int:
    """Send the form of the page that was opened; the status."""
    data = {**ANSWER, "text": guardian.hidden("text"), "version": guardian.hidden("version"), **more}
    return guardian.post(link, data).status_code


def confirm(guardian: Visitor, link: str, **answers: str) -> int:
    """Press "Yes, that is what I want" on the page that was opened; the status."""
    data = {"text": guardian.hidden("text"), "version": guardian.hidden("version"), **answers}
    return guardian.post(f"{link}/confirm", data).status_code


def link_in_letter() -> str:
    """The address in the only letter there is, without its host."""
    letter = db.session.scalars(select(OutboxLetter)).one()
    body = unseal(letter.owner_id, f"letter:{letter.id}", letter.sealed)
    return "/consent/" + body.split("/consent/")[1].split("\\n")[0].strip('"')


def fresh_link(app: Flask, after: timedelta = A_DAY) -> str:
    """A link that the app makes, so long after now, for the first guardian who has said who they are."""
    with app.app_context(), clock.fixed(clock.now() + after), transaction():
        story = the_story()
        declared = [one for one in guardians_of(story.storyteller_id) if one.relation is not None]
        return f"/consent/{ask_guardian(story, declared[0])}"


def new_version(app: Flask) -> None:
    """The child was asked to change the story, and hands in another one."""
    with app.app_context(), transaction():
        story = the_story()
        story.state = State.CHANGES_ASKED
        db.session.flush()
        write(working_version(story), "New", "Quite another story.")
        submit(story, Role.CHILD)


def the_story() -> Story:
    return db.session.scalars(select(Story)).one()


def the_guardian() -> Guardian:
    return db.session.scalars(select(Guardian)).one()


def said() -> dict[str, str]:
    """What the one guardian says now."""
    return {scope: given.value for scope, given in said_by_guardian(the_story().id, the_guardian().id).items()}


NO_EVERYWHERE = dict.fromkeys(PUBLIC_SCOPES, "no")
"""What a guardian says who has taken everything back."""


def confirmed() -> dict[str, bool]:
    """Which of it was said for good."""
    return {scope: given.confirmed for scope, given in said_by_guardian(the_story().id, the_guardian().id).items()}


def rows_of_guardians() -> int:
    """How many answers of guardians the ledger holds."""
    return db.session.scalar(select(func.count()).select_from(Answer).where(Answer.party == "guardian")) or 0


def guardians() -> list[Guardian]:
    """Everybody who was named, in order."""
    return list(db.session.scalars(select(Guardian).order_by(Guardian.created_at)))


def letters() -> list[str]:
    """Every letter that waits, as its parts."""
    rows = db.session.scalars(select(OutboxLetter)).all()
    return [unseal(row.owner_id, f"letter:{row.id}", row.sealed) for row in rows]


def declared(guardian: Visitor, link: str) -> Visitor:
    """A parent who decides with another one, on the page that asks who that is."""
    answer(guardian, link, gallery="yes", alone="together")
    guardian.get(f"{link}/other?lang=en")
    return guardian
