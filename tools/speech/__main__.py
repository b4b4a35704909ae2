"""`python -m tools.speech`: speak every sentence whose clip is not there yet or says something else.

It needs Debian's `espeak-ng` and the compiled translations. Beside the clips lies a manifest with the SHA-256 of the
words that each one says; clips that nothing asks for any more are deleted. `--all` speaks everything again, after the
voice was changed.
"""

import sys
import tempfile
from pathlib import Path

from app import create_app
from app.config import Settings
from app.consent import texts
from app.web import speech
from tools.speech.clips import MANIFEST, consent_words, page_words, update

if "--all" in sys.argv[1:]:
    for folder in (texts.SPEECH, speech.FOLDER):
        (folder / MANIFEST).unlink(missing_ok=True)

with tempfile.TemporaryDirectory() as nowhere:
    app = create_app(Settings(data_dir=Path(nowhere, "data"), keyring=Path(nowhere, "keyring.json")))
    with app.app_context():
        spoken = {texts.SPEECH: consent_words(), speech.FOLDER: page_words()}
for folder, words in spoken.items():
    print(f"{update(folder, words)} of {len(words)} clips made in {folder.relative_to(Path.cwd())}")
