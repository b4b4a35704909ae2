"""Receivers of webhooks on this machine, well behaved and not."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behave = Callable[[socket.socket, Event], None]
"""What a receiver does once it has read the request, until it is told to stop."""


def answering(status: str, body: bytes = b"", *headers: str) -> Behave:
    """Answers as a server should."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return saying("\r\n".join(lines).encode() + body)


def saying(raw: bytes) -> Behave:
    """Sends these bytes and closes."""
    return lambda connection, _stop: connection.sendall(raw)


def hanging(_connection: socket.socket, stop: Event) -> None:
    """Says nothing at all."""
    stop.wait()


def dripping(head: bytes) -> Behave:
    """Sends `head`, and then a byte every now and then for ever."""

    def drip(connection: socket.socket, stop: Event) -> None:
        connection.sendall(head)
        while not stop.wait(0.02):
            connection.sendall(b"x")

    return drip


class Receiver:
    """A server on a free port; `requests` holds the bytes of each request that came."""

    def __init__(self, behave: Behave, tls: ssl.SSLContext | None) -> None:
        self.behave, self.tls = behave, tls
        self.requests: list[bytes] = []
        self.stop = Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.threads = [Thread(target=self._serve)]
        self.threads[0].start()

    def close(self) -> None:
        """End every connection and wait for the threads."""
        self.stop.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                thread = Thread(target=self._answer, args=(connection,))
                self.threads.append(thread)
                thread.start()

    def _answer(self, plain: socket.socket) -> None:
        with suppress(OSError), plain:
            plain.settimeout(5)
            connection = self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
            with connection:
                self.requests.append(read_request(connection))
                self.behave(connection, self.stop)


def read_request(connection: socket.socket) -> bytes:
    """The head of a request and as much of a body as it promises."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += receive(connection)
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += receive(connection)
    return head + b"\r\n\r\n" + body


def receive(connection: socket.socket) -> bytes:
    """The next bytes. Raises OSError at the end."""
    piece = connection.recv(65536)
    if not piece:
        raise ConnectionError
    return piece


@contextmanager
def receiver(behave: Behave, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver for the length of the block."""
    running = Receiver(behave, tls)
    try:
        yield running
    finally:
        running.close()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for `name` that nobody signed: the receiver's context, and that of a client who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))
