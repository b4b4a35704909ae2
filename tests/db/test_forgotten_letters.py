"""An erased child's letters go from where they were kept, and those that wait are sent in turn."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock
from app.adapters import outside
from app.adapters.mailer import FolderMailer, Letter
from app.adapters.queue import commit
from app.consent.actions import ask_guardian
from app.errors import Unavailable, Undeliverable
from app.extensions import db
from app.mail.models import OutboxLetter
from app.mail.queries import waiting
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


@pytest.mark.parametrize(("says", "kept"), [(Undeliverable, 0), (Unavailable, 1)])
def test_a_letter_that_never_can_arrive_is_given_up(
    monkeypatch: pytest.MonkeyPatch, says: type[Exception], kept: int
) -> None:
    def refuse(_mailer: FolderMailer, _letter: Letter) -> None:
        raise says("mail")

    monkeypatch.setattr(FolderMailer, "send", refuse)
    story = make_submitted()
    ask_guardian(story, make_guardian(story.storyteller, email="nobody@example.org"))
    commit(outside().queue)
    send_letter(db.session.scalars(select(OutboxLetter.id)).one())
    assert db.session.scalar(select(func.count()).select_from(OutboxLetter)) == kept


def test_of_many_letters_the_sweeper_takes_those_that_have_waited_longest() -> None:
    for days in (1, 3, 2):
        with clock.fixed(clock.now() - timedelta(days=days)):
            story = make_submitted()
            ask_guardian(story, make_guardian(story.storyteller, email="canary@example.org"))
    commit(outside().queue)
    letters = db.session.scalars(select(OutboxLetter.id).order_by(OutboxLetter.created_at)).all()
    assert len(letters) == 3
    assert waiting(clock.now(), limit=2) == list(letters[:2])
    assert waiting(clock.now()) == list(letters)
