"""Where the files of a large form wait while it comes in: on the disk, as noise.

Werkzeug would write them to the temporary folder as they are. These are written under a key that only the process
knows and that ends with the request, so what a child sends is in clear nowhere but in memory, and many forms at once
still take disk, not memory.
"""

import os
from io import SEEK_CUR, SEEK_SET, BytesIO, RawIOBase
from tempfile import TemporaryFile
from typing import IO, cast

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from flask import Request as FlaskRequest

IN_MEMORY = 500_000
"""Bytes of a whole form that is small enough to touch no disk."""
BLOCK = 16


class SealedSpool(RawIOBase):
    """A temporary file without a name, AES-CTR under a key of its own. Each place is written once."""

    def __init__(self) -> None:
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115  (closed with this)
        self._key = AES256(os.urandom(32))

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        sealed = memoryview(self._cipher().update(bytes(data)))
        while sealed:
            sealed = sealed[self._file.write(sealed) :]
        return len(data)

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        cipher = self._cipher()
        plain = cipher.update(self._file.read(len(buffer)))
        buffer[: len(plain)] = plain
        return len(plain)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _cipher(self) -> CipherContext:
        """The key stream from where the file stands."""
        block, rest = divmod(self._file.seek(0, SEEK_CUR), BLOCK)
        cipher = Cipher(self._key, CTR(block.to_bytes(BLOCK, "big"))).encryptor()
        cipher.update(bytes(rest))
        return cipher


class Request(FlaskRequest):
    """A request whose large files wait as noise."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if total_content_length is not None and total_content_length <= IN_MEMORY:
            return BytesIO()
        return cast(IO[bytes], SealedSpool())
