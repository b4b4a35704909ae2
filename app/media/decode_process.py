"""The program that decodes: one file on standard input, what was made of it on standard output, nothing else.

It runs alone (`python -I decode_process.py FORMAT`, empty environment) and never loads the rest of the
product: the package `app` is stood in for by an empty shell, so that only the modules of decoding are
imported. It locks itself down after its imports and before its first look at the file.

Answers are lines of JSON, each followed by as many bytes as its `size` says. The last line says `made`,
`refused` (the file's fault) or `failed` (the decoder's).
"""

import importlib
import json
import os
import sys
import types
from pathlib import Path
from typing import IO, Any

CPU_SECONDS = {"image": 60, "sound": 180}
MEMORY = 1 << 30
"""Enough for 50 megapixels with an alpha channel and for 15 minutes of samples, over what the imports
take."""

NOT_LOCKED = 3
"""Exit status: the sandbox could not be set up, nothing was decoded."""


def stand_alone() -> None:
    """Make `app.media` importable without importing `app`, which would load the whole product."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy would start a thread for each processor
    shell = types.ModuleType("app")
    shell.__path__ = [str(Path(__file__).resolve().parent.parent)]
    sys.modules["app"] = shell


def main(word: str) -> int:
    """Decode standard input, a file of format `word`; the exit status."""
    from app.media import lockdown  # noqa: PLC0415  (importable only since stand_alone)
    from app.media.rules import Format, Refusal, Refused  # noqa: PLC0415

    form = Format(word)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    decoder = load_decoder(form)
    decoder.prepare()
    try:
        lockdown.lock(CPU_SECONDS[form.kind], MEMORY)
    except lockdown.NotLocked:
        return NOT_LOCKED
    try:
        made = decoder.render(source, form)
    except Refused as refused:
        return say(out, {"refused": refused.reason})
    except MemoryError:
        return say(out, {"refused": Refusal.HOSTILE})
    except Exception as error:  # noqa: BLE001  (whatever it was, the worker learns its name and no more)
        return say(out, {"failed": type(error).__name__})
    for rendition in made.renditions:
        line = {"purpose": rendition.purpose, "width": rendition.width, "height": rendition.height}
        say(out, line | {"size": len(rendition.content)}, rendition.content)
    facts = {name: getattr(made, name) for name in ("width", "height", "duration_ms", "placeholder")}
    return say(out, {"made": facts})


def load_decoder(form: Any) -> Any:
    """The module that decodes this kind of file; only its libraries are loaded."""
    if form.kind == "image":
        return importlib.import_module("app.media.images")
    return importlib.import_module("app.media.sound")


def say(out: IO[bytes], line: dict[str, Any], content: bytes = b"") -> int:
    """Write one line and the bytes that belong to it; 0, the exit status of an answer."""
    out.write(json.dumps(line).encode() + b"\n" + content)
    out.flush()
    return 0


if __name__ == "__main__":
    stand_alone()
    os._exit(main(sys.argv[1]))  # no clean-up code runs over memory that hostile bytes have touched
