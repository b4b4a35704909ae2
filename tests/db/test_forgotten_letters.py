"""An erased child's letters go from where they were kept."""

from sqlalchemy import select

from app.adapters import outside
from app.adapters.mailer import FolderMailer
from app.adapters.queue import commit
from app.consent.actions import ask_guardian
from app.extensions import db
from app.mail.models import OutboxLetter
from app.people.permissions import Role
from app.people.tasks import send_letter
from app.stories.actions import ask_erasure
from tests.factories.people import make_guardian
from tests.factories.stories import make_submitted


def test_no_letter_outlives_the_child_it_is_about() -> None:
    stories = [make_submitted() for _ in range(2)]
    for story in stories:
        ask_guardian(story, make_guardian(story.storyteller, email="canary@example.org"))
    commit(outside().queue)
    for letter_id in db.session.scalars(select(OutboxLetter.id)).all():
        send_letter(letter_id)
    mailer = outside().mailer
    assert isinstance(mailer, FolderMailer)
    assert len(mailer.letters()) == 2
    ask_erasure(stories[0], Role.CHILD, now=True)
    assert len(mailer.letters()) == 2, "not before the commit"
    commit(outside().queue)
    kept = db.session.scalars(select(OutboxLetter.id).where(OutboxLetter.owner_id == stories[1].storyteller_id)).all()
    assert [letter.id for _, letter in mailer.letters()] == list(kept)
