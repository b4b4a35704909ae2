"""The receipt: exactly what was answered, about which version of the story, under which text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, force_locale, gettext

from app.consent.models import Answer, Evidence
from app.consent.queries import campaign_titles, evidence_from, ledger
from app.consent.rules import CAMPAIGN, EvidenceState
from app.consent.texts import load
from app.extensions import limiter
from app.mail.letters import guardian_receipt
from app.people.growing import grew_up
from app.people.keys import unseal
from app.people.letters import post
from app.people.queries import authority_of, decides_about_all, growing_up, is_put_aside, key_of, ran_out
from app.stories.lifecycle import State
from app.web import questions
from app.web.consent import bp
from app.web.consent.link import Opened, has_yes, open_link
from app.web.consent.standing import rows_for, to_confirm, waiting
from app.web.consent.who import name_of
from app.web.guard import Audience, open_to
from app.web.links import consent_address
from app.web.reaching import time_to_confirm
from app.web.verdicts import shared_reasons
from app.web.words import RELATIONS


@dataclass(frozen=True)
class Line:
    """One answer: the question and its explanation as they were shown, and everything the answer is bound to."""

    scope: str
    question: str
    hint: str
    answer: str
    words: LazyString | str
    at: datetime
    version: int
    text: str
    waits: bool
    """Whether it must be said once more before it counts."""


def lines_of(opened: Opened) -> list[Line]:
    """What this guardian says now, in the order of the questions."""
    latest: dict[str, Answer] = {}
    for row in rows_of(opened):
        latest[row.scope] = row
    titles = campaign_titles(opened.guardian.locale)
    return [line_of(row, titles) for row in latest.values()]


def rows_of(opened: Opened) -> list[Answer]:
    """Every answer that this guardian ever gave about the story, in order."""
    return [row for row in ledger(opened.story.id) if row.guardian_id == opened.guardian.id]


def line_of(row: Answer, titles: Mapping[str, str]) -> Line:
    """One row of the ledger in words; `titles` are for rows that do not say what their campaign was called."""
    shown = load(row.text_id, row.text_version, row.text_locale)
    name = questions.name_of(row.scope)
    question = shown.questions[name]
    if row.scope.startswith(CAMPAIGN):
        title = titles.get(row.scope, "") if row.campaign_title is None else row.campaign_title
        question = questions.about(question, title)
    answer = questions.answer_of(row.scope, row.value)
    return Line(
        scope=row.scope,
        question=question,
        hint=shown.explanations[name],
        answer=answer,
        words=questions.words_of(shown, row.scope, answer),
        at=row.answered_at,
        version=row.version_number,
        text=f"{row.text_id} {row.text_version} · {row.text_locale} · {row.text_sha256}",
        waits=not row.confirmed,
    )


@bp.get("/<token>/receipt")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def receipt(token: str) -> ResponseReturnValue:
    """The page."""
    opened = open_link(token, late=True)
    if "lang" not in request.args:
        return redirect(url_for("consent.receipt", token=token, lang=opened.guardian.locale.value))
    return show_receipt(token, opened, {})


def show_receipt(token: str, opened: Opened, errors: dict[str, LazyString]) -> str:
    """What was answered, what happens next, and what else could be told."""
    guardian, teller = opened.guardian, opened.story.storyteller
    lines, standing = lines_of(opened), rows_for(opened)
    return render_template(
        "consent/receipt.html",
        token=token,
        lines=lines,
        texts=sorted({line.text for line in lines}),
        older=any(line.version != opened.story.current for line in lines),
        any_yes=has_yes(opened),
        can_erase=decides_about_all(guardian),
        changing=opened.story.state is State.CHANGES_ASKED,
        waits=bool(waiting(opened)),
        to_confirm=bool(to_confirm(opened)),
        waiting_time=time_to_confirm(),
        by_letter=guardian.email_sealed is not None,
        held=authority_of(guardian.id),
        ran_out=ran_out(guardian.id),
        is_put_aside=is_put_aside(guardian.id),
        recording=recording_of(opened, lines),
        everywhere=shared_reasons(standing),
        standing=standing,
        name=name_of(guardian),
        relation=RELATIONS[guardian.relation] if guardian.relation else "",
        reference=teller.reference,
        decides=key_of(guardian.id) is not None,
        majority_told=teller.majority_from is not None,
        majority_settled=grew_up(teller),
        month_waits=guardian.told_majority is not None and guardian.majority_holds_from is None,
        majority_counts=growing_up(teller) != (None, None),
        values=request.form,
        errors=errors,
    )


def recording_of(opened: Opened, lines: list[Line]) -> Evidence | None:
    """A voice or form that a second person has yet to go through, or could not make out and nobody answered since."""
    for one in evidence_from(opened.story.id, opened.guardian.id):
        answered_since = any(line.at > one.taken_at for line in lines)
        if one.state is EvidenceState.WAITING or (one.state is EvidenceState.ASK_AGAIN and not answered_since):
            return one
    return None


def post_receipt(token: str, opened: Opened) -> None:
    """Send the guardian the same by letter, where an address is known."""
    guardian = opened.guardian
    address = unseal(guardian.storyteller_id, f"email:{guardian.id}", guardian.email_sealed)
    if not address:
        return
    with force_locale(guardian.locale.value):
        answers = [
            gettext("%(question)s %(answer)s", question=line.question, answer=line.words) for line in lines_of(opened)
        ]
    post(
        guardian.storyteller_id,
        lambda letter_id: guardian_receipt(letter_id, address, guardian.locale, answers, consent_address(token)),
    )
