"""From a recording as it was handed in to the recordings that can be heard. Runs in the decode process.

One decode to mono, 48 kHz, 16 bits serves everything: loudness, both encoders (side by side in two threads)
and the waveform. FFmpeg is told which container it reads; it may open nothing else, follow no address and
use no decoder outside the list. What leaves was encoded from samples alone.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any, NoReturn

import av
import numpy as np
from av.stream import Disposition

from app.media.loudness import RATE, Samples, level
from app.media.renditions import Made, Rendered, waveform
from app.media.rules import SOUND_SECONDS, Format, Purpose, Refusal, Refused

DEMUXERS = {
    Format.MP3: "mp3",
    Format.MP4: "mov,mp4,m4a,3gp,3g2,mj2",
    Format.AAC: "aac",
    Format.WAV: "wav",
    Format.FLAC: "flac",
    Format.OGG: "ogg",
    Format.WEBM: "matroska,webm",
    Format.AMR: "amr",
}
DECODERS = {
    Format.MP3: {"mp3", "mp3float"},
    Format.MP4: {"aac", "alac", "mp3", "mp3float", "amrnb", "amrwb", "opus", "flac"},
    Format.AAC: {"aac"},
    Format.WAV: {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"}
    | {"pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"},
    Format.FLAC: {"flac"},
    Format.OGG: {"opus", "vorbis", "flac"},
    Format.WEBM: {"opus", "vorbis"},
    Format.AMR: {"amrnb", "amrwb"},
}
KNOWS_ITS_LENGTH = {Format.FLAC, Format.MP4}
"""Containers whose head says how long they are, so that a file that was cut off can be told."""
WHOLE = 0.9
"""The part of the promised length that must have decoded."""

OPUS_BITS = 32_000
AAC_BITS = 64_000
AAC_FRAME = 1024
SECOND = RATE
"""Decoder and encoders pass on a second at a time: frame by frame, Python would take half of the time."""
PEAKS = 1000


def prepare() -> None:
    """Keep FFmpeg silent, for its messages may quote the file; and rehearse on a hum, so that nothing loads
    later."""
    av.logging.set_level(None)
    hum = (3000 * np.sin(np.arange(RATE // 2) / 20)).astype(np.int16)
    render(io.BytesIO(encode_opus(hum)), Format.WEBM)


def render(file: IO[bytes], form: Format) -> Made:
    """Decode `file`, which must be of format `form`, and make everything from it. Raises `Refused`."""
    try:
        samples = decode(file, form)
    except (av.FFmpegError, ValueError, LookupError, ArithmeticError) as error:
        raise Refused(Refusal.BROKEN) from error
    if not len(samples):
        raise Refused(Refusal.BROKEN)
    samples = level(samples)
    duration_ms = len(samples) * 1000 // RATE
    with ThreadPoolExecutor(max_workers=2) as pool:
        aac, opus = pool.submit(encode_aac, samples), pool.submit(encode_opus, samples)
        renditions = [
            Rendered(Purpose.SOUND_OPUS, opus.result()),
            Rendered(Purpose.SOUND_AAC, aac.result()),
            Rendered(Purpose.PEAKS, waveform(duration_ms, peaks(samples))),
        ]
    return Made(renditions, duration_ms=duration_ms)


class Unnamed:
    """Bytes without a name: FFmpeg chooses demuxers by file names where it finds one."""

    name = "recording"

    def __init__(self, file: IO[bytes]) -> None:
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def open_nothing(*_: object) -> NoReturn:
    """Whatever a container refers to stays closed."""
    raise PermissionError("a recording may not open anything")


def decode(file: IO[bytes], form: Format) -> Samples:
    """All samples of the one audio stream, mono, at 48 kHz."""
    demuxer = DEMUXERS[form]
    options = {"format_whitelist": demuxer, "protocol_whitelist": "none"}
    samples = np.empty(SOUND_SECONDS * RATE, np.int16)
    filled = 0
    opened: Any = av.open(Unnamed(file), format=demuxer.split(",")[0], options=options, io_open=open_nothing)
    with opened as container:
        stream = the_recording(container, form)
        promised = container.duration
        for part in resampled(container, stream):
            if filled + len(part) > len(samples):
                raise Refused(Refusal.TOO_LONG)
            samples[filled : filled + len(part)] = part
            filled += len(part)
    if form in KNOWS_ITS_LENGTH and promised and filled / RATE < WHOLE * promised / av.time_base:
        raise Refused(Refusal.BROKEN)
    return samples[:filled]


def the_recording(container: Any, form: Format) -> Any:
    """The audio stream, in a container that holds no moving pictures and needs no decoder outside the
    list."""
    if any(not stream.disposition & Disposition.attached_pic for stream in container.streams.video):
        raise Refused(Refusal.VIDEO)
    if not container.streams.audio:
        raise Refused(Refusal.NOT_A_SOUND)
    stream = container.streams.audio[0]
    if stream.codec_context.name not in DECODERS[form]:
        raise Refused(Refusal.UNSUPPORTED)
    return stream


def resampled(container: Any, stream: Any) -> Iterator[Samples]:
    """The stream's samples, as they are decoded."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=SECOND)
    for frame in container.decode(stream):
        frame.pts = None  # gaps and jumps in a phone's clock are not silence
        for piece in resampler.resample(frame):
            yield piece.to_ndarray()[0]
    for piece in resampler.resample(None):
        yield piece.to_ndarray()[0]


