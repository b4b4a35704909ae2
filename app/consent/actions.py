"""Answers are given, changed and taken back; guardians are asked."""

from collections.abc import Mapping
from datetime import datetime

from app import clock
from app.adapters import outside
from app.audit.actions import record
from app.audit.rules import Verb
from app.consent import queries
from app.consent.models import Answer
from app.consent.rules import Method, Party, Scope, Value, check_answer, expires
from app.consent.texts import ConsentText, current
from app.errors import Conflict, NotAllowed
from app.extensions import db
from app.mail import letters
from app.people.actions import issue_link
from app.people.keys import unseal
from app.people.letters import post
from app.people.models import Guardian, Storyteller
from app.stories.actions import lock
from app.stories.lifecycle import State
from app.stories.models import Story


def answer_as_child(story: Story, values: Mapping[str, str], text: ConsentText) -> None:
    """The child answers; values by scope."""
    lock(story)
    _append(story, Party.CHILD, None, values, text, Method.SELF, _written(story))
    record(Party.CHILD.value, Verb.ANSWERS_GIVEN, story.id, answers=len(values))


def answer_as_guardian(
    story: Story, guardian: Guardian, values: Mapping[str, str], text: ConsentText, *, version: int
) -> None:
    """A guardian answers by link about the version they were shown.

    Raises `Conflict` when the story has a newer version, `NotAllowed` when the guardian is somebody else's.
    """
    if guardian.storyteller_id != story.storyteller_id:
        raise NotAllowed
    lock(story)
    if version != story.current:
        raise Conflict("older_version")
    _append(story, Party.GUARDIAN, guardian.id, values, text, Method.LINK, version)
    record(f"guardian:{guardian.id}", Verb.ANSWERS_GIVEN, story.id, answers=len(values))


def _append(
    story: Story,
    party: Party,
    guardian_id: str | None,
    values: Mapping[str, str],
    text: ConsentText,
    method: Method,
    version: int,
) -> None:
    if story.state is State.ERASED:
        raise Conflict("not_in_this_state")
    for scope, value in values.items():
        check_answer(scope, value)
    now = clock.now()
    for scope, value in values.items():
        db.session.add(
            Answer(
                story_id=story.id,
                version_number=version,
                party=party,
                guardian_id=guardian_id,
                scope=scope,
                value=value,
                method=method,
                text_id=text.id,
                text_version=text.version,
                text_locale=text.locale,
                text_sha256=text.sha256,
                answered_at=now,
                expires_at=later_by_months(now, outside().settings.answer_months) if expires(scope, value) else None,
            )
        )
        db.session.flush()


def _written(story: Story) -> int:
    """The version a child's answer is about: the one being written when changes were asked, else the current one."""
    return story.current + 1 if story.state is State.CHANGES_ASKED else story.current


def later_by_months(moment: datetime, months: int) -> datetime:
    """`moment` moved by calendar months; the day is held inside the month it lands in."""
    years, month = divmod(moment.month - 1 + months, 12)
    return moment.replace(year=moment.year + years, month=month + 1, day=min(moment.day, 28))


def hide(story: Story, party: Party, guardian: Guardian | None = None) -> None:
    """Take every yes back: the party's no to each place it had opened. Undone by `show_again`."""
    lock(story)
    child, guardians = queries.said_now(story.id)
    said = guardians.get(guardian.id, {}) if guardian else child
    opened = [scope for scope, given in said.items() if given.value == Value.YES and scope != Scope.KEEP_PRIVATE]
    values = dict.fromkeys(opened, Value.NO.value)
    if not values:
        return
    text = current(party.value, guardian.locale if guardian else story.locale)
    method, version = (Method.LINK, story.current) if guardian else (Method.SELF, _written(story))
    _append(story, party, guardian.id if guardian else None, values, text, method, version)
    record(
        f"guardian:{guardian.id}" if guardian else party.value,
        Verb.STORY_HIDDEN,
        story.id,
        places=len(values),
    )


def show_again(story: Story) -> None:
    """The child undoes hiding: every yes that was taken back then is given again.

    A place the child had said no to on another occasion stays closed.
    """
    lock(story)
    values = dict.fromkeys(queries.taken_back(story.id), Value.YES.value)
    if not values:
        return
    _append(story, Party.CHILD, None, values, current("child", story.locale), Method.SELF, _written(story))
    record(Party.CHILD.value, Verb.STORY_SHOWN_AGAIN, story.id, places=len(values))


def ask_guardian(story: Story, storyteller: Storyteller, guardian: Guardian) -> str:
    """Send a guardian their private link, or keep it for the child to hand over; the token."""
    email = unseal(storyteller.id, f"email:{guardian.id}", guardian.email_sealed)
    token = issue_link(guardian, story.id, keep_readable=not email)
    if email:
        name = unseal(storyteller.id, "invented_name", storyteller.invented_name_sealed)
        url = f"{outside().settings.public_url}/consent/{token}"
        post(
            storyteller.id,
            lambda letter_id: letters.guardian_link(letter_id, email, guardian.locale, name, url),
        )
    record(Party.CHILD.value, Verb.CONSENT_LINK_SENT, story.id, by="letter" if email else "hand")
    return token
