"""Letters that wait."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.mail.models import OutboxLetter


def waiting(now: datetime) -> list[str]:
    """Ids of the letters that are due to be sent."""
    statement = (
        select(OutboxLetter.id)
        .where(OutboxLetter.sent_at.is_(None), OutboxLetter.next_attempt_at <= now)
        .order_by(OutboxLetter.created_at)
    )
    return list(db.session.scalars(statement))
