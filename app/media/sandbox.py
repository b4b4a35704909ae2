"""The worker's side of decoding: starts the decode process, feeds it, listens, and believes it only so far.

How a decode ends is decided here and nowhere else. The file's fault (the process refused it, ran into its
limits or was broken by it) raises `Refused`. Nobody's fault yet (killed from outside, too slow, an unknown
failure) raises `Crashed`: worth a few more tries. The machine's fault (no memory, no process, no sandbox)
raises `Unavailable`.
"""

import fcntl
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.adapters.storage import write_all
from app.errors import EyesError, Unavailable
from app.media.decode_process import NOT_LOCKED
from app.media.renditions import Made, Rendered, waveform
from app.media.rules import (
    IMAGE_SIDE,
    RENDITION_TYPES,
    SOUND_SECONDS,
    Format,
    Kind,
    Purpose,
    Refusal,
    Refused,
    format_of,
    recognise,
)

PROGRAM = Path(__file__).with_name("decode_process.py")
WALL_SECONDS = {Kind.IMAGE: 90, Kind.SOUND: 240}
ANSWER_BYTES = 64 * 1024 * 1024
LINE_BYTES = 4096
THE_FILES_FAULT = {
    signal.SIGXCPU,
    signal.SIGSYS,
    signal.SIGSEGV,
    signal.SIGBUS,
    signal.SIGILL,
    signal.SIGFPE,
    signal.SIGABRT,
}
OUTPUT_FORMATS = {
    purpose: format_of(media_type)
    for purpose, (media_type, _ending) in RENDITION_TYPES.items()
    if purpose is not Purpose.PEAKS
}
PLACEHOLDER = re.compile(r"data:image/webp;base64,[A-Za-z0-9+/=]{1,377}")


class Crashed(EyesError):
    """The decode ended without an answer, and it is not known whose fault that was."""

    code = "decode_crashed"


def decode(chunks: Iterable[bytes], form: Format) -> Made:
    """Everything that can be made of a file, decoded in a process of its own.

    Raises `Refused`, `Crashed` or `Unavailable` (see above), and whatever `chunks` raises.
    """
    source = in_memory(chunks)
    try:
        process = start(source, form)
    finally:
        os.close(source)
    with process:
        try:
            answer = listen(process, time.monotonic() + WALL_SECONDS[form.kind])
            status = process.wait(timeout=5)
        except subprocess.TimeoutExpired as error:
            raise Crashed from error
        finally:
            process.kill()
    judge(status)
    return understood(answer, form)


def in_memory(chunks: Iterable[bytes]) -> int:
    """A file descriptor with the plaintext: never on a disk, and sealed against any change."""
    descriptor = os.memfd_create("original", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        for chunk in chunks:
            try:
                write_all(descriptor, chunk)
            except OSError as error:
                raise Unavailable("memory") from error
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
        os.lseek(descriptor, 0, os.SEEK_SET)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def start(source: int, form: Format) -> subprocess.Popen[bytes]:
    """The decode process, reading `source`, with nothing else of ours."""
    try:
        return subprocess.Popen(
            [sys.executable, "-I", str(PROGRAM), form.value],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable("decoder") from error


def listen(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """All that the process says until it falls silent for good. Raises `TimeoutExpired`, or `Refused` for
    too much."""
    pipe = process.stdout.fileno()  # type: ignore[union-attr]
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    said = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise subprocess.TimeoutExpired(process.args, left)
        piece = os.read(pipe, 1 << 16)
        if not piece:
            return bytes(said)
        said += piece
        if len(said) > ANSWER_BYTES:
            raise Refused(Refusal.HOSTILE)


def judge(status: int) -> None:
    """Whose fault an exit status is."""
    if status == NOT_LOCKED:
        raise Unavailable("sandbox")
    if status < 0 and -status in THE_FILES_FAULT:
        raise Refused(Refusal.HOSTILE)
    if status != 0:
        raise Crashed


def understood(answer: bytes, form: Format) -> Made:
    """What the process said, checked: a decoder that was taken over may say anything."""
    renditions: list[Rendered] = []
    at = 0
    try:
        while True:
            end = answer.index(b"\n", at, at + LINE_BYTES)
            line, at = json.loads(answer[at:end]), end + 1
            if "size" not in line:
                break
            content, at = answer[at : at + int(line["size"])], at + int(line["size"])
            renditions.append(checked(line, content, form.kind))
        if "refused" in line:
            raise Refused(Refusal(line["refused"]))
        if "made" not in line or at != len(answer):
            raise Crashed
        return facts(line["made"], renditions)
    except (ValueError, TypeError, KeyError) as error:
        raise Crashed from error


def checked(line: dict[str, Any], content: bytes, kind: Kind) -> Rendered:
    """One rendition that is of the kind it says. Raises ValueError."""
    purpose = Purpose(line["purpose"])
    if purpose is Purpose.PEAKS:
        heights = json.loads(content)
        content = waveform(int(heights["duration_ms"]), [int(height) for height in heights["peaks"]])
        return Rendered(purpose, content)
    form = recognise(content)
    if form is None or form.kind is not kind or OUTPUT_FORMATS[purpose] is not form:
        raise ValueError(purpose)
    if kind is Kind.SOUND:
        return Rendered(purpose, content)
    return Rendered(purpose, content, pixels(line["width"]), pixels(line["height"]))


def facts(said: dict[str, Any], renditions: list[Rendered]) -> Made:
    """What is known about the file. Raises ValueError."""
    if not renditions or len({each.purpose for each in renditions}) != len(renditions):
        raise ValueError("renditions")
    if said["duration_ms"] is not None:
        return Made(renditions, duration_ms=min(max(0, int(said["duration_ms"])), SOUND_SECONDS * 1000))
    if not PLACEHOLDER.fullmatch(said["placeholder"]):
        raise ValueError("placeholder")
    return Made(
        renditions,
        width=pixels(said["width"]),
        height=pixels(said["height"]),
        placeholder=said["placeholder"],
    )


def pixels(value: Any) -> int:
    """A length that a picture can have. Raises ValueError."""
    if not 0 < int(value) <= IMAGE_SIDE:
        raise ValueError("pixels")
    return int(value)
