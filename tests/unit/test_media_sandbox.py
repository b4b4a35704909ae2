"""The decode process: what it may do, how it dies, and what its worker makes of that."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.errors import Unavailable
from app.media import sandbox
from app.media.rules import RENDITION_TYPES, Format, Purpose, Refused
from tests.factories import hostile_media, media

ROOT = Path(sandbox.__file__).parent.parent.parent

PROBE = """
import ctypes, json, mmap, os, signal, socket, subprocess, sys, threading
sys.path.insert(0, {folder!r})
import decode_process
decode_process.stand_alone()
from app.media import lockdown
libc = ctypes.CDLL(None, use_errno=True)
parent, loaded = os.getppid(), sorted(name for name in sys.modules if name.startswith("app"))
lock = {lock}
if lock:
    lockdown.lock(5, 1 << 28)

def tried(act):
    try:
        act()
    except OSError as error:
        return error.errno
    except Exception as error:
        return type(error).__name__
    return 0

def called(*arguments):
    ctypes.set_errno(0)
    if libc.syscall(*arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")

def in_a_thread():
    thread = threading.Thread(target=sum, args=([1, 2],))
    thread.start()
    thread.join()

print(json.dumps({{
    "modules": loaded,
    "environment": sorted(os.environ),
    "open": tried(lambda: os.open("/etc/passwd", os.O_RDONLY)),
    "open to write": tried(lambda: os.open("/tmp", os.O_TMPFILE | os.O_WRONLY)),
    "list": tried(lambda: os.listdir("/")),
    "stat": tried(lambda: os.stat("/etc/passwd")),
    "socket": tried(socket.socket),
    "unix socket": tried(lambda: socket.socket(socket.AF_UNIX)),
    "fork": tried(lambda: os.fork() or os._exit(0)),
    "execute": tried(lambda: lock and os.execv("/bin/true", ["true"])),
    "signal the worker": tried(lambda: os.kill(parent, 0)),
    "trace the worker": tried(lambda: lock and called({ptrace}, 16, parent, 0, 0)),
    "read the worker's memory": tried(lambda: called({vm_readv}, parent, 0, 0, 0, 0, 0)),
    "memory to execute": tried(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_EXEC | mmap.PROT_READ)),
    "raise a limit": tried(lambda: __import__("resource").setrlimit(7, (99, 99))),
    "memory": tried(lambda: bytearray(1 << 29)),
    "a thread": tried(in_a_thread),
    "arithmetic": tried(lambda: sum(range(10))),
}}))
"""
NUMBERS = {"x86_64": {"ptrace": 101, "vm_readv": 310}, "aarch64": {"ptrace": 117, "vm_readv": 270}}


def probe(lock: bool) -> dict[str, object]:
    code = PROBE.format(folder=str(ROOT / "app" / "media"), lock=lock, **NUMBERS[os.uname().machine])
    done = subprocess.run([sys.executable, "-I", "-c", code], env={}, capture_output=True, check=True, timeout=30)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_a_locked_process_can_only_compute() -> None:
    answer = probe(lock=True)
    assert answer.pop("modules") == ["app", "app.media", "app.media.lockdown"]
    assert answer.pop("environment") == ["LC_CTYPE", "OPENBLAS_NUM_THREADS"]  # both set by itself
    assert answer.pop("memory") == "MemoryError"
    assert answer.pop("raise a limit") == "ValueError"  # what Python makes of EPERM here
    assert {key for key, value in answer.items() if value == 0} == {"a thread", "arithmetic"}
    assert set(answer.values()) == {0, 1}  # 1 is EPERM


def test_without_the_lock_the_same_process_can_do_it() -> None:
    """So that the test above can fail."""
    answer = probe(lock=False)
    for act in ("open", "list", "stat", "socket", "unix socket", "memory to execute", "memory", "signal the worker"):
        assert answer[act] == 0, act


def test_a_picture_comes_back() -> None:
    made = sandbox.decode([media.jpeg()], Format.JPEG)
    assert (made.width, made.height) == (900, 600)
    assert [each.purpose for each in made.renditions][-1] is Purpose.IMAGE_AVIF_320


def test_a_recording_comes_back() -> None:
    data = media.recording("m4a")
    made = sandbox.decode([data[:100], data[100:]], Format.MP4)
    assert made.duration_ms == pytest.approx(3000, abs=60)


@pytest.mark.parametrize("form", media.PICTURES)
def test_each_picture_decodes_behind_the_lock(form: Format) -> None:
    made = sandbox.decode([media.PICTURES[form]()], form)
    assert {RENDITION_TYPES[each.purpose][0] for each in made.renditions} == {"image/webp", "image/jpeg", "image/avif"}


@pytest.mark.parametrize("recipe", media.RECIPES)
def test_each_recording_decodes_behind_the_lock(recipe: str) -> None:
    assert len(sandbox.decode([media.recording(recipe)], media.RECIPES[recipe][0]).renditions) == 3


@pytest.mark.parametrize("name", [name for name, twin in hostile_media.TWINS.items() if twin.when == "decoded"])
def test_a_hostile_twin_is_refused(name: str) -> None:
    twin = hostile_media.TWINS[name]
    data = twin.make()
    form = next(form for form in Format if sandbox.recognise(data) is form)
    with pytest.raises(Refused) as caught:
        sandbox.decode([data], form)
    assert caught.value.reason is twin.reason


def decoders() -> Iterator[int]:
    """The decode processes that this process has started."""
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(OSError):  # threads and processes end while we look
            for child in (task / "children").read_text().split():
                if "decode_process" in Path(f"/proc/{child}/cmdline").read_text():
                    yield int(child)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (signal.SIGKILL, sandbox.Crashed),
        (signal.SIGTERM, sandbox.Crashed),
        (signal.SIGSEGV, Refused),
        (signal.SIGXCPU, Refused),
    ],
)
def test_the_worker_survives_any_death_of_the_decoder(number: int, error: type[Exception]) -> None:
    def kill_it() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for child in decoders():
                os.kill(child, number)
                return
            time.sleep(0.002)

    killer = threading.Thread(target=kill_it)
    killer.start()
    with pytest.raises(error):
        sandbox.decode([media.recording("wav", seconds=30)], Format.WAV)
    killer.join()
    assert list(decoders()) == []


def test_a_decoder_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", {"sound": 0.05})
    with pytest.raises(sandbox.Crashed):
        sandbox.decode([media.recording("wav")], Format.WAV)
    assert list(decoders()) == []


def program(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let something else be the decode process."""
    path = tmp_path / "decode_process.py"
    path.write_text(code)
    monkeypatch.setattr(sandbox, "PROGRAM", path)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("raise SystemExit(3)", Unavailable),
        ("raise SystemExit(1)", sandbox.Crashed),
        ("pass", sandbox.Crashed),
        ('print(\'{"failed": "KeyError"}\')', sandbox.Crashed),
        ('print(\'{"refused": "too_long"}\')', Refused),
        ('print(\'{"refused": "because"}\')', sandbox.Crashed),
        ("print('[]')", sandbox.Crashed),
        ("print('x' * 9999)", sandbox.Crashed),
        ("import sys\nwhile True: sys.stdout.write('x' * 1000000)", Refused),
        ("import os; os.abort()", Refused),
    ],
)
def test_how_an_end_is_judged(
    code: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, code, monkeypatch)
    with pytest.raises(error):
        sandbox.decode([b"x"], Format.JPEG)


