"""Taking along everything of mine: one ZIP, made while it is sent."""

import json
from collections.abc import Callable, Iterator

from flask import Response, render_template
from flask_babel import gettext

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb
from app.consent.exports import export
from app.extensions import limiter
from app.people.keys import unseal
from app.people.models import Storyteller
from app.people.permissions import Role
from app.stories.models import Story
from app.stories.queries import Words, of_storyteller
from app.stories.rules import Author
from app.web.child_words import BESIDE
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.belongings import Belongings, Said, of_story
from app.web.my_story.mine import my_story
from app.web.sheets import sheet
from app.web.transaction import writes
from app.web.zipping import Member, zipped

FILE_NAME = "my-story.zip"


@bp.get("/my-story/take-along")
@open_to(Audience.CHILD)
def take_along() -> str:
    """What is in it, and who could read it."""
    my_story()
    return render_template("my_story/take_along.html")


@bp.post("/my-story/take-along")
@limiter.limit("10 per minute; 120 per hour")
@open_to(Audience.CHILD)
@writes
def take() -> Response:
    """The ZIP. Everything it needs from the database is read before the first byte leaves."""
    only_fields()
    teller = my_story().storyteller
    stories = of_storyteller(teller.id)
    for story in stories:
        record(Role.CHILD.value, Verb.STORY_TAKEN_ALONG, story.id)
    mine = [of_story(story, number) for number, story in enumerate(reversed(stories), start=1)]
    members = [*_papers(teller, list(stories), mine), *_files(mine)]
    answer = Response(zipped(members, clock.now(), _note_missing()), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _papers(teller: Storyteller, stories: list[Story], mine: list[Belongings]) -> Iterator[Member]:
    """What is made for this: the page to read, tables, records, and the words by themselves."""
    yield _paper("read-me.html", _page(teller, mine).encode())
    yield _paper("answers.csv", _answers(mine))
    yield _paper("messages.csv", _messages(mine))
    yield _paper("consent-records.jsonld", _records(stories))
    for one in mine:
        for told in one.versions:
            words = f"{told.words.title}\n\n{told.words.text}\n".lstrip("\n")
            yield _paper(f"{one.folder}/words-{told.words.number}.txt", words.encode())


def _paper(name: str, content: bytes) -> Member:
    return Member(name, lambda: [content], shrink=True)


def _files(mine: list[Belongings]) -> Iterator[Member]:
    for one in mine:
        for file in one.files:
            yield _file(one, file.name, file.source)
            if file.view:
                yield _file(one, file.view, file.view_source)


def _file(one: Belongings, name: str, source: str) -> Member:
    return Member(name, lambda: one.read(source))


def _page(teller: Storyteller, mine: list[Belongings]) -> str:
    return render_template(
        "my_story/taken_along.html",
        mine=mine,
        beside=BESIDE,
        who=who,
        writer=writer,
        today=clock.now(),
        name=unseal(teller.id, "invented_name", teller.invented_name_sealed),
        region=unseal(teller.id, "region", teller.region_sealed),
        teller=teller,
    )


def _answers(mine: list[Belongings]) -> bytes:
    head = [gettext("Story"), gettext("Day"), gettext("Who"), gettext("Question"), gettext("Answer")]
    head += [gettext("Until"), gettext("Version")]
    rows = [
        (one.folder, said.at.date(), who(said), said.question, said.answer, _day(said), said.version)
        for one in mine
        for said in one.said
    ]
    return sheet(head, rows)


def _day(said: Said) -> str:
    return said.until.date().isoformat() if said.until else ""


def _messages(mine: list[Belongings]) -> bytes:
    head = [gettext("Story"), gettext("Day"), gettext("Who"), gettext("Message")]
    rows = [(one.folder, message.at.date(), writer(message), message.body) for one in mine for message in one.messages]
    return sheet(head, rows)


def writer(message: Words) -> str:
    """Who wrote a message; the team has one voice."""
    return str(gettext("Me") if message.author == Author.CHILD else gettext("The team"))


def who(said: Said) -> str:
    """Who gave an answer; guardians are counted."""
    if not said.who:
        return str(gettext("Me"))
    return str(gettext("My parent or carer %(number)s", number=said.who))


def _records(stories: list[Story]) -> bytes:
    return json.dumps(export(stories), indent=1, ensure_ascii=False).encode()


def _note_missing() -> Callable[[list[str]], Member]:
    """What says, at the end, which files could not be read; its words are made while the language is known."""
    words = gettext("We could not read these files just now. Please take your story along again, or write to us.")
    return lambda names: _paper("not-complete.txt", "\n".join([words, "", *names, ""]).encode())
