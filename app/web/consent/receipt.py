"""The receipt: exactly what was answered, about which version of the story, under which text."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, force_locale, gettext

from app.adapters import outside
from app.campaigns.queries import all_campaigns
from app.campaigns.rules import in_language
from app.consent.models import Answer
from app.consent.queries import ledger, said_by_guardian
from app.consent.rules import CAMPAIGN, Value
from app.consent.texts import load
from app.mail.letters import guardian_receipt
from app.people.keys import unseal
from app.people.letters import post
from app.web import questions
from app.web.consent import bp
from app.web.consent.link import Opened, open_link
from app.web.consent.read import name_of
from app.web.guard import Audience, open_to
from app.web.words import RELATIONS

SHORT_HASH = 12


@dataclass(frozen=True)
class Line:
    """One answer that holds: the question as it was asked, and everything the answer is bound to."""

    scope: str
    question: str
    answer: str
    words: LazyString | str
    at: datetime
    version: int
    text: str


def lines_of(opened: Opened) -> list[Line]:
    """What this guardian says now, in the order of the questions."""
    titles = {campaign.id: in_language(campaign.title, opened.guardian.locale) for campaign in all_campaigns()}
    latest: dict[str, Answer] = {}
    for row in ledger(opened.story.id):
        if row.guardian_id == opened.guardian.id:
            latest[row.scope] = row
    return [_line(row, titles) for row in latest.values()]


def _line(row: Answer, titles: dict[str, str]) -> Line:
    shown = load(row.text_id, row.text_version, row.text_locale)
    question = shown.questions[questions.name_of(row.scope)]
    if row.scope.startswith(CAMPAIGN):
        question = f"{question} “{titles.get(row.scope.removeprefix(CAMPAIGN), '')}”"
    answer = questions.answer_of(row.scope, row.value)
    return Line(
        scope=row.scope,
        question=question,
        answer=answer,
        words=questions.words_of(shown, row.scope, answer),
        at=row.answered_at,
        version=row.version_number,
        text=f"{row.text_id} {row.text_version} · {row.text_locale} · {row.text_sha256[:SHORT_HASH]}",
    )


@bp.get("/<token>/receipt")
@open_to(Audience.GUARDIAN)
def receipt(token: str) -> ResponseReturnValue:
    """The page."""
    opened = open_link(token)
    if "lang" not in request.args:
        return redirect(url_for("consent.receipt", token=token, lang=opened.guardian.locale.value))
    relation = opened.guardian.relation
    lines = lines_of(opened)
    said = said_by_guardian(opened.story.id, opened.guardian.id)
    return render_template(
        "consent/receipt.html",
        token=token,
        lines=lines,
        texts=sorted({line.text for line in lines}),
        older=any(line.version != opened.story.current for line in lines),
        any_yes=any(given.value == Value.YES for given in said.values()),
        name=name_of(opened.guardian),
        relation=RELATIONS[relation] if relation else "",
    )


def post_receipt(token: str, opened: Opened) -> None:
    """Send the guardian the same by letter, where an address is known."""
    guardian = opened.guardian
    address = unseal(guardian.storyteller_id, f"email:{guardian.id}", guardian.email_sealed)
    if not address:
        return
    url = f"{outside().settings.public_url}/consent/{token}"
    with force_locale(guardian.locale.value):
        answers = [
            gettext("%(question)s %(answer)s", question=line.question, answer=line.words) for line in lines_of(opened)
        ]
    post(
        guardian.storyteller_id,
        lambda letter_id: guardian_receipt(letter_id, address, guardian.locale, answers, url),
    )