MADE = '{"made": {"width": 9, "height": 9, "duration_ms": null, "placeholder": "data:image/webp;base64,AAAA"}}'


@pytest.mark.parametrize(
    "lie",
    [
        MADE,  # no renditions at all
        '{"purpose": "image-320", "width": 9, "height": 9, "size": 5}\n<svg>' + MADE,
        '{"purpose": "image-320", "width": 9, "height": 9, "size": -5}\n' + MADE,
        '{"purpose": "index.html", "width": 9, "height": 9, "size": 12}\nRIFF1234WEBP' + MADE,
        '{"purpose": "image-320", "width": 9, "height": -9, "size": 12}\nRIFF1234WEBP' + MADE,
        2 * '{"purpose": "image-320", "width": 9, "height": 9, "size": 12}\nRIFF1234WEBP' + MADE,
        '{"purpose": "image-320", "width": 9, "height": 9, "size": 12}\nRIFF1234WEBP' + MADE.replace("AAAA", "A')"),
        '{"purpose": "image-320", "width": 9, "height": 9, "size": 12}\nRIFF1234WEBP' + MADE + "\nmore",
        '{"purpose": "peaks", "width": null, "height": null, "size": 2}\n{}' + MADE,
    ],
)
def test_a_decoder_that_was_taken_over_is_not_believed(
    lie: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, f"print({lie!r})", monkeypatch)
    with pytest.raises(sandbox.Crashed):
        sandbox.decode([b"x"], Format.JPEG)


def test_the_truth_in_the_same_words_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = '{"purpose": "image-320", "width": 9, "height": 9, "size": 12}\nRIFF1234WEBP' + MADE
    program(tmp_path, f"print({truth!r})", monkeypatch)
    assert sandbox.decode([b"x"], Format.JPEG).renditions[0].content == b"RIFF1234WEBP"


def test_without_a_process_to_start_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable):
        sandbox.decode([media.jpeg()], Format.JPEG)


def test_the_error_of_a_damaged_source_passes_through() -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise Unavailable("store")

    with pytest.raises(Unavailable):
        sandbox.decode(broken(), Format.JPEG)
