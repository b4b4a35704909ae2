"""The questions, as a child and a guardian are asked them; and what was answered."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask_babel import LazyString

from app import clock
from app.campaigns.models import Campaign
from app.campaigns.queries import all_campaigns
from app.campaigns.rules import in_language
from app.consent.queries import asked_scopes
from app.consent.rules import OWN_VOICE, Attribute, Given, Party, Value, campaign_scope, closing
from app.consent.texts import GROUPS, ConsentText, current, in_force, names, translations, versions
from app.errors import Conflict
from app.media.rules import Kind, State
from app.stories.models import Version
from app.stories.queries import assets_of_version
from app.web.locale import gap, page_code, quoted
from app.web.words import ANSWERS, ERRORS

MOMENT = re.compile(r"[0-9]{16}")
YES, NO, UNSURE = Value.YES.value, Value.NO.value, Value.UNSURE.value

VALUES: Mapping[str, Mapping[str, str]] = {
    Attribute.NAME: {YES: "invented", NO: "none", UNSURE: UNSURE},
    Attribute.FACE: {YES: "blurred", NO: "never", UNSURE: UNSURE},
    Attribute.AGE: {YES: "band", NO: "none", UNSURE: UNSURE},
    Attribute.PLACE: {YES: "region", NO: "none", UNSURE: UNSURE},
}
"""How the ledger keeps yes and no about an attribute. The voice is asked, and kept, in words of its own."""

AS_READ: Mapping[str, Mapping[str, str]] = {**VALUES, Attribute.VOICE: {YES: OWN_VOICE, NO: "transcript"}}
"""The same of what comes in: the first texts asked about the voice by yes and no, too."""

FIELDS = {Attribute.NAME.value: "shown_name"}
"""The form field of a scope, where it is another: a guardian's own name is in the same form."""


@dataclass(frozen=True)
class Question:
    """One question. `name` is that of its words and its drawing, `title` the campaign it is about.

    `answers` are the words of each answer; `sound` is where the question can be heard.
    """

    scope: str
    name: str
    group: str
    legend: str
    hint: str
    answers: Mapping[str, LazyString | str]
    title: str
    sound: str

    @property
    def field(self) -> str:
        """Its field in the form."""
        return field_of(self.scope)

    @property
    def words(self) -> str:
        """What it asks, with the campaign's title where it is about one."""
        return about(self.legend, self.title)


@dataclass(frozen=True)
class Section:
    """Questions under one heading. `folded` ones wait under it until somebody opens them."""

    key: str
    heading: str
    questions: list[Question]
    folded: bool


def about(question: str, title: str | None) -> str:
    """A question, with the title of the campaign it is about, where it is about one."""
    return f"{question}{gap()}{quoted(title)}" if title else question


def page_text(text_id: str) -> ConsentText:
    """The consent text in the page's language."""
    return current(text_id, page_code())


def ask(text: ConsentText, version: Version, shown_at: datetime | None = None) -> list[Question]:
    """Every question that is open today about a version, in the words of `text`.

    What the text does not ask yet is not asked, until a newer one is published. With `shown_at`, only what stood like
    this on a form of that moment: a campaign may have been announced, or be called otherwise, since.
    """
    return [
        Question(
            scope=scope,
            name=name,
            group=next(key for key, group in GROUPS.items() if name in group),
            legend=text.questions[name],
            hint=text.explanations[name],
            answers=(text.choices if name == Attribute.VOICE else {}) or ANSWERS,
            title=in_language(campaign.title, text.locale) if campaign else "",
            sound=url_for("consent_texts.sound", text_id=text.id, version=text.version, locale=text.locale, name=name),
        )
        for scope, name, campaign in asked_about(Party(text.id), version)
        if name in text.questions and (campaign is None or shown_at is None or was_asked(campaign, shown_at))
    ]


def asked_about(party: Party, version: Version) -> list[tuple[str, str, Campaign | None]]:
    """What a party is asked today about a version, as `asked_scopes` gives it."""
    kinds = {asset.kind for asset in assets_of_version(version.id) if asset.state is not State.REFUSED}
    return asked_scopes(party, clock.now(), has_sound=Kind.SOUND in kinds, has_picture=Kind.IMAGE in kinds)


