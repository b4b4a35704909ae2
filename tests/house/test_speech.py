"""Every clip says what the page says: a sentence that changed must be spoken again (`python -m tools.speech`)."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from flask import Flask

from app.consent import texts
from app.errors import NotFound
from app.media import loudness
from app.people.rules import Locale
from app.web import speech
from tools.speech.clips import MANIFEST, consent_words, fingerprint, page_words
from tools.speech.make_speech import LUFS

FRAME = b"\xff\xf3"
"""How a frame of MPEG-2 layer 3 without a checksum begins."""
KBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
HERTZ = (22_050, 24_000, 16_000)
MEGABYTE = 1_000_000
FOLDERS = {"app/consent/speech": texts.SPEECH, "app/web/speech": speech.FOLDER}


@pytest.fixture
def said(app: Flask) -> dict[str, dict[str, str]]:
    """What the clips of each folder have to say, by `locale/name`."""
    with app.app_context():
        return {"app/consent/speech": consent_words(), "app/web/speech": page_words()}


def clips_in(folder: Path) -> dict[str, Path]:
    return {f"{path.parent.name}/{path.stem}": path for path in folder.glob("*/*.mp3")}


def decoded(content: bytes) -> loudness.Samples:
    """The samples, at the rate in which loudness is measured."""
    with av.open(io.BytesIO(content), format="mp3") as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=loudness.RATE)
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_clip_says_the_sentence_of_today(said: dict[str, dict[str, str]], folder: str) -> None:
    manifest = json.loads((FOLDERS[folder] / MANIFEST).read_text(encoding="utf-8"))
    assert len(manifest) > 90, "the search found almost nothing, so it proves nothing"
    wanted = {name: fingerprint(words) for name, words in said[folder].items()}
    assert {name for name, digest in wanted.items() if manifest.get(name) != digest} == set()
    assert sorted(manifest) == sorted(wanted) == sorted(clips_in(FOLDERS[folder]))


def test_a_changed_sentence_is_noticed() -> None:
    assert fingerprint("You said no.") != fingerprint("You said no!")


def test_the_clips_are_small() -> None:
    clips = {path.read_bytes() for folder in FOLDERS.values() for path in clips_in(folder).values()}
    assert 200 * 4_000 < sum(map(len, clips)) < 8 * MEGABYTE  # in four languages; what two versions say alike, once


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_clip_is_frames_and_nothing_else(folder: str) -> None:
    for path in clips_in(FOLDERS[folder]).values():
        content = path.read_bytes()
        lengths = list(frame_lengths(content))
        assert sum(lengths) == len(content), path
        for header in (b"Xing", b"Info"):
            assert header not in content[: lengths[0]], path


def frame_lengths(content: bytes) -> Iterator[int]:
    """The lengths of the frames, each as it says of itself, for as long as one follows another."""
    start = 0
    while content[start : start + 2] == FRAME:
        about = content[start + 2]
        length = 72_000 * KBITS[about >> 4] // HERTZ[about >> 2 & 3] + (about >> 1 & 1)
        yield length
        start += length


@pytest.mark.parametrize("locale", [locale.value for locale in Locale])
def test_a_clip_can_be_heard(locale: str) -> None:
    for folder in FOLDERS.values():
        paths = sorted((folder / locale).glob("*.mp3"))
        long = [path for path in paths if path.stem.endswith(texts.AROUND)]
        for path in {*paths[:: max(1, len(paths) // 8)], *long}:
            samples = decoded(path.read_bytes())
            least, most = (15, 100) if path in long else (1, 40)
            assert least < len(samples) / loudness.RATE < most, path
            assert loudness.integrated(samples) == pytest.approx(LUFS, abs=1.5), path


def test_clips_are_put_in_a_row() -> None:
    keys = ["not_shown", "reason-child_no", "reason-guardian_silent"]
    alone = [len(decoded(speech.clips("ro", [key]))) for key in keys]
    assert len(decoded(speech.clips("ro", keys))) == pytest.approx(sum(alone), abs=3 * 2 * 1_152 * 2)
    assert speech.clips("ro", keys) == b"".join(speech.clips("ro", [key]) for key in keys)


def test_what_is_not_in_the_vocabulary_is_not_spoken() -> None:
    for key in ("reason-unheard_of", "../manifest", ""):
        with pytest.raises(NotFound):
            speech.clips("en", [key])
