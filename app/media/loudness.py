"""Equal loudness for every recording: one gain to −18 LUFS, and no true peak above −2 dBTP.

Loudness is that of ITU-R BS.1770 and EBU R 128: K-weighted energy of blocks of 400 ms, gated at −70 LUFS
and at 10 LU under the mean. Where the gain would push a peak over the ceiling, a limiter that looks ahead
turns the few milliseconds around it down; the gain is then corrected for what the limiter took.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

RATE = 48_000
TARGET_LUFS = -18.0
TOLERANCE = 0.2
MAX_GAIN_DB = 36.0
"""A recording quieter than that is mostly the noise of its microphone."""
CEILING = 10 ** (-2.0 / 20)
"""−2 dBTP leaves room for what lossy encoders add (EBU R 128 s1)."""

STEP = RATE // 10
CHUNK = RATE * 10
FULL = 32768.0

SHELF = "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a1=-1.69065929318241:a2=0.73248077421585"
HIGHPASS = "b0=1:b1=-2:b2=1:a1=-1.99004745483398:a2=0.99007225036621"
"""The two K-weighting filters at 48 kHz (ITU-R BS.1770-5, tables 1 and 2)."""

BLOCK = 48
AHEAD = 10
"""The limiter works in blocks of 1 ms and looks 10 of them ahead and back."""
TAPS = 16
PHASES = 4


def level(samples: Samples) -> Samples:
    """The same recording at the common loudness; silence stays as it is."""
    loudness = integrated(samples)
    if loudness is None:
        return samples
    gain_db = min(TARGET_LUFS - loudness, MAX_GAIN_DB)
    peaks = true_peaks(samples, CEILING / 10 ** (gain_db / 20))
    levelled, limited = amplified(samples, peaks, gain_db)
    for _ in range(3):
        if not limited or gain_db == MAX_GAIN_DB:
            break
        short = TARGET_LUFS - (integrated(levelled) or TARGET_LUFS)
        if abs(short) < TOLERANCE:
            break
        gain_db = min(gain_db + short, MAX_GAIN_DB)
        peaks = true_peaks(samples, CEILING / 10 ** (gain_db / 20))
        levelled, limited = amplified(samples, peaks, gain_db)
    return levelled


def integrated(samples: Samples) -> float | None:
    """Integrated loudness in LUFS; None when every block is under the absolute gate, as silence is."""
    energy = np.concatenate([np.zeros(0), *weighted_energy(samples)])
    if len(energy) >= 4:
        energy = (energy[:-3] + energy[1:-2] + energy[2:-1] + energy[3:]) / 4
    if not len(energy):
        return None
    heard = energy[energy > 10 ** ((-70 + 0.691) / 10)]
    if not len(heard):
        return None
    heard = heard[heard > heard.mean() / 10]
    return float(-0.691 + 10 * np.log10(heard.mean()))


def weighted_energy(samples: Samples) -> Iterator[NDArray[np.float64]]:
    """Mean squares of the K-weighted signal in steps of 100 ms."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=Fraction(1, RATE))
    shelf, highpass = graph.add("biquad", SHELF), graph.add("biquad", HIGHPASS + ":r=f64")
    sink = graph.add("abuffersink")
    source.link_to(shelf)
    shelf.link_to(highpass)
    highpass.link_to(sink)
    graph.configure()
    for at in range(0, len(samples), RATE):
        part = samples[None, at : at + RATE].astype(np.float32) / FULL
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        graph.push(frame)
        pulled: Any = graph.pull()
        heard = pulled.to_ndarray()[0].astype(np.float64)
        steps = max(1, len(heard) // STEP)
        yield np.array([np.mean(step**2) for step in np.array_split(heard[: steps * STEP], steps)])


def true_peaks(samples: Samples, interesting: float) -> Floats:
    """The highest true peak in each block of 1 ms, of full scale 1.

    Only blocks that come near `interesting` are oversampled four times; between samples a signal rarely
    rises more than 3 dB above them.
    """
    blocks = -(-len(samples) // BLOCK)
    padded = np.zeros((blocks + 2) * BLOCK, np.int16)
    padded[BLOCK : BLOCK + len(samples)] = samples
    grid = padded[BLOCK:-BLOCK].reshape(blocks, BLOCK)
    found: Floats = np.maximum(grid.max(axis=1), -grid.min(axis=1).astype(np.float32)) / np.float32(FULL)
    near = np.flatnonzero(found > interesting * 0.7)
    reach = np.arange(-TAPS // 2 + 1, BLOCK + TAPS // 2)
    for at in range(0, len(near), CHUNK // BLOCK):
        some = near[at : at + CHUNK // BLOCK]
        around = padded[(some[:, None] + 1) * BLOCK + reach].astype(np.float32) / np.float32(FULL)
        found[some] = np.maximum(found[some], np.abs(around @ BETWEEN).max(axis=1))
    return found


def between_samples() -> Floats:
    """The matrix from a block and its neighbours to the three points between any two of its samples."""
    offsets = np.arange(-TAPS // 2 + 1, TAPS // 2 + 1)
    matrix = np.zeros((BLOCK + TAPS - 1, BLOCK, PHASES - 1), np.float32)
    for phase in range(1, PHASES):
        distance = offsets - phase / PHASES
        taps = np.sinc(distance) * np.cos(np.pi * distance / TAPS) ** 2
        for at in range(BLOCK):
            matrix[at : at + TAPS, at, phase - 1] = taps
    flat: Floats = matrix.reshape(BLOCK + TAPS - 1, -1)
    return flat


BETWEEN = between_samples()


def amplified(samples: Samples, peaks: Floats, gain_db: float) -> tuple[Samples, bool]:
    """The samples times the gain, under the ceiling; and whether the limiter had to work."""
    gain = np.float32(10 ** (gain_db / 20))
    need = np.minimum(np.float32(1), np.float32(CEILING) / np.maximum(peaks * gain, np.float32(1e-9)))
    turned = smoothed(need) if need.min() < 1 else None
    out = np.empty_like(samples)
    centres = (np.arange(len(need)) + 0.5) * BLOCK
    for at in range(0, len(samples), CHUNK):
        part = samples[at : at + CHUNK] * gain
        if turned is not None and turned[at // BLOCK : (at + CHUNK) // BLOCK + 1].min() < 1:
            part *= np.interp(np.arange(at, at + len(part)), centres, turned).astype(np.float32)
        out[at : at + len(part)] = np.rint(part)
    return out, turned is not None


def smoothed(need: Floats) -> Floats:
    """A gentle curve that is never above `need`: the least of the neighbourhood, averaged over a smaller
    one."""
    wide = np.pad(need, 2 * AHEAD + 1, constant_values=1)
    least = np.lib.stride_tricks.sliding_window_view(wide, 2 * AHEAD + 3).min(axis=1)
    kernel = np.full(2 * AHEAD + 1, 1 / (2 * AHEAD + 1), np.float32)
    curve: Floats = np.convolve(least, kernel, mode="valid").astype(np.float32)
    return np.minimum(curve, np.float32(1))
