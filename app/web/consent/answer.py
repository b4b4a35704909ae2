"""The guardian's answers are written into the ledger, and can be taken back in one tap."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.adapters import outside
from app.adapters.queue import commit
from app.consent.actions import Asked, answer_as_guardian, hide as take_back_every_yes
from app.consent.naming import disclaim
from app.consent.rules import Method, Party
from app.consent.texts import ConsentText
from app.errors import Conflict
from app.extensions import limiter
from app.people.actions import introduce
from app.people.queries import key_of
from app.stories.queries import version_of
from app.web import questions
from app.web.consent import bp
from app.web.consent.link import Opened, can_be_read, open_link, unread, version_shown
from app.web.consent.read import show_again
from app.web.consent.receipt import post_receipt
from app.web.consent.standing import rows_for
from app.web.consent.who import FIELDS, NOBODY, declare, read_who, typed
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes

NOTHING: Mapping[str, Any] = MappingProxyType({})
KEPT = _("What you said no to is kept.")
KEPT_OF_NOBODY = _("What you said no to is kept. It counts once we know that you decide for the child.")


@bp.post("/<token>")
@limiter.limit("30 per minute")
@open_to(Audience.GUARDIAN)
@writes
def answer(token: str) -> ResponseReturnValue:
    """Answer for each place. About a story or a text that has changed since, a no is kept and the new one shown.

    So it is while the story can be read no more. Somebody without the right to say yes is led to what they can do; of
    what they wrote no more is kept than that.
    """
    only_fields(*FIELDS, "version", *questions.fields("guardian"))
    opened = open_link(token, lock=True, leaving=True)
    if request.form.get("relation") == NOBODY:
        disclaim(opened.guardian)
        return unread(token, opened.story) if opened.is_leaving else redirect(url_for("consent.carer", token=token))
    if not can_be_read(opened.story):
        noes, _errors = _keep_noes(token, opened)
        held = key_of(opened.guardian.id)
        binds = held is not None and (held.scopes is None or not noes.keys().isdisjoint(held.scopes))
        return unread(token, opened.story, (KEPT if binds else KEPT_OF_NOBODY) if noes else "")
    try:
        if version_shown(opened.story) != opened.story.current:
            raise Conflict("older_version")
        text = questions.shown_text("guardian")
        asked = questions.ask_as_shown(text, version_of(opened.story))
        values, errors = questions.read_answers(asked)
        who, wrong = read_who(opened.guardian, [question.scope for question in asked])
        errors |= wrong | _check(values)
        if who is None or errors:
            return show_again(token, opened, request.form.to_dict() | typed(), errors), 422
        declare(opened.guardian, who)  # first, so that what is answered is answered by that key
        keep(opened, values, text)
    except Conflict:
        noes, errors = _keep_noes(token, opened)
        return show_anew(token, opened, noes, errors)
    post_receipt(token, opened)
    return redirect(url_for("consent.receipt", token=token))


def _check(values: dict[str, str]) -> dict[str, LazyString]:
    return {} if values else {"questions": _("Please answer at least one of the questions.")}


def show_anew(
    token: str, opened: Opened, noes: Mapping[str, str] = NOTHING, errors: Mapping[str, LazyString] = NOTHING
) -> ResponseReturnValue:
    """The story or the questions have changed: the new ones are shown, with every no that was kept."""
    changed = _("The story or the questions have changed since you opened this page. Please look again and answer.")
    if noes:
        changed = _(
            "The story or the questions have changed since you opened this page. What you said no to is kept. Please"
            " look again and answer the rest."
        )
    kept = {questions.field_of(scope): questions.answer_of(scope, value) for scope, value in noes.items()}
    return show_again(token, opened, typed() | kept, dict(errors), changed), 409


def _keep_noes(token: str, opened: Opened) -> tuple[dict[str, str], dict[str, LazyString]]:
    """What somebody said no to counts, whichever version and words they were shown; and who they are, if that is new.

    The noes, and what is wrong with who they are: while somebody has no key, they bind nobody.
    """
    number = version_shown(opened.story)
    if number is None:
        return {}, {}
    version = version_of(opened.story, number)
    text, noes = questions.read_noes("guardian", version)
    if text is None or not noes:
        return {}, {}
    who, wrong = read_who(opened.guardian, [question.scope for question in questions.ask(text, version)])
    if who is not None:
        introduce(opened.guardian, who.name, who.relation, alone=who.alone, act=who.act)
    asked = Asked(Method.LINK, text, number, link_made_at=opened.link_made_at)
    answer_as_guardian(opened.story, opened.guardian, noes, asked)
    post_receipt(token, opened)
    commit(outside().queue)  # the answer is not a good one, so nothing would be committed after it
    return noes, wrong


def keep(opened: Opened, values: dict[str, str], text: ConsentText) -> None:
    """Write answers by link into the ledger. Raises `Conflict` when they are about an older version, or none."""
    version = version_shown(opened.story)
    if version is None:
        raise Conflict("older_version")
    asked = Asked(Method.LINK, text, version, link_made_at=opened.link_made_at)
    answer_as_guardian(opened.story, opened.guardian, values, asked)


@bp.post("/<token>/take-back")
@limiter.limit("30 per minute")
@open_to(Audience.GUARDIAN)
@writes
def take_back(token: str) -> ResponseReturnValue:
    """Every yes of this guardian becomes a no, and so does their silence about a place."""
    only_fields()
    opened = open_link(token, lock=True, late=True, leaving=True)
    take_back_every_yes(opened.story, Party.GUARDIAN, opened.guardian)
    if opened.is_leaving:
        return unread(token, opened.story, _("You have taken everything back. That stays so, even if the story stays."))
    flash(_what_is_left(opened), "good")
    return redirect(url_for("consent.receipt", token=token))


def _what_is_left(opened: Opened) -> LazyString:
    if any(row["allowed"] and not row["wordless"] for row in rows_for(opened)):
        return _("You have taken everything back. It can still be seen where your yes is not needed.")
    return _("You have taken everything back. With your yes, the story is gone from our pages.")
