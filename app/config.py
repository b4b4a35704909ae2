"""Typed settings, read from the environment (`EYES_…`); a deployment that would be unsafe refuses to start."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "EYES_"
DRIVERS = ("postgresql+psycopg", "sqlite", "sqlite+pysqlite")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Settings(BaseSettings):
    """Every setting of the product; the README's table repeats them and a test compares the two."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    demo: bool = Field(
        default=False, description="Demo mode: made-up stories, letters at /dev/mail; this machine only."
    )
    data_dir: Path = Field(default=Path("var/data"), description="Database, vault, public media, queue and letters.")
    keyring: Path = Field(
        default=Path("var/keyring/keyring.json"), description="Key file; must lie outside the data folder."
    )
    revocation_ledger: str = Field(
        default="",
        description="File that lists what was erased or taken back; empty: `revocations.log` beside the keyring.",
    )
    audit_checkpoints: str = Field(
        default="",
        description="File of the audit log's signed checkpoints; empty: `audit-checkpoints.log` beside that list.",
    )
    database_url: str = Field(default="", description="SQLAlchemy address; empty: SQLite in the data folder.")
    database_direct: bool = Field(
        default=False,
        description="Whether that address is PostgreSQL itself on this machine, no proxy: what is kept of the gallery "
        "then stays readable while it is down.",
    )
    storage: Literal["local", "s3"] = Field(default="local", description="Where media live: folders or S3 buckets.")
    s3_endpoint: str = Field(default="", description="Address of an S3-compatible server; empty: AWS.")
    s3_region: str = Field(default="us-east-1", description="Region of the buckets.")
    s3_access_key: str = Field(default="", description="Access key; empty: the standard AWS credential chain.")
    s3_secret_key: SecretStr = Field(default=SecretStr(""), description="Secret key that belongs to it.")
    s3_vault_bucket: str = Field(default="eyes-vault", description="Private bucket for what is encrypted.")
    s3_public_bucket: str = Field(default="eyes-public", description="Bucket for what is shown now.")
    queue_url: str = Field(
        default="",
        description="redis://… (Redis 5 or newer) for a shared queue; empty: SQLite in the data folder.",
    )
    mail_url: str = Field(
        default="folder",
        description="`folder` (this machine only: letters stay there in clear), or smtp://user:password@host:port.",
    )
    mail_from: str = Field(default="Eyes on Me <no-reply@localhost>", description="Sender of every letter.")
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="Address visitors use; https outside this machine."
    )
    trusted_proxies: int = Field(default=0, ge=0, le=4, description="How many reverse proxies set X-Forwarded-*.")
    country: str = Field(
        default="",
        pattern=r"^([A-Z]{2})?$",
        description="Country (ISO code) whose rules count beside the child's own; empty: the child's alone.",
    )
    cooling_off_minutes: int = Field(default=1440, ge=0, description="Minutes between approval and the first showing.")
    answer_months: int = Field(default=24, ge=1, le=60, description="Months after which a yes expires.")
    link_days: int = Field(default=60, ge=1, le=365, description="Days a guardian's private link can be opened.")
    confirm_after_minutes: int = Field(
        default=1440, ge=1, description="Minutes after which a guardian is asked to confirm a yes by a fresh link."
    )
    clock_gap_hours: int = Field(
        default=6,
        ge=0,
        description="Hours without a sweep after which nothing is ended or erased for ever for 8 hours; 0: no matter.",
    )
    draft_days: int = Field(
        default=14, ge=1, description="Days after which an unfinished story that nobody came back to is erased."
    )
    vault_quota_gb: int = Field(default=50, ge=1, description="Size of the vault at which new files are refused.")
    backup_dir: Path = Field(default=Path("var/backup"), description="Where `flask backup` puts data archives.")
    backup_keys_dir: Path = Field(
        default=Path("var/backup-keys"), description="Where it puts the keys archive; apart from the data archives."
    )
    backup_key: str = Field(
        default="", description="File with the secret that seals backups; empty: `backup.key` beside the keyring."
    )
    x_accel: bool = Field(
        default=False, description="Whether nginx hands public files over itself, as `deploy/nginx.conf` says."
    )
    cache_mb: int = Field(default=64, ge=0, description="Megabytes of public pages a web process keeps; 0: none.")
    websub_hub: str = Field(default="", description="Address of a WebSub hub that the feeds name; empty: none.")
    contact: str = Field(
        default="mailto:team@localhost",
        pattern=r"^(mailto:[^@\s]+@\S+|https://\S+)$",
        description="Where visitors, other sites and newspapers write to (`mailto:` or `https:`), printed for them.",
    )
    security_contact: str = Field(default="mailto:security@localhost", description="Contact printed in security.txt.")

    @property
    def confirm_after(self) -> timedelta:
        """How long a guardian's word waits before a fresh link can confirm it."""
        return timedelta(minutes=self.confirm_after_minutes)

    @property
    def sqlalchemy_url(self) -> str:
        """The database address with the embedded default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'eyes.sqlite').resolve()}"

    @property
    def revocation_file(self) -> Path:
        """Where the ledger of revocations lies."""
        return Path(self.revocation_ledger) if self.revocation_ledger else self.keyring.with_name("revocations.log")

    @property
    def checkpoint_file(self) -> Path:
        """Where the signed checkpoints of the audit log lie."""
        beside = self.revocation_file.with_name("audit-checkpoints.log")
        return Path(self.audit_checkpoints) if self.audit_checkpoints else beside

    @property
    def backup_key_file(self) -> Path:
        """Where the secret lies that seals backups."""
        return Path(self.backup_key) if self.backup_key else self.keyring.with_name("backup.key")

    @property
    def vault_place(self) -> str:
        """Where what is encrypted lies, as an operator would look for it."""
        return f"s3://{self.s3_vault_bucket}" if self.storage == "s3" else str(self.data_dir / "vault")

    def survivors(self) -> list[Path]:
        """Which files of a deployment that outlive its data are there and say something."""
        outliving = (self.keyring, self.revocation_file, self.checkpoint_file)
        return [path for path in outliving if path.exists() and path.stat().st_size]

    @property
    def database_is_a_server(self) -> bool:
        """Whether connections to the database can break while they wait to be used."""
        return not self.sqlalchemy_url.startswith("sqlite")

    @property
    def served_over_tls(self) -> bool:
        """Whether visitors come by https, so that `__Host-` cookies and HSTS can be used."""
        return urlsplit(self.public_url).scheme == "https"

    @field_validator("public_url", "mail_url", "queue_url", "websub_hub", "s3_endpoint")
    @classmethod
    def refuse_no_address(cls, typed: str) -> str:
        """What cannot be taken apart as an address is said to be none here, with the name of its setting."""
        try:
            _ = urlsplit(typed).port
        except ValueError:
            raise ValueError("this is no address that can be read") from None
        return typed

    @field_validator("queue_url")
    @classmethod
    def refuse_other_queues(cls, typed: str) -> str:
        """Redis is the only queue that has an address."""
        if typed and not typed.lower().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("this is no redis:// address")
        return typed

    @field_validator("database_url")
    @classmethod
    def refuse_other_databases(cls, typed: str) -> str:
        """Two databases by one driver each: the schema and the code know no other."""
        try:
            known = not typed or make_url(typed).drivername in DRIVERS
        except ArgumentError:
            known = False
        if not known:
            raise ValueError("it must begin with postgresql+psycopg:// or sqlite:///")
        return typed

    @model_validator(mode="after")
    def refuse_unsafe(self) -> Self:
        """Stop a deployment that would expose children before it serves a single page; every fault is a line."""
        if faults := [*self._unsafe(), *self._together()]:
            raise ValueError("\n".join(faults))
        return self

    def _unsafe(self) -> Iterator[str]:
        host = urlsplit(self.public_url).hostname or ""
        if not self.served_over_tls and host not in LOOPBACK:
            yield "EYES_PUBLIC_URL must be https:// unless it is this machine"
        if self.demo and host not in LOOPBACK:
            yield "EYES_DEMO is for this machine only: its letters can be read by anyone"
        if self.mail_url == "folder" and host not in LOOPBACK:
            yield "EYES_MAIL_URL must be smtp://…: a folder keeps letters in clear, and nobody gets them"
        if self.mail_url != "folder" and urlsplit(self.mail_url).scheme != "smtp":
            yield "EYES_MAIL_URL must be `folder` or begin with smtp://"
        if self.storage == "s3" and self.x_accel:
            yield "EYES_X_ACCEL is for EYES_STORAGE=local: nginx cannot read a bucket"
        if self.storage == "s3" and self.s3_vault_bucket == self.s3_public_bucket:
            yield "EYES_S3_VAULT_BUCKET and EYES_S3_PUBLIC_BUCKET must be two buckets"

    def _together(self) -> Iterator[str]:
        """What ends or opens the data never lies with it, nor with its copies."""
        apart = {
            "EYES_KEYRING": self.keyring,
            "EYES_REVOCATION_LEDGER": self.revocation_file,
            "EYES_AUDIT_CHECKPOINTS": self.checkpoint_file,
            "EYES_BACKUP_KEY": self.backup_key_file,
            "EYES_BACKUP_KEYS_DIR": self.backup_keys_dir,
        }
        for folder in ("data_dir", "backup_dir"):
            for name, path in apart.items():
                if path.resolve().is_relative_to(getattr(self, folder).resolve()):
                    yield f"{name} must lie outside EYES_{folder.upper()}: one copy would hold both"
        if self.backup_key_file.resolve().is_relative_to(self.backup_keys_dir.resolve()):
            yield "EYES_BACKUP_KEY must lie outside EYES_BACKUP_KEYS_DIR: it is what opens the archive there"
