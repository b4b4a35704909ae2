"""Make the demo's recordings: a synthetic voice (espeak-ng) over computed notes, bells, rain and humming.

Beside each stands what is said in it and when, as WebVTT. Run by hand when a recording should change; the files are
committed. Nobody's voice was recorded.
"""

import io
import subprocess
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from app.stories.cues import Cue, write_vtt
from tools.demo_recordings import instruments
from tools.demo_recordings.instruments import RATE, Sound

BIT_RATE = 22_000
BEFORE, AFTER = 2.0, 2.2
"""Seconds before the first word and behind the last."""

TARGET = Path(__file__).parents[2] / "app/cli/demo_material/recordings"


@dataclass(frozen=True)
class Speaker:
    """A voice of espeak-ng: pitch, speed, and how far it is raised afterwards, as by a smaller mouth."""

    voice: str
    pitch: int = 68
    words_per_minute: int = 118
    raised: float = 1.16


@dataclass(frozen=True)
class Recording:
    """Sentences with pauses, over a bed of sound."""

    name: str
    speaker: Speaker
    bed: Callable[[float, np.random.Generator], Sound]
    sentences: tuple[str, ...]
    pause: float = 0.7

    @property
    def language(self) -> str:
        """The HTML tag of what is said."""
        code = self.name.partition("_")[0]
        return "zh-Hans" if code == "zh" else code


ENGLISH = Speaker("en-gb+f4")
ENGLISH_OLDER = Speaker("en-gb+f2", pitch=58, words_per_minute=125, raised=1.1)
ROMANIAN = Speaker("ro+f4")
ROMANIAN_OLDER = Speaker("ro+f2", pitch=58, words_per_minute=125, raised=1.1)
CHINESE = Speaker("cmn-latn-pinyin+f4", words_per_minute=112)
CHINESE_OLDER = Speaker("cmn-latn-pinyin+f2", pitch=58, words_per_minute=118, raised=1.1)


def speak(speaker: Speaker, sentence: str) -> Sound:
    """One sentence as samples between -1 and 1."""
    manner = ["-p", str(speaker.pitch), "-s", str(speaker.words_per_minute), "-g", "3"]
    command = ["espeak-ng", "-v", speaker.voice, *manner, "--stdout", sentence]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    with wave.open(io.BytesIO(spoken)) as reader:
        rate = reader.getframerate()
        samples = np.frombuffer(reader.readframes(2**30), dtype=np.int16) / 32_768
    at = np.linspace(0, len(samples) - 1, int(len(samples) * RATE / rate / speaker.raised))
    return instruments.softened(np.interp(at, np.arange(len(samples)), samples), 6_500)


