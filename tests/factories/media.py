"""Pictures and recordings of every accepted format, made with real encoders and full of things that must
not leak.

Every picture and recording can carry `CANARY` wherever its format keeps words about a file. The same
arguments always make the same bytes.
"""

import io
import struct
from collections.abc import Callable, Hashable
from functools import cache, wraps
from typing import ParamSpec

import av
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from app.media.rules import Format

P = ParamSpec("P")

CANARY = "canary-Ioana-Popescu-Vaslui"
ICC_CANARY = "canary-V-ICC!"
GPS_CANARY = (46.0, 38.0, 17.76)
CANARIES = (
    CANARY.encode(),
    CANARY.encode("utf-16-le"),
    CANARY.encode("utf-16-be"),
    ICC_CANARY.encode("utf-16-be"),
)
CANARIES += (struct.pack("<II", 1776, 100), struct.pack(">II", 1776, 100))  # the seconds of the latitude

XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 dc:creator="{CANARY}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def made_once(make: Callable[P, bytes]) -> Callable[P, bytes]:
    """Keep what an encoder made of the same arguments; of a picture or samples that are handed in it is made anew."""
    kept: dict[Hashable, bytes] = {}

    @wraps(make)
    def once(*args: P.args, **kwargs: P.kwargs) -> bytes:
        key = (args, *kwargs.items())
        if any(isinstance(given, Image.Image | np.ndarray) for given in (*args, *kwargs.values())):
            return make(*args, **kwargs)
        if key not in kept:
            kept[key] = make(*args, **kwargs)
        return kept[key]

    return once


