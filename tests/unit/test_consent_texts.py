"""The consent texts: whole in every language and channel, plain for children, and never promising too much."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.consent import texts
from app.consent.publishing import digests, gaps
from app.consent.rules import ATTRIBUTE_VALUES, Attribute, Scope
from app.consent.texts import GROUPS, TEXT_IDS, ConsentText, load, names, spoken, versions
from app.people.rules import Locale

LOCALES = [locale.value for locale in Locale]
SENTENCE = re.compile(r"[^.!?]+[.!?]")
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
LONG, VERY_EASY = 6, 30
WRITTEN = {
    "child-1.en": "56f17019a8e97dfb",
    "child-1.ro": "92f224b1708de3e4",
    "child-1.zh": "6a5fb19f940e82e0",
    "child-2.en": "70c6f7e95bc05fc1",
    "child-2.it": "e50ea650e4f67250",
    "child-2.ro": "56d3256132ad3653",
    "child-2.zh": "e8b09755a808a974",
    "child-3.en": "f3c684efa749ace0",
    "child-3.it": "a6e30d7d0aaf73c3",
    "child-3.ro": "9b72bcefaeadfb0a",
    "child-3.zh": "d9636edadf855313",
    "guardian-1.en": "76eb0cf2f56768fb",
    "guardian-1.ro": "aed92336df675706",
    "guardian-1.zh": "91e697ddf937c03a",
    "guardian-2.en": "0c689f441f282b8d",
    "guardian-2.it": "04232a7b45468317",
    "guardian-2.ro": "41ddd9470fb701f4",
    "guardian-2.zh": "d0490445130afe09",
    "guardian-3.en": "4ac2223b8916c0bb",
    "guardian-3.it": "c2287256e4cdd428",
    "guardian-3.ro": "4e66c7a8dacf046a",
    "guardian-3.zh": "b8aa2565b5909088",
}
"""How the SHA-256 of each text begins."""
WAYS = ("audio", "audio/closing", "audio/intro", "pictogram", "text")
ASKED = {*(scope.value for scope in Scope), *(attribute.value for attribute in Attribute), "campaign"}


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The texts and their sounds in a folder that a test may spoil."""
    for name in ("texts", "speech"):
        shutil.copytree(texts.FOLDER.parent / name, tmp_path / name)
    monkeypatch.setattr(texts, "FOLDER", tmp_path / "texts")
    monkeypatch.setattr(texts, "SPEECH", tmp_path / "speech")
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


def newest(text_id: str, locale: str) -> ConsentText:
    return load(text_id, versions(text_id)[-1], locale)


def test_every_scope_and_every_attribute_has_its_question() -> None:
    assert sorted(names("child")) == sorted(ASKED)
    assert sorted(names("guardian")) == sorted(ASKED - {"keep_private"})


@pytest.mark.parametrize("text_id", TEXT_IDS)
def test_the_newest_version_is_whole(text_id: str) -> None:
    assert versions(text_id) == [1, 2, 3]
    assert [list(gaps(text_id, version)) for version in (2, 3)] == [[], []]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text_id", TEXT_IDS)
def test_nothing_is_asked_that_is_not_known(text_id: str, locale: str) -> None:
    text = newest(text_id, locale)
    assert tuple(text.questions) == names(text_id)
    assert tuple(text.explanations) == names(text_id)
    assert tuple(text.groups) == tuple(GROUPS)
    assert set(text.choices) == {*ATTRIBUTE_VALUES[Attribute.VOICE], "unsure"}


@pytest.mark.parametrize("text_id", TEXT_IDS)
def test_the_languages_say_equally_much(text_id: str) -> None:
    shapes = {(len(text.intro), len(text.closing)) for text in (newest(text_id, locale) for locale in LOCALES)}
    assert len(shapes) == 1


def test_the_first_version_lacks_what_was_not_asked_then() -> None:
    assert "en/text/questions.keep_private" in gaps("child", 1)


SPOILED = {
    "zh/text/child-2.zh.toml": ("texts/child-2.zh.toml", None),
    "en/text/questions.archive": ("texts/child-2.en.toml", 'archive = "May an archive'),
    "ro/text/explanations.voice": ("texts/child-2.ro.toml", 'voice = "Vocea'),
    "en/text/choices.altered": ("texts/child-2.en.toml", 'altered = "'),
    "ro/text/groups.more": ("texts/child-2.ro.toml", 'more = "'),
    "zh/audio/child-2-face.mp3": ("speech/zh/child-2-face.mp3", None),
    "ro/audio/child-2-intro.mp3": ("speech/ro/child-2-intro.mp3", None),
    "it/audio/child-2-closing.mp3": ("speech/it/child-2-closing.mp3", None),
}
"""What is missing, by the file and the beginning of the line that is taken away."""


