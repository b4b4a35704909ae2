"""Which files are accepted, and what a file is: plain bytes in, plain values out.

The first bytes decide, never a name or a declared type. Only formats of the list are let through; markup and
playlists that hide behind an accepted head (polyglots) are refused as hostile.
"""

import re
from datetime import timedelta
from enum import StrEnum

MEGABYTE = 1_000_000
IMAGE_BYTES = 25 * MEGABYTE
SOUND_BYTES = 60 * MEGABYTE
IMAGE_PIXELS = 50_000_000
IMAGE_SIDE = 30_000
"""Pixels of the longest side: no camera makes more, and what does is an attack on memory."""
SOUND_SECONDS = 15 * 60

RIFF_UNKNOWN = 0x7FFF_0000
"""Lengths from here on mean "not known when the head was written"."""

HEAD = 4096
"""How many first bytes `sniff` wants to see, where the file has them."""
TAIL = 66_000
"""How many last bytes `hidden_archive` wants to see: a ZIP's end record and its longest comment."""

ASSET_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class Kind(StrEnum):
    """What an asset is to the person who hands it in."""

    IMAGE = "image"
    SOUND = "sound"


class Alteration(StrEnum):
    """What was done to a file so that a child is not recognised by it; it is a file of its own, the original sealed."""

    NONE = "none"
    VOICE = "voice"
    """The voice was made different. It is called altered, never anonymous."""
    FACE = "face"
    """A face was made unrecognisable."""


class State(StrEnum):
    """Where an asset stands: not yet decoded, decoded, or impossible to use."""

    QUARANTINED = "quarantined"
    READY = "ready"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a file cannot be used; each has a sentence that says what to do instead."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"
    NOT_A_PICTURE = "not_a_picture"
    NOT_A_SOUND = "not_a_sound"
    VIDEO = "video"
    UNSUPPORTED = "unsupported"
    BROKEN = "broken"
    HOSTILE = "hostile"


class Purpose(StrEnum):
    """What a rendition is for."""

    IMAGE_320 = "image-320"
    IMAGE_800 = "image-800"
    IMAGE_1600 = "image-1600"
    IMAGE_JPEG = "image-jpeg"
    IMAGE_AVIF_320 = "image-avif-320"
    IMAGE_AVIF_800 = "image-avif-800"
    SOUND_OPUS = "sound-opus"
    SOUND_AAC = "sound-aac"
    PEAKS = "peaks"


RENDITION_TYPES = {
    Purpose.IMAGE_320: ("image/webp", "webp"),
    Purpose.IMAGE_800: ("image/webp", "webp"),
    Purpose.IMAGE_1600: ("image/webp", "webp"),
    Purpose.IMAGE_JPEG: ("image/jpeg", "jpg"),
    Purpose.IMAGE_AVIF_320: ("image/avif", "avif"),
    Purpose.IMAGE_AVIF_800: ("image/avif", "avif"),
    Purpose.SOUND_OPUS: ("audio/webm", "webm"),
    Purpose.SOUND_AAC: ("audio/mp4", "m4a"),
    Purpose.PEAKS: ("application/json", "json"),
}
"""The media type and the file extension of each rendition."""


