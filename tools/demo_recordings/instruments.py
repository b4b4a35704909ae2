"""Computed sound: plucked strings, bells, humming, rain, clapping hands, and the room they are in.

Mono samples as float arrays, 48,000 a second.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 48_000

Sound = NDArray[np.float64]

PENTATONIC = (0, 2, 4, 7, 9, 12, 14, 16)
"""Steps of the scale in semitones, so that whatever is played together fits."""


def pitch(step: int, base: float = 261.63) -> float:
    """The frequency of a step of the scale above `base`."""
    return float(base * 2 ** (PENTATONIC[step % len(PENTATONIC)] / 12))


def pluck(frequency: float, seconds: float, rng: np.random.Generator) -> Sound:
    """A plucked string: partials that fade, the higher the sooner."""
    time = np.arange(int(RATE * seconds)) / RATE
    note = np.zeros(len(time))
    for partial in range(1, 8):
        fade = np.exp(-time * (1.6 + partial * 1.3))
        detuned = frequency * partial * (1 + rng.normal(0, 0.0004))
        note += np.sin(2 * np.pi * detuned * time) * fade / partial**1.4
    return note * np.minimum(1, time * 400)


def bell(frequency: float, seconds: float) -> Sound:
    """A small bell."""
    time = np.arange(int(RATE * seconds)) / RATE
    partials = ((1.0, 1.0, 1.2), (2.01, 0.5, 2.1), (2.76, 0.35, 3.0), (5.4, 0.12, 5.0))
    return sum(
        (np.sin(2 * np.pi * frequency * ratio * time) * loud * np.exp(-time * fade) for ratio, loud, fade in partials),
        np.zeros(len(time)),
    )


def hum(frequency: float, seconds: float) -> Sound:
    """A hummed note: soft partials with a slow tremble."""
    time = np.arange(int(RATE * seconds)) / RATE
    phase = 2 * np.pi * frequency * (time + 0.0006 * np.sin(2 * np.pi * 5.2 * time))
    note = np.sin(phase) + 0.34 * np.sin(2 * phase) + 0.1 * np.sin(3 * phase)
    swell = np.minimum(1, np.minimum(time / 0.12, (seconds - time) / 0.18))
    hummed: Sound = note * np.clip(swell, 0, 1)
    return hummed


def played(seconds: float, beat: float, notes: tuple[int | None, ...], voice: Callable[[float], Sound]) -> Sound:
    """A melody that repeats until the end, one note a beat; None is a rest. The last beats stay silent."""
    bed = np.zeros(int(RATE * (seconds + 4)))
    for count in range(int((seconds - 0.5) / beat)):
        step = notes[count % len(notes)]
        if step is None:
            continue
        note, start = voice(pitch(step)), int(count * beat * RATE)
        bed[start : start + len(note)] += note[: len(bed) - start]
    return bed[: int(RATE * seconds)]


def strings(seconds: float, rng: np.random.Generator) -> Sound:
    """A slow plucked melody."""
    tune = (0, None, 2, 4, 3, None, 2, None, 1, None, 3, 5, 4, None, None, None)
    return played(seconds, 0.42, tune, lambda note: pluck(note, 2.2, rng)) * 0.1


def quick_strings(seconds: float, rng: np.random.Generator) -> Sound:
    """A hopping plucked melody."""
    tune = (0, 2, 4, 2, 5, None, 4, None, 3, 2, 1, 2, 0, None, None, None)
    return played(seconds, 0.24, tune, lambda note: pluck(note, 1.2, rng)) * 0.08


def bells(seconds: float, rng: np.random.Generator) -> Sound:
    """Bells, far apart."""
    tune = (4, None, None, 2, None, None, 5, None, None, None, 3, None, None, None)
    return played(seconds, 0.5, tune, lambda note: bell(note * 2 * rng.uniform(0.998, 1.002), 2.4)) * 0.05


def rain(seconds: float, rng: np.random.Generator) -> Sound:
    """Rain on a sill, with a few bells in it."""
    noise = softened(rng.standard_normal(int(RATE * seconds)), 3_000)
    drops = np.zeros(len(noise))
    for start in rng.integers(0, len(noise) - RATE, int(seconds * 5)):
        drop = bell(rng.uniform(900, 2_200), 0.08) * np.linspace(1, 0, int(RATE * 0.08))
        drops[start : start + len(drop)] += drop * rng.uniform(0.1, 0.5)
    return noise * 0.012 + drops * 0.03 + bells(seconds, rng) * 0.5


def humming(seconds: float, rng: np.random.Generator) -> Sound:
    """Somebody hums a lullaby of three notes."""
    tune = (2, 1, 0, None, 2, 1, 0, None, 3, 3, 2, 1, 0, None, None, None)
    return played(seconds, 0.62, tune, lambda note: hum(note * rng.uniform(0.996, 1.004), 0.58)) * 0.06


def clapping(seconds: float, rng: np.random.Generator) -> Sound:
    """Hands clap a rhythm under a plucked tune."""
    bed = np.zeros(int(RATE * (seconds + 1)))
    pattern = (1, 0, 1, 1, 0, 1, 0, 0)
    for count in range(int((seconds - 1) / 0.3)):
        if pattern[count % len(pattern)]:
            clap = rng.standard_normal(int(RATE * 0.09)) * np.exp(-np.linspace(0, 9, int(RATE * 0.09)))
            start = int(count * 0.3 * RATE)
            bed[start : start + len(clap)] += softened(clap, 2_800) * 0.09
    return bed[: int(RATE * seconds)] + quick_strings(seconds, rng) * 0.8


def softened(sound: Sound, above: float) -> Sound:
    """The sound with everything above so many hertz rolled off."""
    spectrum = np.fft.rfft(sound)
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    softer: Sound = np.fft.irfft(spectrum / (1 + (frequency / above) ** 4), len(sound))
    return softer


def in_a_room(sound: Sound, rng: np.random.Generator) -> Sound:
    """The sound in a small furnished room: a short, dark echo."""
    tail = rng.standard_normal(int(RATE * 0.22)) * np.exp(-np.linspace(0, 8, int(RATE * 0.22)))
    tail = softened(tail, 2_400) * 0.035
    size = len(sound) + len(tail)
    echo = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)
    return np.pad(sound, (0, len(tail))) + echo
