"""Jobs about people."""

from app.adapters import outside
from app.adapters.queue import commit, job
from app.people.letters import send


@job("people.send_letter")
def send_letter(letter_id: str) -> None:
    """Send one letter from the outbox."""
    send(letter_id)
    commit(outside().queue)