RECORDINGS = (
    Recording(
        "en_football",
        ENGLISH,
        instruments.clapping,
        (
            "We won! Three, two!",
            "The ball hit my knee, and I am counting it.",
            "My granny held up the phone the whole game.",
            "But mostly she filmed the sky.",
            "Dad says, it was the best match he ever heard.",
        ),
    ),
    Recording(
        "en_pancakes",
        ENGLISH_OLDER,
        instruments.strings,
        (
            "Six potatoes. One onion. One egg. Salt.",
            "More salt.",
            "No, that is too much.",
            "Hold one up to the camera.",
            "One more minute.",
            "It is always true.",
        ),
    ),
    Recording(
        "en_soup",
        ENGLISH,
        instruments.rain,
        (
            "At granny's, the spoon can stand in the soup.",
            "At mum's, the spoon can swim.",
            "I like both.",
            "I tell her, this one is the best.",
            "And it is true, on that day.",
        ),
    ),
    Recording(
        "ro_sarmale",
        ROMANIAN_OLDER,
        instruments.quick_strings,
        (
            "O varză murată. Orez. O ceapă. Mărar.",
            "Și mama, pe difuzor.",
            "Cât să pun? Cât cuprinde!",
            "Acum trebuie să miroasă.",
            "Și chiar atunci miroase.",
        ),
    ),
    Recording(
        "ro_avion",
        ROMANIAN,
        instruments.bells,
        (
            "Este marți. Patru fără zece.",
            "Vine! Vine avionul!",
            "Bună ziua, domnule pilot!",
            "Eu sunt punctul verde.",
            "Câinele este punctul maro.",
        ),
    ),
    Recording(
        "ro_dimineata",
        ROMANIAN,
        instruments.humming,
        (
            "Bună dimineața, mama.",
            "Aici e soare.",
            "Am mâncat ou. Am băut lapte.",
            "Motanul a dormit pe perna ta.",
            "Eu nu l-am lăsat. Bine, l-am lăsat.",
            "Te pup. Pa, mama.",
        ),
    ),
    Recording(
        "zh_dumplings",
        CHINESE,
        instruments.quick_strings,
        (
            "奶奶包的饺子像元宝。",
            "我包的饺子，像小老鼠。",
            "一百，一百零一，一百零二。",
            "这两个，是给爸爸妈妈的。",
            "里面有花生哦！",
        ),
    ),
    Recording(
        "zh_phone",
        CHINESE,
        instruments.strings,
        (
            "喂，妈妈，你听得见吗？",
            "妈妈，你又卡住了。",
            "我给你截个图。",
            "三十八张啦！",
            "好了，好了，你动了。",
        ),
    ),
    Recording(
        "zh_boat",
        CHINESE_OLDER,
        instruments.rain,
        (
            "爷爷的船，没有马达。",
            "他说，有马达的船，是去办事的。",
            "没有马达的船，是去想事的。",
            "我们不着急。",
        ),
    ),
    Recording(
        "zh_hands",
        CHINESE,
        instruments.clapping,
        (
            "大手，是妈妈的。",
            "小手，是我的。",
            "我把小手，放在大手里面。",
            "一，二，三，四，五。",
            "刚刚好！",
        ),
    ),
)


def make(recording: Recording, spoken: list[Sound]) -> Sound:
    """The whole recording as samples, faded in and out; `spoken` are its sentences."""
    rng = np.random.default_rng(list(recording.name.encode()))
    silence = np.zeros(int(RATE * recording.pause))
    parts = [np.zeros(int(RATE * BEFORE))]
    for sentence in spoken:
        parts += [sentence / (np.abs(sentence).max() + 1e-9) * 0.5, silence]
    voice = instruments.in_a_room(np.concatenate([*parts, np.zeros(int(RATE * AFTER))]), rng)
    bed = recording.bed(len(voice) / RATE, rng)
    bed = np.pad(bed, (0, max(0, len(voice) - len(bed))))[: len(voice)]
    mixed = voice + bed
    fade = np.minimum(1, np.minimum(np.arange(len(mixed)), np.arange(len(mixed))[::-1]) / (RATE * 0.8))
    loudest: Sound = mixed * fade / np.abs(mixed).max() * 0.8
    return loudest


def cues_of(recording: Recording, spoken: list[Sound]) -> list[Cue]:
    """Each sentence, and when it is said."""
    cues, at = [], BEFORE
    for words, sentence in zip(recording.sentences, spoken, strict=True):
        end = at + len(sentence) / RATE
        cues.append(Cue(round(at * 1000), round(end * 1000), words))
        at = end + recording.pause
    return cues


def save(sound: Sound, path: Path) -> None:
    """Write mono Opus in Ogg."""
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options={"vbr": "constrained"})
        stream.bit_rate = BIT_RATE
        samples = (sound * 32_767).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    for one in RECORDINGS:
        said = [speak(one.speaker, words) for words in one.sentences]
        save(make(one, said), TARGET / f"{one.name}.ogg")
        (TARGET / f"{one.name}.vtt").write_text(write_vtt(cues_of(one, said), one.language), encoding="utf-8")
