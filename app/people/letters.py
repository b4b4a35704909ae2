"""Posting and sending letters, sealed with their owner's data key while they wait."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.mailer import Letter
from app.adapters.queue import afterwards, later
from app.errors import Gone
from app.extensions import db, new_id
from app.mail.models import OutboxLetter
from app.people.keys import seal, unseal

BACK_OFF_MINUTES = (1, 5, 15, 60, 240)


def post(owner_id: str, write: Callable[[str], Letter]) -> str:
    """Put the letter that `write` composes for a fresh id into the outbox, in the current transaction; the id."""
    letter_id = new_id()
    letter = write(letter_id)
    sealed = seal(owner_id, f"letter:{letter_id}", json.dumps(asdict(letter)))
    db.session.add(OutboxLetter(id=letter_id, owner_id=owner_id, sealed=sealed))
    db.session.flush()
    later("people.send_letter", letter_id)
    return letter_id


def take(letter_id: str) -> Letter | None:
    """Begin an attempt to send a waiting letter; nothing when it is sent or not due. One whose owner was erased goes.

    The attempt is counted before it begins, so that a killed worker counts, and until the next one is due nobody
    else tries.
    """
    row = db.session.get(OutboxLetter, letter_id, with_for_update=True, populate_existing=True)
    if row is None or row.sealed is None or row.next_attempt_at > clock.now():
        return None
    try:
        letter = Letter(**json.loads(unseal(row.owner_id, f"letter:{row.id}", row.sealed)))
    except Gone:
        db.session.delete(row)
        return None
    minutes = BACK_OFF_MINUTES[min(row.attempts, len(BACK_OFF_MINUTES) - 1)]
    row.next_attempt_at = clock.now() + timedelta(minutes=minutes)
    row.attempts += 1
    return letter


def mark_sent(letter_id: str) -> None:
    """The letter left: its words are forgotten."""
    row = db.session.get(OutboxLetter, letter_id)
    if row is not None:
        row.sent_at, row.sealed = clock.now(), None


def give_up(letter_id: str) -> None:
    """The letter will never arrive: its words are forgotten too. Whoever named the address can name another."""
    row = db.session.get(OutboxLetter, letter_id)
    if row is not None:
        db.session.delete(row)


def recall(owner_id: str, address: str) -> None:
    """What waits to be sent to an address does not leave; one that is on its way cannot be stopped."""
    waiting = select(OutboxLetter).where(OutboxLetter.owner_id == owner_id, OutboxLetter.sealed.is_not(None))
    for row in db.session.scalars(waiting.with_for_update()):
        if json.loads(unseal(owner_id, f"letter:{row.id}", row.sealed))["to"] == address:
            db.session.delete(row)


def forget_letters(owner_id: str) -> None:
    """Whoever these letters were about is erased: no copy of them stays, once the current transaction has committed."""
    ids = db.session.scalars(select(OutboxLetter.id).where(OutboxLetter.owner_id == owner_id)).all()
    afterwards(partial(outside().mailer.forget, ids))
