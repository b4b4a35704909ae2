"""Letters that wait."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.mail.models import OutboxLetter


def waiting(now: datetime, limit: int = 200) -> list[str]:
    """Ids of the letters that are due to be sent, the longest waiting first."""
    statement = (
        select(OutboxLetter.id)
        .where(OutboxLetter.sent_at.is_(None), OutboxLetter.next_attempt_at <= now)
        .order_by(OutboxLetter.next_attempt_at, OutboxLetter.created_at)
        .limit(limit)
    )
    return list(db.session.scalars(statement))
