"""What each archive holds, and its last member, which says so: the manifest."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Self

from app.adapters.archive import Kind, Member, Unusable

ROWS = "rows/"
FILES = "vault/"
KEYRING = "keyring"
REVOCATIONS = "revocations"
MANIFEST = "manifest"

IN_THE_KEYS_ARCHIVE = {"data_key"}
MADE_AGAIN = {"showing", "showing_media", "search_entry"}
NOT_KEPT = {"staff_session"}
LEFT_OUT = IN_THE_KEYS_ARCHIVE | MADE_AGAIN | NOT_KEPT
"""Tables that a data archive does not hold: what opens it, public words in clear, and open log-ins."""


@dataclass
class Tally:
    """What went by: each member with its size and SHA-256, the files of the vault as one."""

    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    file_digest: str = ""

    def count(self, member: Member) -> Member:
        """The same member; it is counted when its last byte went by."""
        name, chunks = member
        return name, self._counted(name, chunks)

    def _counted(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        if name in self.members:
            raise Unusable(f"the archive holds {name} twice")
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        if not name.startswith(FILES):
            self.members[name] = (size, digest.hexdigest())
            return
        self.files += 1
        self.file_bytes += size
        chained = f"{self.file_digest} {name} {digest.hexdigest()}"
        self.file_digest = hashlib.sha256(chained.encode()).hexdigest()


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself."""

    kind: str
    made_at: str
    """The moment (ISO, UTC) after which it knows nothing."""
    revision: str
    deployment: str
    """The same for every archive of one keyring, whatever was rotated since."""
    audit_breaks_at: int | None
    missing: list[str]
    """Files of the vault that rows name and that were not there."""
    tally: Tally

    def as_member(self) -> Member:
        """The manifest as the last member of its archive."""
        return MANIFEST, [json.dumps(asdict(self), indent=1).encode()]

    @classmethod
    def parse(cls, content: bytes, kind: Kind, seen: Tally) -> Self:
        """The manifest that was read after `seen`. Raises `Unusable` when the two do not agree."""
        try:
            values = json.loads(content)
            tally = values.pop("tally")
            members = {name: (size, digest) for name, (size, digest) in tally.pop("members").items()}
            manifest = cls(tally=Tally(members, **tally), **values)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise Unusable("the archive's manifest cannot be read") from error
        if manifest.kind != kind.value or manifest.tally != seen:
            raise Unusable("the archive does not hold what its manifest says")
        return manifest
