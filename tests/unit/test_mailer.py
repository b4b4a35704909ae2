"""Letters by SMTP: over TLS with a certificate we trust, or not at all. In a folder: not for ever."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.adapters.mailer import FolderMailer, Letter, SmtpMailer
from app.errors import Unavailable, Undeliverable

LETTER = Letter("an-id", "mother@example.org", "A story", "canary-link")
SENDER = "Eyes on Me <no-reply@example.org>"


class Postman:
    """A mail server for one letter; `heard` is what came in clear, `sealed` what came over TLS."""

    def __init__(self, tls: ssl.SSLContext | None, takes: bytes = b"250 yes") -> None:
        self.tls, self.takes = tls, takes
        self.heard = self.sealed = ""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        try:
            with self.listener, self.listener.accept()[0] as line:
                line.settimeout(10)
                line.sendall(b"220 here\r\n")
                if self._talk(line) and self.tls is not None:
                    with self.tls.wrap_socket(line, server_side=True) as sealed:
                        self._talk(sealed)
        except OSError:
            return  # the client went away

    def _talk(self, line: socket.socket) -> bool:
        """Answer until the client wants TLS, and then True."""
        in_letter = False
        with line.makefile("rb") as lines:
            for raw in lines:
                said = raw.decode().strip()
                if isinstance(line, ssl.SSLSocket):
                    self.sealed += raw.decode()
                else:
                    self.heard += raw.decode()
                if in_letter and said != ".":
                    continue
                word = said.split(" ")[0].upper()
                in_letter = word == "DATA"
                offers = b"250-STARTTLS\r\n" if self.tls and not isinstance(line, ssl.SSLSocket) else b""
                line.sendall(
                    {
                        "EHLO": b"250-here\r\n" + offers + b"250 AUTH PLAIN\r\n",
                        "DATA": b"354 go on\r\n",
                        "RCPT": self.takes + b"\r\n",
                        "STARTTLS": b"220 go\r\n",
                        "AUTH": b"235 in\r\n",
                        "QUIT": b"221 bye\r\n",
                    }.get(word, b"250 yes\r\n")
                )
                if word == "STARTTLS":
                    return True
        return False


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate that nobody signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    path = tmp_path / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture
def start() -> Iterator[Callable[[ssl.SSLContext | None], Postman]]:
    """Start a mail server."""
    made: list[Postman] = []

    def begin(tls: ssl.SSLContext | None = None, takes: bytes = b"250 yes") -> Postman:
        made.append(Postman(tls, takes))
        return made[-1]

    yield begin
    for postman in made:
        postman.thread.join(10)


def with_certificate(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def mailer_to(postman: Postman, tls: ssl.SSLContext | None) -> SmtpMailer:
    mailer = SmtpMailer(f"smtp://user:secret-word@127.0.0.1:{postman.port}", SENDER)
    mailer.tls = tls
    return mailer


def test_a_server_elsewhere_must_prove_who_it_is_and_this_machine_need_not() -> None:
    elsewhere = SmtpMailer("smtp://mail.example.org:587", SENDER).tls
    assert elsewhere is not None
    assert (elsewhere.verify_mode, elsewhere.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert [SmtpMailer(f"smtp://{host}:25", SENDER).tls for host in ("127.0.0.1", "localhost", "[::1]")] == [None] * 3


def test_a_server_that_offers_no_tls_gets_nothing(start: Callable[..., Postman]) -> None:
    postman = start()
    with pytest.raises(Unavailable):
        mailer_to(postman, ssl.create_default_context()).send(LETTER)
    postman.thread.join(10)
    assert [word for word in ("AUTH", "MAIL", "CANARY") if word in postman.heard.upper()] == []


def test_nor_does_one_whose_certificate_nobody_signed(start: Callable[..., Postman], certificate: Path) -> None:
    postman = start(with_certificate(certificate))
    with pytest.raises(Unavailable):
        mailer_to(postman, ssl.create_default_context()).send(LETTER)
    postman.thread.join(10)
    assert "STARTTLS" in postman.heard.upper()
    assert (postman.sealed, "AUTH" in postman.heard) == ("", False)


def test_one_we_trust_gets_it_sealed(start: Callable[..., Postman], certificate: Path) -> None:
    postman = start(with_certificate(certificate))
    mailer_to(postman, ssl.create_default_context(cafile=certificate)).send(LETTER)
    postman.thread.join(10)
    assert ("canary-link" in postman.sealed, "AUTH" in postman.sealed) == (True, True)
    assert "canary" not in postman.heard


def test_this_machine_gets_it_as_it_is(start: Callable[..., Postman]) -> None:
    postman = start()
    mailer_to(postman, None).send(LETTER)
    postman.thread.join(10)
    assert "canary-link" in postman.heard
    assert "RCPT TO:<mother@example.org>" in postman.heard.replace("rcpt", "RCPT")
    date = re.search(r"^Date: (.*)$", postman.heard, re.MULTILINE)
    assert date is not None
    assert abs(parsedate_to_datetime(date[1]) - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("takes", "says"),
    [(b"550 5.1.1 nobody of that name", Undeliverable), (b"451 4.7.1 come back later", Unavailable)],
)
def test_a_server_says_never_or_not_now(start: Callable[..., Postman], takes: bytes, says: type[Exception]) -> None:
    with pytest.raises(says):
        mailer_to(start(takes=takes), None).send(LETTER)


def test_a_folder_is_its_owners_and_forgets(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail")
    mailer.send(LETTER)
    (file,) = mailer.folder.iterdir()
    assert (mailer.folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    mailer.forget(["another", LETTER.id, LETTER.id])
    assert list(mailer.folder.iterdir()) == []