class Format(StrEnum):
    """An accepted format; the value is what the decode process is told."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    HEIF = "heif"
    AVIF = "avif"
    MP3 = "mp3"
    MP4 = "mp4"
    AAC = "aac"
    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    WEBM = "webm"
    AMR = "amr"

    @property
    def kind(self) -> Kind:
        return Kind.IMAGE if self in IMAGE_FORMATS else Kind.SOUND

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


IMAGE_FORMATS = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF, Format.TIFF, Format.HEIF, Format.AVIF})
MEDIA_TYPES = {
    Format.MP3: "audio/mpeg",
    Format.MP4: "audio/mp4",
    Format.AAC: "audio/aac",
    Format.WAV: "audio/wav",
    Format.FLAC: "audio/flac",
    Format.OGG: "audio/ogg",
    Format.WEBM: "audio/webm",
    Format.AMR: "audio/amr",
} | {each: f"image/{each.value}" for each in IMAGE_FORMATS}


def format_of(media_type: str) -> Format:
    """The format whose media type this is."""
    return next(form for form, known in MEDIA_TYPES.items() if known == media_type)


HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}
SOUND_BRANDS = (b"M4A", b"M4B", b"mp4", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"dash", b"3gp", b"3g2")

MAGICS = (
    (re.compile(rb"\xff\xd8\xff"), Format.JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Format.PNG),
    (re.compile(rb"GIF8[79]a"), Format.GIF),
    (re.compile(rb"II\*\0|MM\0\*"), Format.TIFF),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Format.WEBP),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), Format.WAV),
    (re.compile(rb"fLaC"), Format.FLAC),
    (re.compile(rb"OggS"), Format.OGG),
    (re.compile(rb"#!AMR(-WB)?\n"), Format.AMR),
    (re.compile(rb"\x1a\x45\xdf\xa3.{0,60}webm", re.DOTALL), Format.WEBM),
    (re.compile(rb"ID3[\x02-\x04]"), Format.MP3),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), Format.AAC),
    (re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), Format.MP3),
)
"""Heads at byte 0. An MPEG frame head is 11 set bits, a version and a layer: layer 3 is MP3, layer 0 is
AAC."""

FOREIGN = re.compile(
    rb"%pdf-|<!doctype|<html|<svg|<script|<\?php|<!entity|<smil|<asx|#extm3u|ffconcat version|\[playlist\]"
    rb"|\[internetshortcut\]",
    re.IGNORECASE,
)
"""Markup and playlists. No accepted format carries these words in its first bytes for an honest reason."""


class Refused(Exception):
    """A file that cannot be used, and why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def sniff(head: bytes, expected: Kind | None = None) -> Format:
    """What the file is, from its first `HEAD` bytes. Raises `Refused`.

    `expected` is the kind the person meant to hand in, where they said so.
    """
    if not head:
        raise Refused(Refusal.EMPTY)
    if FOREIGN.search(head[:HEAD]):
        raise Refused(Refusal.HOSTILE if recognise(head) else Refusal.UNSUPPORTED)
    found = recognise(head)
    if found is None or (expected is not None and found.kind is not expected):
        raise Refused(not_that(expected))
    return found


def recognise(head: bytes) -> Format | None:
    """The accepted format whose head this is."""
    if head[4:8] == b"ftyp":
        return recognise_box(head)
    return next((known for magic, known in MAGICS if magic.match(head)), None)


def recognise_box(head: bytes) -> Format | None:
    """Which of the formats that begin with an `ftyp` box this is, by its brands (ISO/IEC 14496-12, 4.3)."""
    length = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12]] + [head[at : at + 4] for at in range(16, length - 3, 4)]
    if AVIF_BRANDS & set(brands):
        return Format.AVIF
    if HEIF_BRANDS & set(brands):
        return Format.HEIF
    if any(brand.startswith(SOUND_BRANDS) for brand in brands):
        return Format.MP4
    return None


def not_that(expected: Kind | None) -> Refusal:
    """The reason that fits what the person meant to hand in."""
    if expected is Kind.IMAGE:
        return Refusal.NOT_A_PICTURE
    return Refusal.NOT_A_SOUND if expected is Kind.SOUND else Refusal.UNSUPPORTED


def hidden_archive(tail: bytes) -> bool:
    """Whether the file ends as a ZIP archive, whatever it begins as (a `GIFAR`).

    The end record must account for every byte after it, so a photograph cannot match by chance.
    """
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and len(tail) >= at + 22 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail)


def cut_off(head: bytes, size: int) -> bool:
    """Whether a RIFF file (WAV, WebP) is shorter than its head says. Recorders that stream write 0 or the
    largest."""
    promised = int.from_bytes(head[4:8], "little")
    return head[:4] == b"RIFF" and promised < RIFF_UNKNOWN and promised > size


def byte_limit(kind: Kind) -> int:
    """The largest file of this kind that is read."""
    return IMAGE_BYTES if kind is Kind.IMAGE else SOUND_BYTES


def back_off(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th failure: 30 s, doubling, at most an hour."""
    return timedelta(seconds=min(30 * 2.0 ** min(attempts - 1, 10), 3600))
