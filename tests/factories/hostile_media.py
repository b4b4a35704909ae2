"""The hostile twins: files that look like what is accepted and want something else.

`TWINS` names each with the format its head shows (or none), the kind it is handed in as, and the reason
that must be given. Playlists point at the address they are made for, so that a test can listen there.
"""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import av
import numpy as np

from app.media.rules import Kind, Refusal
from tests.factories import media


@dataclass(frozen=True)
class Twin:
    """A hostile file, and what must become of it: refused when it is taken in, or when it is decoded."""

    make: Callable[[], bytes]
    kind: Kind
    reason: Refusal
    when: str


def png_chunk(name: bytes, body: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *chunks: bytes, data: bytes = b"", depth: int = 1, colour: int = 0) -> bytes:
    """A PNG with this head, whatever its data say."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(data, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + png_chunk(b"IEND", b"")


def pixel_bomb() -> bytes:
    """100 megapixels in a few kilobytes."""
    return png_of(10_000, 10_000, data=bytes(10_000 * 1_251))


@cache
def text_bombs() -> bytes:
    """A small picture with hundreds of megabytes of zeros in its text and profile chunks."""
    zeros = zlib.compress(bytes(100_000_000), 9)
    chunks = [
        png_chunk(b"iCCP", b"icc\0\0" + zeros),
        png_chunk(b"zTXt", b"Comment\0\0" + zeros),
        png_chunk(b"iTXt", b"Title\0\x01\0en\0\0" + zeros),
    ]
    return png_of(8, 8, *chunks, data=bytes(8 * 2))


def absurd_jpeg() -> bytes:
    """A JPEG whose head was changed to 65,500 by 65,500."""
    data = bytearray(media.jpeg(media.photograph(64, 64)))
    at = data.rindex(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


def absurd_gif() -> bytes:
    """A GIF of 65,535 by 65,535 with hardly any data."""
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0)
        + bytes(6)
        + b","
        + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0)
        + b"\x02\x02\x44\x01\x00;"
    )


def cut(data: bytes, part: float = 0.5) -> bytes:
    """The beginning of a file."""
    return data[: int(len(data) * part)]


def zip_after(data: bytes) -> bytes:
    """A picture that is also an archive."""
    entry = b"PK\x03\x04" + bytes(26)
    return data + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 46, len(data), 0)


def script_in_gif() -> bytes:
    """A GIF whose first bytes are also a script."""
    return b"GIF89a/*" + bytes(10) + b"*/=1;<script>alert(1)</script>"


def pdf_in_jpeg() -> bytes:
    """A JPEG with a PDF in its first comment: readers of PDF accept its head within the first kilobyte."""
    data = media.jpeg(media.photograph(64, 64))
    comment = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


def m3u8(address: str) -> bytes:
    """A playlist for FFmpeg's HLS demuxer."""
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}/secret.ts\n#EXT-X-ENDLIST\n".encode()


def ffconcat(address: str) -> bytes:
    """A list for FFmpeg's concat demuxer."""
    return f"ffconcat version 1.0\nfile '{address}/secret'\nfile '/etc/passwd'\n".encode()


def pls(address: str) -> bytes:
    """A list for media players."""
    return f"[playlist]\nFile1={address}/secret\nNumberOfEntries=1\n".encode()


def late(playlist: bytes) -> bytes:
    """A sound's head, then nothing, and the playlist only behind what is looked at."""
    return b"RIFF\xff\xff\xff\xffWAVE" + bytes(8192) + playlist


def svg() -> bytes:
    """A drawing with a program in it."""
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def endless_silence(hours: int = 10, rate: int = 8000) -> bytes:
    """Hours of digital silence in a FLAC of some tens of kilobytes: every frame says "16,384 times zero"."""
    block = 16_384
    frames = hours * 3600 * rate // block
    info = struct.pack(">HH", block, block) + bytes(6)
    info += ((rate << 44) | (0 << 41) | (15 << 36) | frames * block).to_bytes(8, "big") + bytes(16)
    out = [b"fLaC\x80\0\0\x22", info]
    for number in range(frames):
        head = b"\xff\xf8\xe4\x08" + chr(number).encode("utf-8", "surrogatepass")  # 8 kHz, mono, 16 bits
        head += bytes([crc(head, 0x07, 8)])
        frame = head + b"\0\0\0"  # one subframe: constant, value 0
        out += [frame, struct.pack(">H", crc(frame, 0x8005, 16))]
    return b"".join(out)


def crc(data: bytes, polynomial: int, bits: int) -> int:
    """A cyclic redundancy check, most significant bit first."""
    value, top = 0, 1 << (bits - 1)
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = ((value << 1) ^ (polynomial if value & top else 0)) & ((1 << bits) - 1)
    return value


