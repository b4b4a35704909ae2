"""Pictures and recordings: how fast, against what others would do, and in how much memory.

Every figure of one table comes from one run, in which the rivals take turns; the ratio is the median of the ratios of
each turn, so that a neighbour on the machine disturbs both sides. Needs `vipsthumbnail` and `ffmpeg`.
Run it alone with `python -m tests.bench.media`.
"""

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import av
import numpy as np
from PIL import Image

from app.media import images, sandbox
from app.media.loudness import TARGET_LUFS
from app.media.rules import Format
from tests.factories import media

TURNS = 7
MINUTES = 3
POLITELY = ("nice", "-n", "10")
"""The decode process lets others go first, so its rivals do too."""
SIDES = (1600, 800, 320)
MEASURED = re.compile(r"^\s+I:\s+(-?[\d.]+) LUFS", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, the figure, and the target it must reach."""

    what: str
    figure: float
    unit: str
    target: float | None
    detail: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        if self.target is None:
            return True
        return self.figure >= self.target if self.at_least else self.figure <= self.target

    def __str__(self) -> str:
        target = "none" if self.target is None else f"{'≥' if self.at_least else '≤'} {self.target:.3g}{self.unit}"
        mark = "" if self.target is None else "yes" if self.reached else "NO"
        return f"| {self.what} | {self.figure:.3g}{self.unit} | {target} | {mark} | {self.detail} |"


def telephone_photo() -> bytes:
    """12 megapixels with the grain of a small sensor; about as many bytes as a telephone writes."""
    pixels = np.asarray(media.photograph(4000, 3000)).astype(np.int16)
    grain = np.random.default_rng(5).normal(0, 5, pixels.shape).astype(np.int16)
    return media.jpeg(Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)), quality=90)


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act` takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def take_turns(*acts: Callable[[], object]) -> list[list[float]]:
    """The seconds of each of `acts`, over `TURNS` turns after one that only warms up."""
    for act in acts:
        act()
    turns = [[timed(act) for act in acts] for _ in range(TURNS)]
    return [list(column) for column in zip(*turns, strict=True)]


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios, turn by turn."""
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def naive(photo: bytes) -> None:
    """Open, resize, save, for each size: what one writes without thinking about it."""
    for side in SIDES:
        with Image.open(io.BytesIO(photo)) as image:
            size = (side, round(side * image.height / image.width))
            image.resize(size, Image.Resampling.LANCZOS).save(io.BytesIO(), "WEBP", quality=images.WEBP_QUALITY)


def picture_rows(folder: Path) -> list[Row]:
    """A photograph of 12 megapixels."""
    photo = telephone_photo()
    path = folder / "photo.jpg"
    path.write_bytes(photo)
    images.prepare()
    ours, theirs = take_turns(lambda: images.render(io.BytesIO(photo), Format.JPEG), lambda: naive(photo))
    whole, vips = take_turns(
        lambda: sandbox.decode([photo], Format.JPEG), lambda: [vipsthumbnail(path, side) for side in SIDES]
    )
    of = f"JPEG of 4000 × 3000, {len(photo) / 1e6:.1f} MB"
    return [
        Row(
            "12-megapixel JPEG to every rendition, against Pillow open-resize-save of the three WebP sizes",
            ratio(ours, theirs),
            "×",
            0.4,
            f"{of}; in one process each; {median(ours) * 1000:.0f} against {median(theirs) * 1000:.0f} ms; "
            "ours also makes the JPEG and the placeholder",
        ),
        Row(
            "the same, against `vipsthumbnail` of the three WebP sizes",
            ratio(whole, vips),
            "×",
            1.0,
            f"whole processes, ours with start and sandbox; {median(whole) * 1000:.0f} against "
            f"{median(vips) * 1000:.0f} ms",
        ),
        Row("peak memory of that decode over the imports", peak_memory(path, "jpeg"), " MB", 150, "VmHWM"),
    ]


def vipsthumbnail(path: Path, side: int) -> None:
    """One size, as its command makes it."""
    out = path.with_name(f"vips-{side}.webp[Q={images.WEBP_QUALITY}]")
    command = [*POLITELY, "vipsthumbnail", path, "--size", f"{side}x{side}", "-o", out]
    subprocess.run(command, check=True, capture_output=True)


MEMORY_PROBE = """
import sys
sys.path.insert(0, {folder!r})
import decode_process
decode_process.stand_alone()
from app.media.rules import Format
form = Format({form!r})
decoder = decode_process.load_decoder(form)
decoder.prepare()
def status(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))
before = status("VmRSS")
with open({path!r}, "rb") as file:
    decoder.render(file, form)
print(status("VmHWM") - before)
"""


def peak_memory(path: Path, form: str) -> float:
    """Megabytes that decoding takes at most over what the process has after its imports."""
    folder = str(Path(sandbox.__file__).parent)
    code = MEMORY_PROBE.format(folder=folder, form=form, path=str(path))
    done = subprocess.run([sys.executable, "-I", "-c", code], env={}, check=True, capture_output=True)
    return int(done.stdout) * 1024 / 1e6


def recording() -> bytes:
    """Three minutes of a voice as a browser records it: WebM with Opus."""
    return media.recording("webm", seconds=MINUTES * 60)


def ffmpeg(*arguments: str | Path) -> str:
    """Run the command; what it printed."""
    command = [*POLITELY, "ffmpeg", "-hide_banner", "-nostats", "-y", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def with_ffmpeg(path: Path) -> None:
    """Measure with ebur128, then one gain under a limiter into the same two files."""
    said = ffmpeg("-i", path, "-af", "ebur128=framelog=verbose", "-f", "null", "-")
    gain = TARGET_LUFS - float(MEASURED.findall(said)[-1])
    chain = f"aresample=48000,volume={gain}dB,alimiter=limit=0.794:level=false,asplit=2[a][b]"
    ffmpeg(
        "-i", path, "-filter_complex", chain,
        "-map", "[a]", "-ac", "1", "-c:a", "libopus", "-b:a", "32k", path.with_name("theirs.webm"),
        "-map", "[b]", "-ac", "1", "-c:a", "aac", "-b:a", "64k", path.with_name("theirs.m4a"),
    )  # fmt: skip


def sound_rows(folder: Path) -> list[Row]:
    """A recording of three minutes."""
    data = recording()
    path = folder / "voice.webm"
    path.write_bytes(data)
    ours, theirs = take_turns(lambda: sandbox.decode([data], Format.WEBM), lambda: with_ffmpeg(path))
    length = MINUTES * 60
    return [
        Row(
            "3-minute recording to Opus, AAC and waveform, as a part of its length",
            median(ours) / length,
            "",
            1 / 40,
            f"WebM/Opus; the whole process, with start and sandbox; {median(ours):.1f} s, "
            f"1/{length / median(ours):.0f} of its length",
        ),
        Row(
            "the same, against the `ffmpeg` command (ebur128, then gain and the same two files)",
            ratio(ours, theirs),
            "×",
            0.6,
            f"whole processes; {median(ours):.1f} against {median(theirs):.1f} s",
        ),
        Row("peak memory of that decode over the imports", peak_memory(path, "webm"), " MB", 150, "VmHWM"),
    ]


def rows() -> list[Row]:
    """Everything."""
    with tempfile.TemporaryDirectory() as folder:
        return [*picture_rows(Path(folder)), *sound_rows(Path(folder))]


def table(measured: list[Row]) -> str:
    """The rows as Markdown."""
    head = "| what | figure | target | reached | how |\n|---|---|---|---|---|"
    return "\n".join([head, *(str(row) for row in measured)])


if __name__ == "__main__":
    print(f"{os.cpu_count()} processors; Pillow {Image.__version__}, PyAV {av.__version__}; {TURNS} turns\n")
    print(table(rows()))
