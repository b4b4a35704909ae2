"""Seeding the words beside the demo's stories: a curator writes them, and a second one checks each."""

from collections.abc import Mapping
from datetime import timedelta

from app import clock
from app.cli.demo_material.beside import MadeUpWords
from app.cli.demo_material.story import MadeUpStory
from app.curation.worded import Worded, find, note_looks
from app.curation.wording import KIND_OF, Place, accept_words, send_back, write_words
from app.people.models import Staff
from app.stories.models import Story

WRITTEN_AFTER = timedelta(hours=3)
"""How long after it was handed in; then it is approved."""
CHECKED_AFTER = timedelta(hours=4)


def add_words(story: Story, made_up: MadeUpStory, members: Mapping[str, Staff]) -> None:
    """Everything that the team puts beside one story, each at the moment at which it would have been done."""
    told = clock.now() - made_up.age
    for words in made_up.beside:
        writer, checker = parts_of(words, members)
        with clock.fixed(told + WRITTEN_AFTER):
            worded = look(story, writer)
            place = place_of(worded, words)
            row = write_words(writer, worded, place, words.said, "")
        with clock.fixed(told + CHECKED_AFTER):
            if words.checked:
                accept_words(checker, look(story, checker), row.id, answered=True)
            elif words.sent_back:
                send_back(checker, look(story, checker), row.id, words.sent_back)


def parts_of(words: MadeUpWords, members: Mapping[str, Staff]) -> tuple[Staff, Staff]:
    """Who writes and who checks; what waits was written by the second, so that it waits for the first to log in."""
    first, second = members["curator"], members["second-curator"]
    return (first, second) if words.checked or words.sent_back else (second, first)


def look(story: Story, member: Staff) -> Worded:
    """Somebody opens a story to write beside it, and the log says so."""
    worded = find(story.id, lock=True)
    note_looks(member, [worded])
    return worded


def place_of(worded: Worded, words: MadeUpWords) -> Place:
    """What made-up words are about: the first file of their kind, or the whole story."""
    kind = KIND_OF.get(words.kind)
    about = next(asset.id for asset in worded.words.assets if asset.kind is kind) if kind else ""
    return Place(words.kind, about, words.locale)
