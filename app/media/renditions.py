"""What the decoders hand back: plain values, shared by the pictures' and the sounds' side."""

import json
from dataclasses import dataclass, field

from app.media.rules import Purpose


@dataclass(frozen=True)
class Rendered:
    """One rendition: its bytes, and for a picture its pixels."""

    purpose: Purpose
    content: bytes
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Made:
    """Everything that was made of one file, and what is known about it (sizes upright, as it was handed
    in)."""

    renditions: list[Rendered] = field(default_factory=list)
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    placeholder: str | None = None


def waveform(duration_ms: int, heights: list[int]) -> bytes:
    """The JSON of a waveform: its length, and heights from 0 to 100. Raises ValueError for others."""
    if not all(0 <= height <= 100 for height in heights):
        raise ValueError("heights")
    return json.dumps({"duration_ms": duration_ms, "peaks": heights}, separators=(",", ":")).encode()
