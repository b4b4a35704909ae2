"""Letters leave by SMTP, over TLS unless the server is this machine; or into a folder, which only this machine may use.

A folder keeps them in clear, to be read at /dev/mail in demo mode, until the child they are about is erased.
"""

import json
import os
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app import clock
from app.config import LOOPBACK, Settings
from app.errors import Unavailable, Undeliverable

SMTP_TIMEOUT_SECONDS = 20
FOR_GOOD = 500
"""From this code on a server's no is for good (RFC 5321, 4.2.1)."""


@dataclass(frozen=True)
class Letter:
    """One letter as it leaves: plain text on purpose, so that nothing in it can be loaded from afar."""

    id: str
    to: str
    subject: str
    body: str


class Mailer(Protocol):
    """Whatever can deliver a letter; raises `Unavailable` when it cannot now, `Undeliverable` when it never can."""

    def send(self, letter: Letter) -> None: ...

    def forget(self, letter_ids: Iterable[str]) -> None:
        """Destroy every copy that is kept of these; a letter that has left cannot be called back."""
        ...


class MemoryMailer:
    """Keeps letters in a list, for tests."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.sent.append(letter)

    def forget(self, letter_ids: Iterable[str]) -> None:
        gone = set(letter_ids)
        self.sent = [letter for letter in self.sent if letter.id not in gone]


class FolderMailer:
    """Writes each letter as a JSON file; sending the same letter twice leaves one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, letter: Letter) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self.folder / f"{letter.id}.json"
            part = path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(json.dumps(asdict(letter) | {"sent_at": clock.now().isoformat()}), encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            raise Unavailable("mail") from error

    def forget(self, letter_ids: Iterable[str]) -> None:
        try:
            for letter_id in letter_ids:
                for ending in ("json", "part"):
                    (self.folder / f"{letter_id}.{ending}").unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable("mail") from error

    def letters(self) -> list[tuple[datetime, Letter]]:
        """Every letter with the moment it was sent, newest first."""
        found = []
        for path in self.folder.glob("*.json"):
            data = json.loads(path.read_text(encoding="utf-8"))
            found.append((datetime.fromisoformat(data.pop("sent_at")), Letter(**data)))
        return sorted(found, key=lambda pair: pair[0], reverse=True)


class SmtpMailer:
    """Hands letters to an SMTP server: over TLS with a certificate we trust, or not at all. This machine needs none."""

    def __init__(self, url: str, sender: str) -> None:
        self.url = urlsplit(url)
        self.sender = sender
        self.tls = None if self.url.hostname in LOOPBACK else ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message["Date"], message["Auto-Submitted"] = clock.now(), "auto-generated"
        message["Message-ID"] = f"<{letter.id}@{self.sender.rpartition('@')[2].rstrip('>')}>"
        message.set_content(letter.body)
        try:
            with smtplib.SMTP(self.url.hostname or "", self.url.port or 25, timeout=SMTP_TIMEOUT_SECONDS) as server:
                server.ehlo()
                if self.tls is not None:
                    server.starttls(context=self.tls)
                if self.url.username:
                    server.login(unquote(self.url.username), unquote(self.url.password or ""))
                server.send_message(message, to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            refused_for_good = all(code >= FOR_GOOD for code, _words in error.recipients.values())
            raise (Undeliverable if refused_for_good else Unavailable)("mail") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("mail") from error

    def forget(self, letter_ids: Iterable[str]) -> None:
        """Nothing is kept here."""


def choose_mailer(settings: Settings) -> Mailer:
    """The mailer that `EYES_MAIL_URL` asks for."""
    if settings.mail_url == "folder":
        return FolderMailer(settings.data_dir / "mail")
    return SmtpMailer(settings.mail_url, settings.mail_from)
