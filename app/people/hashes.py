"""The hashes under which secrets are looked up; the secrets themselves are not kept."""

import hashlib

from app.adapters import outside
from app.people.rules import CardNumber

SCRYPT_COST = 2**14


def hash_token(token: str) -> str:
    """The SHA-256 (hex) of a 256-bit random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_card(card: CardNumber) -> str:
    """The slow hash (scrypt, about 50 ms) of a story card, salted by the keyring's secret."""
    salt = outside().keyring.secret("story-card")
    return hashlib.scrypt(card.digits.encode(), salt=salt, n=SCRYPT_COST, r=8, p=1, dklen=32).hex()
