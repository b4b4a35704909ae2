"""Webhooks: the only requests the product sends to an address that somebody typed (security R21).

The address is https on a port of the web. Its name is looked up once, every address it stands for must be public, and
the connection goes to what was checked: a name that means something else a moment later changes nothing. No redirect
is followed, no proxy is used, a whole call takes ten seconds at most, and 64 kB of the answer are read.
"""

import io
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from app.config import LOOPBACK, Settings
from app.errors import Invalid, Unavailable

ANSWER_BYTES = 64 * 1024
PORTS = (80, 443, 8443)

UNICAST = ip_network("2000::/3")
"""The only IPv6 that leads to somebody: mapped, compatible, translated, local and multicast forms lie outside."""
REFUSED = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # Azure's own service, reachable from its machines alone
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.88.99.0/24",  # relays into 6to4
        "2001::/23",  # protocol assignments; Teredo
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)
"""What `ipaddress` calls global, or did in older versions, and is not the public Internet."""

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Patience:
    """Seconds that a whole call may take, and each step of it: looking up, connecting, waiting for the next bytes."""

    call: float = 10.0
    step: float = 5.0


@dataclass(frozen=True)
class Reply:
    """What a receiver answered: the status, and as much of the body as was read."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Target:
    """An address taken apart; `authority` is what the Host header says."""

    secure: bool
    host: str
    port: int
    authority: str
    path: str


class Webhook(Protocol):
    """Whatever can post to an address on the Internet.

    `check` raises `Invalid("not_a_webhook")`; `post` raises `Unavailable` when there was no answer.
    """

    def check(self, url: str) -> None: ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply: ...


class MemoryWebhook:
    """Keeps what was posted in a list, for tests; answers `reply`, or is unreachable while there is none."""

    def __init__(self, reply: Reply | None = None) -> None:
        self.reply = reply
        self.posted: list[tuple[str, dict[str, str], bytes]] = []

    def check(self, url: str) -> None:
        target_of(url, loopback=False)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.posted.append((url, dict(headers), body))
        if self.reply is None:
            raise Unavailable("webhook")
        return self.reply


def look_up(host: str, port: int) -> list[str]:
    """Every address a name stands for. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class HttpWebhook:
    """Posts over the Internet; with `loopback` (demo and tests) to this machine too, on any port and without TLS."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolve: Resolve = look_up,
        tls: ssl.SSLContext | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self.loopback = loopback
        self.resolve = resolve
        self._tls = tls
        self.patience = patience

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Read from the system when it is first needed: the authorities take a while."""
        return self._tls or ssl.create_default_context()

    def check(self, url: str) -> None:
        target_of(url, loopback=self.loopback)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        deadline = Deadline(self.patience)
        try:
            target = target_of(url, loopback=self.loopback)
            with self._connect(target, deadline) as connected:
                connected.settimeout(deadline.left())
                connection = HTTPConnection(target.host, target.port)
                connection.auto_open, connection.sock = 0, connected
                own = {"Host": target.authority, "User-Agent": "EyesOnMe", "Connection": "close"}
                connection.request("POST", target.path, body, own | dict(headers))
                return _read(connected, deadline)
        except (OSError, HTTPException, ValueError, Invalid) as error:
            raise Unavailable("webhook") from error

    def _connect(self, target: Target, deadline: "Deadline") -> socket.socket:
        """A connection to one of the addresses that were checked. Raises OSError."""
        addresses = self._addresses(target, deadline)
        for address in addresses[:-1]:
            try:
                return self._connect_to(address, target, deadline)
            except OSError:
                continue
        return self._connect_to(addresses[-1], target, deadline)

    def _connect_to(self, address: str, target: Target, deadline: "Deadline") -> socket.socket:
        plain = socket.create_connection((address, target.port), deadline.left())
        if not target.secure:
            return plain
        try:
            plain.settimeout(deadline.left())
            return self.tls.wrap_socket(plain, server_hostname=target.host)
        except BaseException:
            plain.close()
            raise

    def _addresses(self, target: Target, deadline: "Deadline") -> list[str]:
        """What the name stands for, looked up once; one address that is not public spoils them all."""
        answer: SimpleQueue[list[str]] = SimpleQueue()
        Thread(target=self._look_up, args=(target, answer), daemon=True).start()
        try:
            found = answer.get(timeout=deadline.left())
        except Empty as error:
            raise TimeoutError from error
        if not found or not all(self._may_reach(address, target) for address in found):
            raise Invalid("not_a_webhook")
        return list(dict.fromkeys(found))

    def _look_up(self, target: Target, answer: "SimpleQueue[list[str]]") -> None:
        """In a thread of its own, because no resolver can be told how long it may take."""
        try:
            answer.put(self.resolve(target.host, target.port))
        except (OSError, ValueError):
            answer.put([])

    def _may_reach(self, address: str, target: Target) -> bool:
        if self.loopback and ip_address(address).is_loopback:
            return True
        return target.secure and target.port in PORTS and is_public(address)


def target_of(url: str, *, loopback: bool) -> Target:
    """Take an address apart. Raises `Invalid("not_a_webhook")` for what is never posted to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid("not_a_webhook", "webhook") from error
    secure = parts.scheme == "https"
    if port is None:
        port = 443 if secure else 80
    plain = re.fullmatch(r"https?://[!-~]+", url) and "@" not in parts.netloc and not parts.fragment
    near = loopback and host in LOOPBACK
    if not plain or not host or not (near or (secure and (loopback or port in PORTS))):
        raise Invalid("not_a_webhook", "webhook")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port, parts.netloc, path)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet, and to one machine of it."""
    ip = ip_address(address.partition("%")[0])
    if ip.version == 6 and ip not in UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in REFUSED)


class Deadline:
    """The moment at which everything is over, however slowly the other side drips."""

    def __init__(self, patience: Patience) -> None:
        self.at = time.monotonic() + patience.call
        self.step = patience.step

    def left(self) -> float:
        """Seconds that the next step may take. Raises TimeoutError when none are left."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return min(seconds, self.step)


class _Bounded(io.RawIOBase):
    """Reads a connection until the deadline, and so many bytes of it: the rest is as if it had never been sent."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self.connected = connected
        self.deadline = deadline
        self.room = ANSWER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connected.settimeout(self.deadline.left())
        count = self.connected.recv_into(memoryview(buffer)[: self.room]) if self.room else 0
        self.room -= count
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What `HTTPResponse` asks a socket for."""
        return io.BufferedReader(self)


def _read(connected: socket.socket, deadline: Deadline) -> Reply:
    """The answer. A status that came counts, whatever becomes of the body."""
    with closing(HTTPResponse(cast(socket.socket, _Bounded(connected, deadline)), method="POST")) as response:
        response.begin()
        try:
            body = response.read(ANSWER_BYTES)
        except (OSError, HTTPException, ValueError):  # the last for a chunk of a length below nothing
            body = b""
        return Reply(response.status, body)


def choose_webhook(settings: Settings) -> Webhook:
    """Webhooks to the Internet; the demo may also call programs on its own machine."""
    return HttpWebhook(loopback=settings.demo)
