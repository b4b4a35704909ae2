"""The brakes on guessing at cards and references: for the network that asks, and for all of them together.

The one for all holds up only a network that has guessed before within the hour: a stranger who guesses from many keeps
no child out. Its first guess counts nowhere, which a card of more than fifty bits can bear.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import g
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response

from app.extensions import limiter, visitors_network
from app.web import counting

BY_NETWORK = "20 per minute; 120 per hour"
BY_EVERYBODY = "200 per minute"
GUESSED = "guessed"
"""The name under which a request remembers that it was a guess."""
ONCE_AN_HOUR = RateLimitItemPerHour(1)


def was_guessed(_response: Response) -> bool:
    """Whether what was answered just now is the answer to a guess."""
    return bool(g.get(GUESSED))


class Brakes:
    """Both brakes on one kind of guess. `counts` says whether an answer counts; without it each does."""

    def __init__(self, name: str, counts: Callable[[Response], bool] | None = None) -> None:
        self.name = name
        self._own = limiter.shared_limit(BY_NETWORK, name, deduct_when=counts)
        self._all = limiter.shared_limit(
            BY_EVERYBODY, f"{name}-all", key_func=partial(str, "everybody"), deduct_when=counts, exempt_when=self.is_new
        )

    def __call__(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Put both in front of a view."""
        return self._own(self._all(view))

    def note_guess(self) -> None:
        """Somebody in this network has guessed."""
        g.setdefault(GUESSED, True)
        counting.hit(ONCE_AN_HOUR, self.name, visitors_network())

    def is_new(self) -> bool:
        """Whether nobody in this network has guessed within the hour."""
        return counting.has_room(ONCE_AN_HOUR, self.name, visitors_network())
