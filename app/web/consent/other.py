"""Another parent who must be asked: named by the one who was asked first, by letter or by a link to hand over."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.consent.actions import ask_guardian
from app.consent.naming import name_other, speaks, withdraw_address
from app.errors import Conflict
from app.extensions import limiter
from app.people.keys import unseal
from app.people.models import Guardian
from app.people.queries import ever_named, guardians_of, is_unheard
from app.people.rules import ASKED_BY_LINK_MAX
from app.web.consent import bp
from app.web.consent.link import Opened, open_to_read
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.links import hand_over
from app.web.qr import qr
from app.web.reaching import FIELDS, Reach, may_write_to, note_letter, read_reach
from app.web.transaction import writes

ENOUGH = _("We ask six people at most about one child. Please write to us if there are more.")
HANDING_ON = "handing_on"
"""The session key for whom this browser is handing a link on: nobody else is shown it."""


@bp.get("/<token>/other")
@limiter.limit("60 per minute")
@open_to(Audience.GUARDIAN)
def other(token: str) -> str:
    """The page, with the link that is still to be handed over."""
    return _show(token, _open(token), {}, {})


def _open(token: str, *, lock: bool = False) -> Opened:
    """What the link opens, for a guardian who has said who they are."""
    opened = open_to_read(token, lock=lock)
    if opened.guardian.relation is None:
        abort(redirect(url_for("consent.read", token=token)))
    return opened


def _show(token: str, opened: Opened, values: dict[str, str], errors: dict[str, LazyString]) -> str:
    named = _handing_on(opened)
    link = hand_over(opened.story, named.id) if named else ""
    return render_template(
        "consent/other.html",
        token=token,
        link=link,
        code=qr(link) if link else "",
        values=values or {"guardian_locale": opened.guardian.locale.value},
        errors=errors,
        unanswered=_unanswered(opened, guardians_of(opened.story.storyteller_id)),
    )


def _handing_on(opened: Opened) -> Guardian | None:
    """Who was named in this browser to be handed a link, until they have said who they are."""
    known = guardians_of(opened.story.storyteller_id)
    return next((one for one in known if one.id == session.get(HANDING_ON) and one.relation is None), None)


def _unanswered(opened: Opened, known: list[Guardian]) -> Guardian | None:
    """Whom this guardian named and who was not heard; nobody where they are several: which one is meant is not said."""
    mine = [one for one in known if one.named_by == opened.guardian.id and is_unheard(one) and not speaks(one)]
    return mine[0] if len(mine) == 1 else None


@bp.post("/<token>/other")
@limiter.limit("10 per hour")
@open_to(Audience.GUARDIAN)
@writes
def ask_other(token: str) -> ResponseReturnValue:
    """Ask somebody else. Whoever is known already is not asked twice, and the page does not say that they are.

    Whom this guardian named before, and who has not answered, can be asked at another address instead; the links that
    went to the wrong one end whatever the new one is.
    """
    only_fields(*FIELDS, "instead")
    opened = _open(token, lock=True)
    reach, errors = read_reach()
    known = guardians_of(opened.story.storyteller_id)
    wrong = _wrong(opened, known)
    if not errors and len(ever_named(opened.story.storyteller_id)) >= ASKED_BY_LINK_MAX:
        errors = {"how": ENOUGH}
        if wrong is not None:
            withdraw_address(opened.guardian, wrong)
            flash(ENOUGH, "warn")
            return redirect(url_for("consent.other", token=token))
    if reach is not None and reach.address and not may_write_to(reach.address):
        errors = {"email": _("Many letters went to this address today. Please choose the link, or try again tomorrow.")}
    if reach is None or errors:
        return _show(token, opened, request.form.to_dict(), errors), 422
    if not _is_known(opened, reach, [one for one in known if one is not wrong]):
        _ask(opened, reach, wrong)
    elif wrong is not None:
        withdraw_address(opened.guardian, wrong)
    if reach.address:
        flash(_("Thank you. We write to them, and we do not say what you answered."), "good")
        return redirect(url_for("consent.receipt", token=token))
    return redirect(url_for("consent.other", token=token))


def _wrong(opened: Opened, known: list[Guardian]) -> Guardian | None:
    """Whom to name in another way, as the page said. Raises `Conflict` where that is somebody else by now."""
    told = request.form.get("instead")
    if not told:
        return None
    wrong = _unanswered(opened, known)
    if wrong is not None and wrong.id != told:
        raise Conflict("not_in_this_state")
    return wrong


def _is_known(opened: Opened, reach: Reach, known: list[Guardian]) -> bool:
    if not reach.address:
        return _handing_on(opened) in known
    addresses = (unseal(one.storyteller_id, f"email:{one.id}", one.email_sealed) for one in known)
    return reach.address.casefold() in (address.casefold() for address in addresses)


def _ask(opened: Opened, reach: Reach, wrong: Guardian | None) -> None:
    named = name_other(opened.guardian, reach.locale, reach.address, wrong)
    ask_guardian(opened.story, named, opened.actor)
    if reach.address:
        note_letter(reach.address)
    if not reach.address:
        session[HANDING_ON] = named.id