@cache
def photograph(width: int = 900, height: int = 600, seed: int = 1) -> Image.Image:
    """Something like a photograph: soft shapes, fine grain, and a red corner at the top left."""
    random = np.random.default_rng(seed)
    field = np.zeros((height, width, 3), np.float32)
    cells = 4
    while cells <= width:
        rough = random.standard_normal((max(2, cells * height // width), cells, 3)).astype(np.float32)
        layers = [
            np.asarray(Image.fromarray(rough[..., band]).resize((width, height), Image.Resampling.BICUBIC))
            for band in range(3)
        ]
        field += np.stack(layers, axis=-1) * cells**-0.8
        cells *= 2
    grey = field.mean(axis=-1, keepdims=True)
    field = grey + (field - grey) * 0.5
    pixels = np.clip((field - field.mean()) / field.std() * 45 + 128, 0, 255).astype(np.uint8)
    pixels[: height // 4, : width // 4] = (220, 30, 30)
    return Image.fromarray(pixels)


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a place, a name and an orientation."""
    data = Image.Exif()
    data[Base.Orientation] = orientation
    data[Base.Artist] = data[Base.ImageDescription] = CANARY
    data.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: GPS_CANARY})
    return data


@cache
def icc_profile() -> bytes:
    """An sRGB profile whose description is a canary of the same length."""
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace("sRGB built-in".encode("utf-16-be"), ICC_CANARY.encode("utf-16-be"))


@made_once
def jpeg(image: Image.Image | None = None, orientation: int = 1, quality: int = 92) -> bytes:
    """A JPEG as a telephone makes it, and a comment and IPTC besides."""
    out = io.BytesIO()
    (image or photograph()).save(
        out,
        "JPEG",
        quality=quality,
        exif=exif(orientation),
        xmp=XMP,
        icc_profile=icc_profile(),
        comment=CANARY,
    )
    caption = CANARY.encode()
    iptc = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + b"\0" * (len(iptc) % 2)
    segment = b"\xff\xed" + struct.pack(">H", len(block) + 2) + block
    return out.getvalue()[:2] + segment + out.getvalue()[2:]


@made_once
def png(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A PNG with every kind of text chunk."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", CANARY)
    texts.add_text("Comment", CANARY * 20, zip=True)
    texts.add_itxt("Title", CANARY, lang="ro", tkey="Titlu")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    out = io.BytesIO()
    (image or photograph()).save(out, "PNG", pnginfo=texts, exif=exif(orientation), icc_profile=icc_profile())
    return out.getvalue()


@made_once
def webp(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A WebP with EXIF, XMP and a profile."""
    out = io.BytesIO()
    (image or photograph()).save(out, "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=icc_profile())
    return out.getvalue()


@made_once
def gif(frames: int = 3) -> bytes:
    """An animation with a comment; its first frame is the photograph, the others are black."""
    first = photograph().quantize(64)
    rest = [Image.new("P", first.size) for _ in range(frames - 1)]
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest, comment=CANARY.encode(), duration=100)
    return out.getvalue()


@made_once
def tiff(image: Image.Image | None = None, compression: str = "tiff_lzw") -> bytes:
    """A TIFF with a description, XMP, IPTC and a profile."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = tags[315] = CANARY
    tags[700] = XMP
    tags[33723] = CANARY.encode()
    out = io.BytesIO()
    (image or photograph()).save(out, "TIFF", compression=compression, tiffinfo=tags, icc_profile=icc_profile())
    return out.getvalue()


@made_once
def heic(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A HEIC as an iPhone makes it."""
    source = image or photograph()
    out = io.BytesIO()
    heif = pillow_heif.from_pillow(source)
    heif.info["exif"], heif.info["xmp"] = exif(orientation).tobytes(), XMP
    heif.info["icc_profile"], heif.info["icc_profile_type"] = icc_profile(), "prof"
    heif.save(out, quality=60)
    return out.getvalue()


@made_once
def avif(image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """An AVIF with EXIF, XMP and a profile."""
    out = io.BytesIO()
    (image or photograph()).save(
        out, "AVIF", speed=10, exif=exif(orientation).tobytes(), xmp=XMP, icc_profile=icc_profile()
    )
    return out.getvalue()


PICTURES = {
    Format.JPEG: jpeg,
    Format.PNG: png,
    Format.WEBP: webp,
    Format.GIF: gif,
    Format.TIFF: tiff,
    Format.HEIF: heic,
    Format.AVIF: avif,
}


@cache
def voice(seconds: float = 3.0, rate: int = 48_000, seed: int = 3) -> NDArray[np.int16]:
    """Something like speech: a gliding voice in syllables, over the noise of a room; rather quiet."""
    count = int(seconds * rate)
    time = np.arange(count) / rate
    pitch = 190 + 40 * np.sin(2 * np.pi * 0.3 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tone = sum(np.sin(overtone * phase) / overtone**1.2 for overtone in range(1, 12))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time) + 0.3 * np.sin(2 * np.pi * 0.11 * time), 0, None) ** 1.5
    noise = np.random.default_rng(seed).standard_normal(count) * 0.002
    return np.rint(np.clip(tone * syllables * 0.08 + noise, -1, 1) * 20_000).astype(np.int16)


RECIPES = {
    "mp3": (Format.MP3, "mp3", "libmp3lame", 44_100),
    "m4a": (Format.MP4, "ipod", "aac", 44_100),
    "aac": (Format.AAC, "adts", "aac", 48_000),
    "wav": (Format.WAV, "wav", "pcm_s16le", 44_100),
    "flac": (Format.FLAC, "flac", "flac", 48_000),
    "ogg": (Format.OGG, "ogg", "libopus", 48_000),
    "webm": (Format.WEBM, "webm", "libopus", 48_000),
    "amr": (Format.AMR, "amr", "libopencore_amrnb", 8_000),
    "3gp": (Format.MP4, "3gp", "libopencore_amrnb", 8_000),
}
"""For each accepted kind of recording: what it is, and the container, encoder and rate that make it."""


@made_once
def recording(recipe: str, seconds: float = 3.0, samples: NDArray[np.int16] | None = None) -> bytes:
    """A recording with a title and an artist, where its container has a place for them."""
    _, container, encoder, rate = RECIPES[recipe]
    samples = voice(seconds, rate) if samples is None else samples
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        if recipe not in {"amr", "aac"}:
            target.metadata.update({"title": CANARY, "artist": CANARY, "comment": CANARY})
        stream = target.add_stream(encoder, rate=rate, layout="mono")
        stream.bit_rate = 12_200 if rate == 8_000 else 64_000
        resampler = av.AudioResampler(stream.format, "mono", rate, frame_size=stream.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = rate
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return out.getvalue()


def with_cover(mp3: bytes) -> bytes:
    """An MP3 with a picture in its ID3 tag, and a name in that picture."""
    cover = jpeg(photograph(200, 200))
    frame = b"\0image/jpeg\0\x03" + CANARY.encode() + b"\0" + cover
    body = b"APIC" + struct.pack(">I", len(frame)) + b"\0\0" + frame
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body + mp3