@pytest.mark.parametrize("gap", SPOILED)
def test_what_is_missing_is_named(copied: Path, gap: str) -> None:
    name, line = SPOILED[gap]
    path = copied / name
    if line is None:
        path.unlink()
    else:
        path.write_text(re.sub(rf"^{re.escape(line)}.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    assert list(gaps("child", 2)) == [gap]


def test_a_picture_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(texts.PICTURES, tmp_path / "place")
    (tmp_path / "place" / "recontact.svg").unlink()
    monkeypatch.setattr(texts, "PICTURES", tmp_path / "place")
    assert list(gaps("guardian", 2)) == [f"{locale}/pictogram/recontact.svg" for locale in LOCALES]


def test_the_digest_of_the_words_is_the_one_an_answer_is_bound_to() -> None:
    found = digests("guardian", 2)
    assert sorted(found) == sorted(f"{locale}/{way}" for locale in LOCALES for way in WAYS)
    assert {locale: found[f"{locale}/text"] for locale in LOCALES} == {
        locale: load("guardian", 2, locale).sha256 for locale in LOCALES
    }
    assert len({found[f"{locale}/audio"] for locale in LOCALES}) == len(LOCALES)


@pytest.mark.parametrize(
    ("name", "key"), [("gallery", "ro/audio"), ("intro", "ro/audio/intro"), ("closing", "ro/audio/closing")]
)
def test_a_changed_sound_changes_its_digest_and_no_other(copied: Path, name: str, key: str) -> None:
    before = digests("child", 2)
    (copied / "speech" / "ro" / f"child-2-{name}.mp3").write_bytes(b"somebody else")
    after = digests("child", 2)
    assert {one for one in before if before[one] != after[one]} == {key}


def test_no_text_is_edited_once_somebody_may_have_answered_it() -> None:
    """Answers are bound to these words. Whoever changes one writes a new version, and adds it here."""
    assert {path.stem: load(*named(path.stem)).sha256[:16] for path in texts.FOLDER.glob("*.toml")} == WRITTEN
    assert len(set(WRITTEN.values())) == len(WRITTEN)


def named(stem: str) -> tuple[str, int, str]:
    """The id, the version and the language in the name of a text's file."""
    name, _, locale = stem.partition(".")
    text_id, _, version = name.partition("-")
    return text_id, int(version), locale


def told(locale: str) -> str:
    """All that a child reads of the newest text."""
    text = newest("child", locale)
    return " ".join([*text.intro, *text.questions.values(), *text.explanations.values(), *text.closing])


@pytest.mark.parametrize("locale", ["en", "it", "ro"])
def test_a_child_of_eight_can_read_the_sentences(locale: str) -> None:
    """Short ones, of short words: by Björnsson's readability index (LIX, 1968) books for children lie below 30."""
    lengths = [len(sentence.split()) for sentence in SENTENCE.findall(told(locale))]
    assert len(lengths) > 50
    assert max(lengths) <= 20
    assert sum(lengths) / len(lengths) <= 10
    words = WORD.findall(told(locale))
    long = [word for word in words if len(word) > LONG]
    assert len(words) / len(lengths) + 100 * len(long) / len(words) < VERY_EASY


def test_a_child_of_eight_can_read_the_sentences_in_chinese() -> None:
    """Sentences of at most forty signs, in parts that one breath can hold."""
    words = told("zh")
    lengths = [len(sentence.strip()) for sentence in re.findall("[^。？！]+[。？！]", words)]
    assert len(lengths) > 50
    assert max(lengths) <= 40
    assert sum(lengths) / len(lengths) <= 20
    assert max(len(part.strip()) for part in re.findall("[^，。？！：；、“”]+", words)) <= 18


def everything(text: ConsentText) -> str:
    mappings = (text.questions, text.explanations, text.choices, text.groups)
    return " ".join([text.title, *text.intro, *(words for one in mappings for words in one.values()), *text.closing])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text_id", TEXT_IDS)
def test_an_altered_voice_is_never_called_anonymous(text_id: str, locale: str) -> None:
    assert re.findall("anonym|anonim|匿名", everything(newest(text_id, locale)), re.IGNORECASE) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_guardian_reads_how_long_a_yes_lasts_and_when_they_are_reminded(locale: str) -> None:
    numbers = [re.findall(r"\d+", paragraph) for paragraph in newest("guardian", locale).closing]
    assert [found for found in numbers if found] == [["24", "60", "30", "7"]]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text_id", TEXT_IDS)
def test_what_stands_around_the_questions_is_spoken_word_for_word(text_id: str, locale: str) -> None:
    text = newest(text_id, locale)
    assert spoken(text, "intro").splitlines() == list(text.intro)
    assert spoken(text, "closing").splitlines() == list(text.closing)


def test_the_answers_about_the_voice_are_spoken_too() -> None:
    text = newest("child", "en")
    assert spoken(text, "press") == f"{text.questions['press']}\n{text.explanations['press']}"
    assert spoken(text, "voice").splitlines()[2:] == [f"{words}." for words in text.choices.values()]