def ask_as_shown(text: ConsentText, version: Version) -> list[Question]:
    """The questions of the form that was sent. Raises `Conflict` when an answer is to one that is another today."""
    shown_at = _mark()[1]
    asked = ask(text, version, shown_at)
    for question in ask(text, version):
        if question not in asked and request.form.get(question.field):
            raise Conflict("older_text")
    return asked


def sections(
    text: ConsentText, asked: Sequence[Question], values: Mapping[str, str], wrong: Iterable[str]
) -> list[Section]:
    """The questions under their headings. All but the places are folded until one of them is answered or wrong."""
    unfolded = {field for field, value in values.items() if value} | set(wrong)
    found = []
    for key, heading in text.groups.items():
        questions = [question for question in asked if question.group == key]
        folded = key != "places" and not any(question.field in unfolded for question in questions)
        found.append(Section(key, heading, questions, folded))
    return found


def field_of(scope: str) -> str:
    """The form field of a scope."""
    return FIELDS.get(scope, scope)


def fields(text_id: str) -> Iterable[str]:
    """The form fields that questions can have: a page may have been open while a campaign ended."""
    scopes = [name for name in names(text_id) if name != "campaign"]
    return ["text", *map(field_of, scopes), *(campaign_scope(campaign.id) for campaign in all_campaigns())]


def was_asked(campaign: Campaign, shown_at: datetime) -> bool:
    """Whether families were asked about it at that moment, by the title it has now."""
    moments, now = (campaign.announced_at, campaign.titled_at), clock.now()
    return not any(moment is not None and shown_at < moment <= now for moment in moments)


def shown_at() -> datetime:
    """When the form was shown. Raises `Conflict` when it does not say so."""
    return _mark()[1]


def shown_text(text_id: str) -> ConsentText:
    """The text that stood above the form, by its hash. Raises `Conflict` when it is no longer in force."""
    shown = known_text(text_id)
    if shown.version != in_force(text_id):
        raise Conflict("older_text")
    return shown


def read_noes(text_id: str, version: Version) -> tuple[ConsentText | None, dict[str, str]]:
    """Of a form that is not today's: the text that stood above it, and what was answered in it that closes something.

    A no counts, whatever has changed since it was asked for. Nothing where the form names no text of ours.
    """
    try:
        text = known_text(text_id)
    except Conflict:
        return None, {}
    values, _wrong = read_answers(ask(text, version))
    return text, closing(values)


def known_text(text_id: str) -> ConsentText:
    """The text that stood above the form, in force or not any more. Raises `Conflict` where none of ours did."""
    wanted, newest = _mark()[0], in_force(text_id)
    published = (text for number in versions(text_id) if number <= newest for text in translations(text_id, number))
    shown = next((text for text in published if text.sha256 == wanted), None)
    if shown is None:
        raise Conflict("older_text")
    return shown


def _mark() -> tuple[str, datetime]:
    digest, _, moment = request.form.get("text", "").partition(".")
    if not MOMENT.fullmatch(moment):
        raise Conflict("older_text")
    return digest, clock.of_stamp(int(moment))


def read_answers(questions: Sequence[Question]) -> tuple[dict[str, str], dict[str, LazyString]]:
    """What was answered, as the ledger keeps it, and for the field of each answer that is none a sentence."""
    values: dict[str, str] = {}
    errors: dict[str, LazyString] = {}
    for question in questions:
        answer = request.form.get(question.field, "")
        if answer in question.answers:
            values[question.scope] = AS_READ.get(question.scope, {}).get(answer, answer)
        elif answer:
            errors[question.field] = ERRORS["unknown_answer"]
    return values, errors


def said(given: Mapping[str, Given]) -> dict[str, str]:
    """The answer in each field of the form, from what a party says now."""
    return {field_of(scope): answer_of(scope, one.value) for scope, one in given.items()}


def answer_of(scope: str, value: str) -> str:
    """The answer that the ledger keeps as `value`."""
    return next((answer for answer, kept in VALUES.get(scope, {}).items() if kept == value), value)


def name_of(scope: str) -> str:
    """The name of a scope's question: all campaigns share one."""
    return scope.partition(":")[0]


def words_of(text: ConsentText, scope: str, answer: str) -> LazyString | str:
    """The words of an answer, as it was asked for by `text`; the first texts asked about the voice by yes and no."""
    if scope != Attribute.VOICE:
        return ANSWERS[answer]
    return text.choices.get(answer) or ANSWERS[{OWN_VOICE: YES, "unsure": UNSURE}.get(answer, NO)]
