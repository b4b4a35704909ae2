"""The questions about places, as a child and a guardian are asked them; and what was answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString

from app import clock
from app.campaigns.queries import all_campaigns
from app.campaigns.rules import in_language
from app.consent.queries import asked_scopes
from app.consent.rules import OWN_VOICE, PUBLIC_SCOPES, Attribute, Given, Value, campaign_scope
from app.consent.texts import ConsentText, current
from app.errors import Conflict
from app.media.rules import Kind, State
from app.release.policy import SCOPE_OF_PLACE
from app.stories.models import Version
from app.stories.queries import assets_of_version
from app.web.locale import CODES, page_code
from app.web.words import ERRORS

PLACE_OF_SCOPE = {scope: place for place, scope in SCOPE_OF_PLACE.items()}

VOICE = Attribute.VOICE.value
VOICE_OF_ANSWER = {Value.YES.value: OWN_VOICE, Value.NO.value: "transcript", Value.UNSURE.value: "unsure"}
ANSWER_OF_VOICE = {voice: answer for answer, voice in VOICE_OF_ANSWER.items()} | {"altered": Value.NO.value}


@dataclass(frozen=True)
class Question:
    """One question. `place` names its drawing, `title` the campaign it is about."""

    scope: str
    place: str
    legend: str
    hint: str
    title: str = ""


def page_text(text_id: str) -> ConsentText:
    """The consent text in the page's language."""
    return current(text_id, page_code())


def ask(text: ConsentText, version: Version) -> list[Question]:
    """Every question that is open today about a version, in the words of `text`."""
    assets = assets_of_version(version.id)
    has_sound = any(asset.kind is Kind.SOUND and asset.state is not State.REFUSED for asset in assets)
    return [
        Question(
            scope=scope,
            place=PLACE_OF_SCOPE.get(scope, scope),
            legend=text.questions[name],
            hint=text.explanations[name],
            title=in_language(campaign.title, text.locale) if campaign else "",
        )
        for scope, name, campaign in asked_scopes(clock.now(), has_sound=has_sound)
    ]


def fields() -> Iterable[str]:
    """The form fields that questions can have: a page may have been open while a campaign ended."""
    places = [scope.value for scope in PUBLIC_SCOPES]
    return ["text", VOICE, *places, *(campaign_scope(campaign.id) for campaign in all_campaigns())]


def shown_text(text_id: str) -> ConsentText:
    """The text that stood above the form, by its hash. Raises `Conflict` when it is no longer in force."""
    texts = (current(text_id, code) for code in CODES)
    shown = next((text for text in texts if text.sha256 == request.form.get("text")), None)
    if shown is None:
        raise Conflict("older_text")
    return shown


def read_answers(questions: Sequence[Question]) -> tuple[dict[str, str], dict[str, LazyString]]:
    """What was answered, as the ledger keeps it, and a sentence for each answer that is none."""
    values: dict[str, str] = {}
    errors: dict[str, LazyString] = {}
    for question in questions:
        answer = request.form.get(question.scope, "")
        if answer in VOICE_OF_ANSWER:
            values[question.scope] = VOICE_OF_ANSWER[answer] if question.scope == VOICE else answer
        elif answer:
            errors[question.scope] = ERRORS["unknown_answer"]
    return values, errors


def said(given: Mapping[str, Given]) -> dict[str, str]:
    """yes, no or unsure by scope, from what a party says now."""
    return {scope: ANSWER_OF_VOICE[one.value] if scope == VOICE else one.value for scope, one in given.items()}
