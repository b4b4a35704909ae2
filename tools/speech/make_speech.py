"""One text as one short clip: spoken by espeak-ng, brought to a common loudness, written as MP3 frames and no more.

A clip has neither ID3 tags nor a Xing header, and no frame borrows bits from the one before it: clips can be put in
a row byte for byte.
"""

import subprocess
import wave
from io import BytesIO
from typing import Any

import av
import numpy as np

from app.media import loudness
from app.media.loudness import Samples

VOICES = {
    "en": ("en-gb+f2", 140),
    "it": ("it+f2", 140),
    "ro": ("ro+f2", 140),
    "zh": ("cmn-latn-pinyin+f2", 188),
}
"""The voice for each language, and its words a minute; each Chinese sign counts as a word, and the plain `cmn`
reads its pinyin as if it were English."""
PITCH = 55

LUFS = -20.0
RATE = 24_000
BIT_RATE = 16_000
"""Bits a second."""
EDGE_SECONDS = 0.25
QUIET = 200
"""Samples below this, of 32,768, are silence before and after the words."""


def make(words: str, locale: str) -> bytes:
    """The clip that says `words`."""
    return encode(levelled(trimmed(speak(words, locale))))


def speak(words: str, locale: str) -> Samples:
    """The synthetic voice, at the rate in which loudness is measured."""
    voice, pace = VOICES[locale]
    command = ["espeak-ng", "-v", voice, "-s", str(pace), "-p", str(PITCH), "--stdout", "--stdin"]
    spoken = subprocess.run(command, input=words.encode(), check=True, capture_output=True).stdout
    with wave.open(BytesIO(spoken)) as reader:
        rate, samples = reader.getframerate(), np.frombuffer(reader.readframes(2**30), np.int16)
    return resampled(samples, rate, loudness.RATE)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another rate."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=wanted)
    frames = [*resampler.resample(frame_of(samples, rate)), *resampler.resample(None)]
    whole: Samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return whole


def frame_of(samples: Samples, rate: int, form: str = "s16") -> Any:
    """Samples as PyAV takes them."""
    frame = av.AudioFrame.from_ndarray(samples[None, :], format=form, layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    return frame


def trimmed(samples: Samples) -> Samples:
    """The words between two short silences of the same length."""
    heard = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)
    edge = np.zeros(int(loudness.RATE * EDGE_SECONDS), np.int16)
    return np.concatenate([edge, samples[heard[0] : heard[-1] + 1], edge])


def levelled(samples: Samples) -> Samples:
    """The same at the loudness that all clips have."""
    measured = loudness.integrated(samples)
    if measured is None:
        raise ValueError("nothing was said")
    gain_db = LUFS - measured
    peaks = loudness.true_peaks(samples, loudness.CEILING / 10 ** (gain_db / 20))
    return loudness.amplified(samples, peaks, gain_db)[0]


def encode(samples: Samples) -> bytes:
    """MPEG-2 layer 3, mono, frame after frame."""
    encoder = av.CodecContext.create("libmp3lame", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16p"
    encoder.bit_rate, encoder.options = BIT_RATE, {"reservoir": "0"}
    encoder.open()
    sound = frame_of(resampled(samples, loudness.RATE, RATE), RATE, "s16p")
    return b"".join(bytes(packet) for packet in (*encoder.encode(sound), *encoder.encode(None)))
