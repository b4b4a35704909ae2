"""Answers are given, changed and taken back; guardians are asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.adapters import outside
from app.audit.actions import order, record
from app.audit.rules import Verb
from app.campaigns.queries import chosen_for
from app.consent import queries
from app.consent.models import Answer
from app.consent.rules import (
    CAMPAIGN,
    PUBLIC_SCOPES,
    Given,
    Method,
    Party,
    Scope,
    Value,
    campaign_scope,
    check_answer,
    closing,
    confirms,
    next_reminder,
    nothing,
    opens,
    repeats,
)
from app.consent.texts import ConsentText, current, is_superseded
from app.errors import Conflict, NotAllowed
from app.extensions import db
from app.mail import letters
from app.people.actions import issue_link
from app.people.keys import unseal
from app.people.letters import post
from app.people.models import Guardian
from app.people.queries import is_doubted, is_unheard
from app.people.rules import months_later
from app.stories.actions import lock
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.rules import guardian_who_erases


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody was asked: by which method, in which words, about which version of the story."""

    method: Method
    text: ConsentText
    version: int
    link_made_at: datetime | None = None
    """When the private link was made that the answer came by."""
    evidence_id: str | None = None
    said_seq: int | None = None
    """After which entry of the audit log it was said; None: now."""


def answer_as_child(story: Story, values: Mapping[str, str], text: ConsentText) -> None:
    """The child answers; values by scope."""
    lock(story)
    _append(story, None, values, Asked(Method.SELF, text, _written(story)))
    record(Party.CHILD.value, Verb.ANSWERS_GIVEN, story.id, answers=len(values))


def answer_as_guardian(story: Story, guardian: Guardian, values: Mapping[str, str], asked: Asked) -> bool:
    """A guardian answers about the version they were shown; whether every answer holds, or one must be said again.

    Of what is about an older version, or in words that were superseded, only what closes is kept: no yes goes over to
    what nobody saw, and no no is lost. Raises `Conflict("older_version")` when nothing closes, `NotAllowed` when the
    guardian is somebody else's.
    """
    if guardian.storyteller_id != story.storyteller_id:
        raise NotAllowed
    lock(story)
    if values and is_older(story, asked.version, asked.text):
        values = closing(values)
        if not values:
            raise Conflict("older_version")
    holds = _append(story, guardian.id, values, asked)
    record(guardian.actor, Verb.ANSWERS_GIVEN, story.id, answers=len(values), by=asked.method.value)
    return holds


def is_older(story: Story, version: int, text: ConsentText) -> bool:
    """Whether the child has changed the story since that version, or we the questions of that text."""
    return version != story.current or is_superseded(text)


def _append(story: Story, guardian_id: str | None, values: Mapping[str, str], asked: Asked) -> bool:
    """Write answers into the ledger; whether all of them hold."""
    if story.state is State.ERASED:
        raise Conflict("not_in_this_state")
    for scope, value in values.items():
        check_answer(scope, value)
    now, settings, text = clock.now(), outside().settings, asked.text
    said_seq = order() if asked.said_seq is None else asked.said_seq
    wait = settings.confirm_after
    earlier = queries.said_in_todays_words(story.id, guardian_id) if guardian_id and asked.link_made_at else {}
    titles = queries.campaign_titles(text.locale) if any(scope.startswith(CAMPAIGN) for scope in values) else {}
    answers = [
        Answer(
            story_id=story.id,
            version_number=asked.version,
            party=Party.GUARDIAN if guardian_id else Party.CHILD,
            guardian_id=guardian_id,
            scope=scope,
            campaign_title=titles.get(scope),
            value=value,
            method=asked.method,
            text_id=text.id,
            text_version=text.version,
            text_locale=text.locale,
            text_sha256=text.sha256,
            answered_at=now,
            expires_at=later_by_months(now, settings.answer_months) if opens(scope, value) else None,
            confirmed=asked.link_made_at is None
            or confirms(earlier.get(scope), scope, value, asked.version, asked.link_made_at, now, wait),
            evidence_id=asked.evidence_id,
            said_seq=said_seq,
        )
        for scope, value in values.items()
    ]
    for answer in answers:
        if not answer.confirmed and repeats(earlier.get(answer.scope), answer.value, asked.version):
            continue
        db.session.add(answer)
        db.session.flush()  # one by one, so that the ledger keeps the order in which they were asked
    return all(answer.confirmed for answer in answers)


