"""A switch in the line to a server: off, every connection is refused, and the server keeps all it holds."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

PIECE = 64 * 1024


class Switch:
    """A loopback port that leads to another one while it is on."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.open: list[socket.socket] = []
        self._listen()

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # it was switched off
            while True:
                near, far = listener.accept()[0], socket.create_connection(("127.0.0.1", self.target))
                self.open += [near, far]
                threading.Thread(target=pass_on, args=(near, far), daemon=True).start()

    def off(self) -> None:
        """Cut every connection and accept none."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def on(self) -> None:
        """Lead there again, on the same port."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self._listen()


def pass_on(near: socket.socket, far: socket.socket) -> None:
    """What comes from one end goes to the other, until one of them ends."""
    with near, far, suppress(OSError):
        while True:
            for source in select.select([near, far], [], [])[0]:
                piece = source.recv(PIECE)
                if not piece:
                    return
                (far if source is near else near).sendall(piece)


@pytest.fixture
def new_switch() -> Iterator[Callable[[int], Switch]]:
    """Put a switch before a loopback port."""
    made: list[Switch] = []

    def make(target: int) -> Switch:
        made.append(Switch(target))
        return made[-1]

    yield make
    for switch in made:
        with suppress(OSError):
            switch.off()
