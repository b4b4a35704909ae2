"""Data keys: one for each story and each storyteller; what they seal is noise once they are destroyed."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from app import clock
from app.adapters import outside
from app.adapters.sealing import Damaged, open_bytes, seal_bytes
from app.errors import Gone, Unavailable
from app.extensions import db
from app.people.models import DataKey

KEY_BYTES = 32
SETTLED = timedelta(hours=1)


def create_key(owner_id: str, dies_with: str | None = None) -> bytes:
    """Make and wrap a data key for `owner_id`; 32 bytes. It is destroyed with the key of `dies_with`, if not before."""
    key = os.urandom(KEY_BYTES)
    wrapped, kek_id = outside().keyring.wrap(key, owner_id.encode())
    db.session.add(DataKey(owner_id=owner_id, wrapped=wrapped, kek_id=kek_id, dies_with=dies_with))
    db.session.flush()
    return key


class KeptKey(NamedTuple):
    """A data key as a backup kept it: unwrapped, with when it was made and what it dies with."""

    key: bytes
    created_at: datetime
    dies_with: str | None


def adopt_keys(keys: Mapping[str, KeptKey]) -> None:
    """Wrap data keys that a backup kept, by owner."""
    keyring = outside().keyring
    for owner_id, (key, created_at, dies_with) in keys.items():
        wrapped, kek_id = keyring.wrap(key, owner_id.encode())
        row = DataKey(owner_id=owner_id, wrapped=wrapped, kek_id=kek_id, created_at=created_at, dies_with=dies_with)
        db.session.add(row)
    db.session.flush()


_WRAPPED = select(DataKey.wrapped, DataKey.kek_id).where(DataKey.owner_id == bindparam("owner"))


def load_key(owner_id: str) -> bytes:
    """The data key of `owner_id`. Raises `Gone` when it was destroyed."""
    row = db.session.execute(_WRAPPED, {"owner": owner_id}).first()
    if row is None:
        raise Gone("erased")
    return outside().keyring.unwrap(row.wrapped, row.kek_id, owner_id.encode())


def destroy_key(owner_id: str) -> None:
    """Erase: from the commit on, everything sealed for `owner_id`, and for what dies with it, is noise. Idempotent."""
    doomed = select(DataKey).where(or_(DataKey.owner_id == owner_id, DataKey.dies_with == owner_id))
    for row in db.session.scalars(doomed):
        db.session.delete(row)
    db.session.flush()


def rotate_keys() -> int:
    """Wrap every data key anew under the keyring's newest key; how many were wrapped."""
    keyring = outside().keyring
    stale = db.session.scalars(select(DataKey).where(DataKey.kek_id != keyring.newest)).all()
    for row in stale:
        key = keyring.unwrap(row.wrapped, row.kek_id, row.owner_id.encode())
        row.wrapped, row.kek_id = keyring.wrap(key, row.owner_id.encode())
    db.session.flush()
    return len(stale)


def try_keyring() -> None:
    """Raises `Unavailable` where the keyring cannot be read, or does not open a data key, if there is any."""
    outside().keyring.secret("readiness")
    row = db.session.execute(select(DataKey.owner_id, DataKey.wrapped, DataKey.kek_id).limit(1)).first()
    if row is not None:
        try:
            outside().keyring.unwrap(row.wrapped, row.kek_id, row.owner_id.encode())
        except Damaged as error:
            raise Unavailable("keyring") from error


def used_keks() -> set[str]:
    """The ids of the key-encryption keys that wrap anything."""
    return set(db.session.scalars(select(DataKey.kek_id).distinct()))


def forget_old_keys() -> int:
    """Destroy the key-encryption keys that wrap nothing any more; how many.

    A key must have been replaced an hour ago: a transaction that still wrapped under it has ended by then. The
    transaction that wrapped the last data keys anew must be committed, or its failure would lose them.
    """
    keyring = outside().keyring
    unused = set(keyring.superseded(clock.now() - SETTLED)) - used_keks()
    if unused:
        keyring.drop(unused)
    return len(unused)


def seal(owner_id: str, field: str, text: str) -> bytes:
    """Seal `text` for `owner_id`, bound to the record and `field` so that it opens nowhere else."""
    return _seal(load_key(owner_id), owner_id, field, text)


def seal_all(owner_id: str, words: Mapping[str, str]) -> dict[str, bytes | None]:
    """Seal what was said for one owner, by field, with one look at the key; None where nothing was."""
    key = load_key(owner_id) if any(words.values()) else b""
    return {field: _seal(key, owner_id, field, text) if text else None for field, text in words.items()}


def _seal(key: bytes, owner_id: str, field: str, text: str) -> bytes:
    return seal_bytes(key, text.encode(), f"{owner_id}:{field}".encode())


def unseal(owner_id: str, field: str, sealed: bytes | None) -> str:
    """What `seal` sealed; an empty string where nothing was."""
    return unseal_all(owner_id, {field: sealed})[field]


def unseal_all(owner_id: str, sealed: Mapping[str, bytes | None]) -> dict[str, str]:
    """What was sealed for one owner, by field, with one look at the key; an empty string where nothing was."""
    key = load_key(owner_id) if any(value is not None for value in sealed.values()) else b""
    return {
        field: "" if value is None else open_bytes(key, value, f"{owner_id}:{field}".encode()).decode()
        for field, value in sealed.items()
    }