def film() -> bytes:
    """An MP4 with moving pictures and a voice."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        pictures = target.add_stream("mpeg4", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        sound = target.add_stream("aac", rate=48_000, layout="mono")
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            target.mux(pictures.encode(frame))
        piece = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        piece.sample_rate = 48_000
        target.mux(sound.encode(piece))
        target.mux(pictures.encode(None))
        target.mux(sound.encode(None))
    return out.getvalue()


NOWHERE = "http://127.0.0.1:9"

TWINS = {
    "nothing": Twin(lambda: b"", Kind.IMAGE, Refusal.EMPTY, "taken"),
    "a text": Twin(lambda: b"Dear diary, " * 100, Kind.IMAGE, Refusal.NOT_A_PICTURE, "taken"),
    "a program": Twin(lambda: b"\x7fELF" + bytes(100), Kind.SOUND, Refusal.NOT_A_SOUND, "taken"),
    "svg": Twin(svg, Kind.IMAGE, Refusal.UNSUPPORTED, "taken"),
    "pdf": Twin(lambda: b"%PDF-1.7\n", Kind.IMAGE, Refusal.UNSUPPORTED, "taken"),
    "html": Twin(lambda: b"<!DOCTYPE html><html>", Kind.IMAGE, Refusal.UNSUPPORTED, "taken"),
    "m3u8": Twin(lambda: m3u8(NOWHERE), Kind.SOUND, Refusal.UNSUPPORTED, "taken"),
    "ffconcat": Twin(lambda: ffconcat(NOWHERE), Kind.SOUND, Refusal.UNSUPPORTED, "taken"),
    "pls": Twin(lambda: pls(NOWHERE), Kind.SOUND, Refusal.UNSUPPORTED, "taken"),
    "script in a gif": Twin(script_in_gif, Kind.IMAGE, Refusal.HOSTILE, "taken"),
    "pdf in a jpeg": Twin(pdf_in_jpeg, Kind.IMAGE, Refusal.HOSTILE, "taken"),
    "m3u8 in an ogg": Twin(lambda: b"OggS" + m3u8(NOWHERE), Kind.SOUND, Refusal.HOSTILE, "taken"),
    "zip behind a png": Twin(
        lambda: zip_after(media.png(media.photograph(64, 64))), Kind.IMAGE, Refusal.HOSTILE, "taken"
    ),
    "a sound as a picture": Twin(lambda: media.recording("wav"), Kind.IMAGE, Refusal.NOT_A_PICTURE, "taken"),
    "a picture as a sound": Twin(media.jpeg, Kind.SOUND, Refusal.NOT_A_SOUND, "taken"),
    "pixel bomb": Twin(pixel_bomb, Kind.IMAGE, Refusal.TOO_MANY_PIXELS, "decoded"),
    "absurd png": Twin(lambda: png_of(2**31 - 1, 2**31 - 1), Kind.IMAGE, Refusal.TOO_MANY_PIXELS, "decoded"),
    "endless strip": Twin(lambda: png_of(40_000_000, 1), Kind.IMAGE, Refusal.TOO_MANY_PIXELS, "decoded"),
    "absurd jpeg": Twin(absurd_jpeg, Kind.IMAGE, Refusal.TOO_MANY_PIXELS, "decoded"),
    "absurd gif": Twin(absurd_gif, Kind.IMAGE, Refusal.TOO_MANY_PIXELS, "decoded"),
    "bombs in text chunks": Twin(text_bombs, Kind.IMAGE, Refusal.BROKEN, "decoded"),
    "half a jpeg": Twin(lambda: cut(media.jpeg()), Kind.IMAGE, Refusal.BROKEN, "decoded"),
    "half a png": Twin(lambda: cut(media.png()), Kind.IMAGE, Refusal.BROKEN, "decoded"),
    "half a webp": Twin(lambda: cut(media.webp()), Kind.IMAGE, Refusal.BROKEN, "taken"),
    "half a heic": Twin(lambda: cut(media.heic()), Kind.IMAGE, Refusal.BROKEN, "decoded"),
    "half an avif": Twin(lambda: cut(media.avif()), Kind.IMAGE, Refusal.BROKEN, "decoded"),
    "half a tiff": Twin(lambda: cut(media.tiff()), Kind.IMAGE, Refusal.BROKEN, "decoded"),
    "noise behind a png head": Twin(
        lambda: media.png()[:8] + bytes(range(256)) * 9, Kind.IMAGE, Refusal.BROKEN, "decoded"
    ),
    "half a wav": Twin(lambda: cut(media.recording("wav")), Kind.SOUND, Refusal.BROKEN, "taken"),
    "half an m4a": Twin(lambda: cut(media.recording("m4a")), Kind.SOUND, Refusal.BROKEN, "decoded"),
    "half a flac": Twin(lambda: cut(media.recording("flac")), Kind.SOUND, Refusal.BROKEN, "decoded"),
    "an ogg of nothing": Twin(lambda: b"OggS" + bytes(500), Kind.SOUND, Refusal.BROKEN, "decoded"),
    "m3u8 far behind a wav head": Twin(lambda: late(m3u8(NOWHERE)), Kind.SOUND, Refusal.BROKEN, "decoded"),
    "ten hours of silence": Twin(endless_silence, Kind.SOUND, Refusal.TOO_LONG, "decoded"),
    "a film": Twin(film, Kind.SOUND, Refusal.VIDEO, "decoded"),
}
