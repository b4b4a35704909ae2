"""What waits for the child, each of it one tap away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import LazyString, lazy_gettext as _

from app import clock
from app.consent.rules import Again, Given, due_again
from app.release.facts import facts_of
from app.release.terms import Facts, Reason
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import Words
from app.stories.rules import Author
from app.web.child_words import AGAIN
from app.web.links import HandOver, hand_overs
from app.web.my_story.another_way import Unanswered
from app.web.my_story.mine import asked_now, seen_of, what_next


@dataclass(frozen=True)
class Waiting:
    """One thing: what it is, and the link that sees to it."""

    drawing: str
    title: LazyString
    words: list[LazyString]
    link: LazyString
    address: str


def links_of(story: Story) -> list[HandOver]:
    """The links that are handed to guardians; none while the story is being erased."""
    return hand_overs(story) if story.erase_after is None else []


def nobody_sees(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nobody can see anything of a story now. `rows` are the verdicts."""
    return not any(row["allowed"] and not row["wordless"] for row in rows)


ABOUT_ANSWERS = ("child_", "guardian_", "key_", "no_key")
"""How reasons begin that an answer can take away."""


def misses_a_yes(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a story is nowhere because not everybody has said yes, and nothing else keeps it away from everywhere.

    What keeps it away stands in every row, but the time to cool off, which is told where nothing else is waited for.
    """
    closed = [row["codes"] for row in rows]
    if any(Reason.COOLING_OFF in codes for codes in closed):
        return False
    return any(codes and all(code.startswith(ABOUT_ANSWERS) for code in codes) for codes in closed)


def seen_now(story: Story, stands: str, rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """What of the child is shown, and what is not; where nobody sees the story, only what is not."""
    hidden = nobody_sees(rows)
    return [(name, grade) for name, grade in seen_of(story, stands).items() if not (hidden and grade)]


def what_follows(
    story: Story,
    stands: str,
    rows: Sequence[Mapping[str, Any]],
    waits: Sequence[Waiting],
    links: Iterable[HandOver],
) -> str:
    """The key of what is said about the time to come: never that a story is shown which is not, or that there is
    nothing to do while something waits."""
    key, links = what_next(story, stands), list(links)
    if key not in (State.SUBMITTED, State.IN_REVIEW, State.APPROVED):
        return key
    if any(link.another_comes for link in links):
        return "again"
    if key == State.APPROVED:
        if not nobody_sees(rows):
            return key
        return "approved-nowhere" if misses_a_yes(rows) else "waits"
    return "waits" if waits or any(link.waits for link in links) else key


def waiting(
    story: Story, rows: Iterable[Mapping[str, Any]], said: list[Words], asked: Iterable[Unanswered]
) -> list[Waiting]:
    """Everything that waits; nothing while the story is being erased. `rows` are the verdicts, `asked` the silent."""
    if story.erase_after is not None:
        return []
    facts = facts_of(story)
    found = [
        final_version(facts),
        change(facts),
        answers(facts, asked_now(story, facts.child)),
        message(said),
        refusal(rows),
    ]
    return [*(one for one in found if one is not None), *map(new_link_due, (one for one in asked if one.ran_out))]


def final_version(facts: Facts) -> Waiting | None:
    """Somebody changed the story to protect the child, who says whether it may be shown like that."""
    if not facts.differs or facts.accepted or facts.refused:
        return None
    return Waiting(
        "show",
        _("We made a version that protects you"),
        [_("Please look at it before anybody else does, and say if it is fine.")],
        _("Look at it"),
        url_for("my_story.look"),
    )


def change(facts: Facts) -> Waiting | None:
    """A version is being changed, and is not sent yet."""
    if facts.state is not State.CHANGES_ASKED:
        return None
    return Waiting(
        "pencil",
        _("Your story can be changed"),
        [_("Nobody can see it until you send it and we have read it.")],
        _("Change my story"),
        url_for("my_story.change"),
    )


def answers(facts: Facts, said: Mapping[str, Given]) -> Waiting | None:
    """Answers that must be given again, of those that can be."""
    due = due_again(said, clock.now(), (facts.own_age, facts.majority), facts.asked_anew)
    if not due:
        return None
    words = [AGAIN[reason] for reason in AGAIN if reason in due]
    title = _("You are old enough") if Again.OWN_AGE in due else _("We ask you again")
    return Waiting("check", title, words, _("Answer again"), url_for("my_story.answers"))


def new_link_due(asked: Unanswered) -> Waiting:
    """Somebody was to get a link from the child, and nobody can answer with it any more."""
    return Waiting(
        "link",
        _("The link for your parent or carer has run out"),
        [_("Nobody answered with it for a long time, so it opens nothing any more.")],
        _("Ask them another way"),
        url_for("my_story.another_way", guardian_id=asked.guardian_id),
    )


def message(said: list[Words]) -> Waiting | None:
    """The team wrote last."""
    if not said or said[-1].author == Author.CHILD:
        return None
    address = url_for("my_story.home", _anchor="messages")
    return Waiting("message", _("We wrote to you"), [], _("Read it"), address)


def refusal(rows: Iterable[Mapping[str, Any]]) -> Waiting | None:
    """A guardian said no where the child said yes."""
    if not any(Reason.GUARDIAN_NO in row["codes"] and not _said_otherwise(row["codes"]) for row in rows):
        return None
    words = [
        _("You said yes to a place, and your parent or carer said no. Both of you may. Nobody did anything wrong."),
        _("It is not shown there. Your other answers stay as they are. Talk about it with them, or write to us."),
    ]
    address = url_for("my_story.home", _anchor="who-sees")
    return Waiting("family", _("Your parent or carer said no"), words, _("See where"), address)


def _said_otherwise(codes: Iterable[Reason]) -> bool:
    """Whether the child did not say yes there."""
    return any(code in (Reason.CHILD_NO, Reason.CHILD_UNSURE, Reason.CHILD_SILENT) for code in codes)
