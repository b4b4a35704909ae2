"""A bounded memory: what was used last is kept, what was not used for longest makes room."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Values by key, at most `room` bytes of them as their owners weigh them. Threads may share it."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """What is kept under `key`. Without the lock: each step is whole, and only the order of leaving may suffer."""
        found = self._kept.get(key)
        if found is None:
            return None
        try:  # noqa: SIM105  (for each page that is asked for; the shorter way takes four calls more)
            self._kept.move_to_end(key)
        except KeyError:  # somebody else made room meanwhile
            pass
        return found[0]

    def put(self, key: Hashable, value: Value, weight: int) -> None:
        """Keep `value`, which takes `weight` bytes with its key; a value larger than the room is not kept."""
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self.used -= before
            if weight > self.room:
                return
            self._kept[key] = (value, weight)
            self.used += weight
            while self.used > self.room:
                _, (_, freed) = self._kept.popitem(last=False)
                self.used -= freed

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self.used = 0

    def __len__(self) -> int:
        return len(self._kept)
