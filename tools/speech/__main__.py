"""`python -m tools.speech`: speak every sentence whose clip is not there yet or says something else.

It needs Debian's `espeak-ng`. Beside the clips lies a manifest with the SHA-256 of the words that each one says;
clips that nothing asks for any more are deleted. `--all` speaks everything again, after the voice was changed.
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app import create_app
from app.config import Settings
from app.consent import texts
from app.consent.publishing import versions
from app.people.rules import Locale
from app.web import speech
from tools.speech.make_speech import make

Words = dict[str, str]
"""What is said, by `locale/name` of the clip."""


def consent_words() -> Words:
    """Every question of the consent texts that have sounds; the first version had none."""
    return {
        f"{locale}/{text_id}-{version}-{name}": texts.spoken(text, name)
        for locale in Locale
        for text_id in texts.TEXT_IDS
        for version in versions(text_id)
        if (text := texts.load(text_id, version, locale)).groups
        for name in text.questions
    }


def page_words() -> Words:
    """Every sentence that the child's page says aloud."""
    return {f"{locale}/{key}": words for locale in Locale for key, words in speech.sentences(locale).items()}


def fingerprint(words: str) -> str:
    """SHA-256 (hex) of what is said."""
    return hashlib.sha256(words.encode()).hexdigest()


def update(folder: Path, words: Mapping[str, str]) -> int:
    """Make the clips that are missing or outdated, delete those that are left over, and say so in the manifest."""
    manifest = folder / "manifest.json"
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


if __name__ == "__main__":
    if "--all" in sys.argv[1:]:
        for folder in (texts.SPEECH, speech.FOLDER):
            (folder / "manifest.json").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as nowhere:
        app = create_app(Settings(data_dir=Path(nowhere, "data"), keyring=Path(nowhere, "keyring.json")))
        with app.app_context():
            spoken = {texts.SPEECH: consent_words(), speech.FOLDER: page_words()}
    for folder, words in spoken.items():
        print(f"{update(folder, words)} of {len(words)} clips made in {folder.name}/")
