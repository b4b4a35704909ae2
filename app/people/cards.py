"""A lost card: the child asks on some screen, two helpers say that it is this child, and that screen shows a new
card (docs/adr/0005).

They see the code on the screen and the reference; neither the digits of the card nor the story.
"""

import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, select

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.extensions import db
from app.people.actions import issue_card
from app.people.hashes import hash_token
from app.people.models import CardRequest, Staff, Storyteller
from app.people.permissions import Permission, Role, may
from app.people.queries import by_reference, knows
from app.people.rules import CardNumber, read_reference

OPEN_FOR = timedelta(hours=1)
"""Long enough to reach a second person by telephone."""
CODE_DIGITS = 6


def ask_for_card(storyteller: Storyteller, token: str) -> CardRequest:
    """The child asks for a new card; `token` stays in the session of the screen on which they ask.

    A child has one request that waits: asking again replaces it. What a helper has approved already stays.
    """
    db.session.refresh(storyteller, with_for_update=True)
    token_hash = hash_token(token)
    waiting = (CardRequest.storyteller_id == storyteller.id) & CardRequest.approved_at.is_(None)
    db.session.execute(delete(CardRequest).where(or_(waiting, CardRequest.token_hash == token_hash)))
    asked = CardRequest(
        token_hash=token_hash,
        storyteller_id=storyteller.id,
        code="".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS)),
        expires_at=clock.now() + OPEN_FOR,
    )
    db.session.add(asked)
    db.session.flush()
    record(Role.CHILD.value, Verb.CARD_ASKED_FOR, storyteller.id)
    return asked


def approve_card(staff: Staff, code: str, reference: str) -> bool:
    """A helper says that it is this child: the code stands on the child's screen. True when they were the second.

    The first is beside the child; the second may be anywhere, and is called. Both as they were typed. Raises
    `NotAllowed`; `Invalid("card_second_person")` for the first one again; and `Invalid("card_code")` when no request
    waits that fits both, or the child is at home with another organisation; which of these was wrong is not told.
    """
    if not may(staff.role, Permission.CARD_REISSUE):
        raise NotAllowed
    digits = "".join(str(int(sign)) for sign in code if sign.isdecimal())
    storyteller = by_reference(read_reference(reference))
    statement = select(CardRequest).where(
        CardRequest.storyteller_id == (storyteller.id if storyteller else ""),
        CardRequest.code == digits,
        CardRequest.approved_at.is_(None),
        CardRequest.expires_at > clock.now(),
    )
    asked = db.session.scalar(statement.with_for_update())
    if asked is None or not knows(staff, asked.storyteller_id):
        raise Invalid("card_code", "code")
    if asked.vouched_by is None:
        asked.vouched_by = staff.id
    elif asked.vouched_by == staff.id:
        raise Invalid("card_second_person", "code")
    else:
        asked.approved_by, asked.approved_at = staff.id, clock.now()
    db.session.flush()
    record(staff.id, Verb.CARD_APPROVED if asked.approved_by else Verb.CARD_VOUCHED, asked.storyteller_id)
    return asked.approved_by is not None


def take_card(token: str) -> CardNumber:
    """The screen that asked takes the new card, once; from the commit on the old one opens nothing.

    Raises `NotFound` when nothing was asked, it was taken, or its time is over; `Conflict("card_waits")` until two
    helpers have approved it.
    """
    asked = db.session.get(CardRequest, hash_token(token), with_for_update=True, populate_existing=True)
    if asked is None or asked.taken_at is not None or asked.expires_at <= clock.now():
        raise NotFound
    if asked.approved_by is None:
        raise Conflict("card_waits")
    asked.taken_at = clock.now()
    others = (CardRequest.storyteller_id == asked.storyteller_id) & CardRequest.taken_at.is_(None)
    card = issue_card(db.session.get_one(Storyteller, asked.storyteller_id, with_for_update=True))
    db.session.flush()
    db.session.execute(delete(CardRequest).where(others))
    record(asked.approved_by, Verb.CARD_REISSUED, asked.storyteller_id)
    return card
