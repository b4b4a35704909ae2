"""The outside world: stores, keys, mail, the queue and webhooks, each an interface with an honest stand-in.

`connect` chooses from the settings; everything else asks `outside()` for what the current app was given.
"""

from dataclasses import dataclass
from typing import cast

from app import extensions
from app.adapters.checkpoints import Checkpoints
from app.adapters.keyring import Keyring
from app.adapters.mailer import Mailer, choose_mailer
from app.adapters.queue import Queue, choose_queue
from app.adapters.revocations import FileLedger, RevocationLedger
from app.adapters.storage import LocalStore, Store
from app.adapters.webhook import Webhook, choose_webhook
from app.config import Settings


@dataclass(frozen=True)
class Outside:
    """Everything beyond the process that an action may reach."""

    settings: Settings
    vault: Store
    public: Store
    keyring: Keyring
    revocations: RevocationLedger
    checkpoints: Checkpoints
    mailer: Mailer
    queue: Queue
    webhook: Webhook


def outside() -> Outside:
    """The adapters of the current app."""
    return cast(Outside, extensions.outside())


def connect(settings: Settings) -> Outside:
    """Build the adapters that `settings` ask for."""
    vault, public = choose_stores(settings)
    keyring = Keyring(settings.keyring)
    return Outside(
        settings=settings,
        vault=vault,
        public=public,
        keyring=keyring,
        revocations=FileLedger(settings.revocation_file),
        checkpoints=Checkpoints(settings.checkpoint_file, lambda: keyring.secret("audit-checkpoints")),
        mailer=choose_mailer(settings),
        queue=choose_queue(settings),
        webhook=choose_webhook(settings),
    )


def choose_stores(settings: Settings) -> tuple[Store, Store]:
    """The private and the public store."""
    if settings.storage == "local":
        return LocalStore(settings.data_dir / "vault"), LocalStore(settings.data_dir / "public")
    from app.adapters.s3 import S3Store, connect_s3  # noqa: PLC0415  (boto3 takes a tenth of a start, and few need it)

    client = connect_s3(settings)
    return S3Store(settings.s3_vault_bucket, client), S3Store(settings.s3_public_bucket, client)