def _written(story: Story) -> int:
    """The version a child's answer is about: the one being written when changes were asked, else the current one."""
    return story.current + 1 if story.state is State.CHANGES_ASKED else story.current


def later_by_months(moment: datetime, months: int) -> datetime:
    """`moment` moved by calendar months; the day is held inside the month it lands in."""
    return datetime.combine(months_later(moment.date(), months), moment.timetz())


def hide(story: Story, party: Party, guardian: Guardian | None = None) -> None:
    """Take every yes back. What of them is seen stays as the child said, so that `show_again` undoes it.

    A guardian takes that back too, and says no to every place: another guardian's yes may have opened it.
    """
    lock(story)
    child, guardians = queries.said_now(story.id)
    said = guardians.get(guardian.id, {}) if guardian else child
    closed = {
        scope
        for scope, given in said.items()
        if scope != Scope.KEEP_PRIVATE and (given.value == Value.YES or (guardian and opens(scope, given.value)))
    }
    if guardian:
        closed |= _places(story, child, *guardians.values())
    values = {scope: nothing(scope) for scope in closed if scope not in said or said[scope].value != nothing(scope)}
    if not values:
        return
    text = current(party.value, guardian.locale if guardian else story.locale)
    asked = Asked(Method.LINK, text, story.current) if guardian else Asked(Method.SELF, text, _written(story))
    _append(story, guardian.id if guardian else None, values, asked)
    record(
        guardian.actor if guardian else party.value,
        Verb.STORY_HIDDEN,
        story.id,
        places=len(values),
    )


def end_guardians_erasure(story: Story) -> None:
    """A guardian's wish to erase a story ends without them: they took everything back by it, which stays so."""
    guardian_id = guardian_who_erases(story.erase_asked_by)
    if guardian_id:
        hide(story, Party.GUARDIAN, db.session.get_one(Guardian, guardian_id))


def _places(story: Story, *said: Mapping[str, Given]) -> set[str]:
    """The scope of each place that a story could be shown at, and of each campaign that anybody answered about."""
    answered = {scope for one in said for scope in one if scope.startswith(CAMPAIGN)}
    return {*PUBLIC_SCOPES, *map(campaign_scope, chosen_for(story.id)), *answered}


def show_again(story: Story) -> None:
    """The child undoes hiding: every yes that was taken back then is given again.

    A place the child had said no to on another occasion stays closed, and so does what is asked in other words now.
    """
    lock(story)
    values = dict.fromkeys(queries.taken_back(story.id), Value.YES.value)
    if not values:
        return
    _append(story, None, values, Asked(Method.SELF, current("child", story.locale), _written(story)))
    record(Party.CHILD.value, Verb.STORY_SHOWN_AGAIN, story.id, places=len(values))


def ask_guardian(story: Story, guardian: Guardian, actor: str = Party.CHILD.value) -> str:
    """Ask a guardian who has not answered yet, as whoever named them (`actor`) wishes; the token of their link.

    Who can be written to is reminded for as long as they have not said who they are.
    """
    if is_unheard(guardian) and guardian.email_sealed and not is_doubted(guardian):
        guardian.asked_at, guardian.remind_at = clock.now(), next_reminder(clock.now(), clock.now())
    return reach(story, guardian, letters.guardian_link, actor)


def reach(story: Story, guardian: Guardian, letter: letters.ToGuardian, actor: str = Party.CHILD.value) -> str:
    """Send a guardian a fresh private link in a letter, or keep it to be handed over; its token."""
    teller = story.storyteller
    email = unseal(teller.id, f"email:{guardian.id}", guardian.email_sealed)
    token = issue_link(guardian, story.id, keep_readable=not email)
    if email:
        name = unseal(teller.id, "invented_name", teller.invented_name_sealed)
        url = f"{outside().settings.public_url}/consent/{token}"
        post(teller.id, lambda letter_id: letter(letter_id, email, guardian.locale, name, url))
    record(actor, Verb.CONSENT_LINK_SENT, story.id, by="letter" if email else "hand")
    return token
