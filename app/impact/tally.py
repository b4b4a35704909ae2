"""Views that were counted and not written down yet: in memory, and never more than so many kinds of them."""

from collections.abc import Mapping
from threading import Lock

from app.impact.rules import OTHER, View

KINDS, HOSTS = 5_000, 500
"""How many different views, and sites among them, are told apart between two writings."""


class Tally:
    """Counts by kind of view. Threads may share it.

    Anybody can send the name of a site that does not exist. What is too much loses its site and its story, and is
    counted still: of what then remains there are no more kinds than campaigns, places and languages.
    """

    def __init__(self, kinds: int = KINDS, hosts: int = HOSTS) -> None:
        self.kinds, self.hosts = kinds, hosts
        self._lock = Lock()
        self._counts: dict[View, int] = {}
        self._seen: set[str] = set()

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, view: View, times: int = 1) -> None:
        """Count a view."""
        with self._lock:
            if view not in self._counts:
                view = self._within_bounds(view)
            self._counts[view] = self._counts.get(view, 0) + times

    def take(self) -> dict[View, int]:
        """Everything that was counted; the next count begins at nothing."""
        with self._lock:
            counts, self._counts, self._seen = self._counts, {}, set()
        return counts

    def put_back(self, counts: Mapping[View, int]) -> None:
        """Count again what could not be written down."""
        for view, times in counts.items():
            self.add(view, times)

    def _within_bounds(self, view: View) -> View:
        if view.host not in self._seen and len(self._seen) >= self.hosts:
            view = view._replace(host=OTHER)
        if view not in self._counts and len(self._counts) >= self.kinds:
            view = view._replace(host=OTHER if view.host else "", story="")
        self._seen.add(view.host)
        return view
