"""Passwords (argon2id) and the second factor (TOTP, RFC 6238), each code good once."""

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app import clock
from app.adapters import outside
from app.adapters.sealing import open_bytes, seal_bytes

STEP_SECONDS = 30

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The OWASP password storage cheat sheet's argon2id: a guess costs 19 MiB, and so does a log-in nobody wanted."""
_nobody = _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """An argon2id hash; the parameters and the salt are part of it."""
    return _hasher.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; as slow for an unknown account (None) as for a known one."""
    try:
        _hasher.verify(password_hash or _nobody, password)
    except VerificationError:
        return False
    return password_hash is not None


def new_totp() -> str:
    """A fresh base32 TOTP secret."""
    return pyotp.random_base32()


def seal_totp(staff_id: str, secret: str) -> bytes:
    """Seal a TOTP secret for one member of staff with the keyring's own secret."""
    return seal_bytes(outside().keyring.secret("totp"), secret.encode(), staff_id.encode())


def totp_step(staff_id: str, sealed: bytes, code: str, last_step: int) -> int | None:
    """The time step `code` is valid for (this one or a neighbour), newer than `last_step`; None when it is not."""
    secret = open_bytes(outside().keyring.secret("totp"), sealed, staff_id.encode()).decode()
    totp, current = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if step > last_step and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None