def encode_opus(samples: Samples) -> bytes:
    """Opus at 32 kbit/s in WebM.

    WebM, not Ogg: Safari plays Opus in WebM since version 15 but in Ogg only since 18.4, and a WebM file
    carries its length and an index, so that a player can jump with range requests.
    """
    opus = Encoder("libopus", "webm", OPUS_BITS, "s16")
    return encode(samples, opus)


def encode_aac(samples: Samples) -> bytes:
    """AAC-LC at 64 kbit/s in MP4, for players that know no Opus; the index comes first, so it starts at
    once. The fast search of the encoder saves a third of its time and is not heard in a voice."""
    frames = len(samples) // AAC_FRAME + 2
    head = {"moov_size": str(8192 + 5 * frames)}
    return encode(samples, Encoder("aac", "mp4", AAC_BITS, "fltp", {"aac_coder": "fast"}, head))


@dataclass(frozen=True)
class Encoder:
    """A codec in a container: bits a second, and the sample format it takes."""

    codec: str
    container: str
    bits: int
    samples: str
    options: dict[str, str] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=dict)


def encode(samples: Samples, by: Encoder) -> bytes:
    """One encoded file. `bitexact` leaves the encoder's own name and version out of it."""
    out = io.BytesIO()
    with av.open(out, "w", format=by.container, options={"fflags": "+bitexact", **by.head}) as target:
        stream: Any = target.add_stream(by.codec, rate=RATE, layout="mono", options=by.options)
        stream.bit_rate = by.bits
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        for at in range(0, len(samples), SECOND):
            part: Any = samples[None, at : at + SECOND]  # one row is the one channel
            if by.samples != "s16":
                part = part.astype(np.float32) / 32768
            frame = av.AudioFrame.from_ndarray(part, format=by.samples, layout="mono")
            frame.sample_rate = RATE
            frame.pts = at
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def peaks(samples: Samples) -> list[int]:
    """About a thousand heights of the waveform, 0 to 100, the tallest being 100."""
    starts = np.linspace(0, len(samples), min(PEAKS, len(samples)), endpoint=False).astype(np.intp)
    highest = np.maximum.reduceat(samples, starts).astype(np.int32)
    lowest = np.minimum.reduceat(samples, starts).astype(np.int32)
    heights = np.maximum(highest, -lowest)
    return [int(height) for height in np.rint(heights * (100 / max(1, heights.max())))]
