"""Jobs about people."""

import structlog

from app.adapters import outside
from app.adapters.queue import commit, job
from app.errors import Unavailable, Undeliverable
from app.people.letters import give_up, mark_sent, take

log = structlog.get_logger()


@job("people.send_letter")
def send_letter(letter_id: str) -> None:
    """Send one letter. Two commits, so that nobody waits for the database while a mail server thinks."""
    letter = take(letter_id)
    commit(outside().queue)
    if letter is None:
        return
    try:
        outside().mailer.send(letter)
    except Unavailable:
        log.warning("mail.unreachable", letter=letter_id)
        return
    except Undeliverable:
        log.warning("mail.refused", letter=letter_id)
        give_up(letter_id)
    else:
        mark_sent(letter_id)
    commit(outside().queue)
