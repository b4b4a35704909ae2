"""Which clips there are and what each of them says; the manifest beside them says the same by fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.consent import texts
from app.people.rules import Locale
from app.web import speech
from tools.speech.make_speech import make

MANIFEST = "manifest.json"

Words = dict[str, str]
"""What is said, by `locale/name` of the clip."""


def consent_words() -> Words:
    """All of the consent texts that have sounds, but the titles; the first version had none."""
    return {
        f"{text.locale}/{text_id}-{version}-{name}": texts.spoken(text, name)
        for text_id in texts.TEXT_IDS
        for version in texts.versions(text_id)
        for text in texts.translations(text_id, version)
        if text.groups
        for name in (*text.questions, *texts.AROUND)
    }


def page_words() -> Words:
    """Every sentence that the child's page says aloud."""
    return {f"{locale}/{key}": words for locale in Locale for key, words in speech.sentences(locale).items()}


def fingerprint(words: str) -> str:
    """SHA-256 (hex) of what is said."""
    return hashlib.sha256(words.encode()).hexdigest()


def update(folder: Path, words: Mapping[str, str]) -> int:
    """Make the clips that are missing or outdated, delete those that are left over, and say so in the manifest."""
    manifest = folder / MANIFEST
    said = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    wanted = {name: fingerprint(sentence) for name, sentence in words.items()}
    due = [name for name in wanted if said.get(name) != wanted[name] or not clip(folder, name).exists()]
    for locale in Locale:
        (folder / locale).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as speakers:
        made = speakers.map(lambda name: make(words[name], name.partition("/")[0]), due)
        for name, content in zip(due, made, strict=True):
            clip(folder, name).write_bytes(content)
    for path in folder.glob("*/*.mp3"):
        if f"{path.parent.name}/{path.stem}" not in wanted:
            path.unlink()
    manifest.write_text(json.dumps(wanted, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return len(due)


def clip(folder: Path, name: str) -> Path:
    """Where a clip lies."""
    return folder / f"{name}.mp3"
