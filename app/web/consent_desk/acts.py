"""Acts of courts and institutions, and doubts whether somebody decides: a second person rules about both."""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app import clock
from app.consent.naming import read_doubt, speaks
from app.errors import Conflict, NotFound
from app.extensions import db, is_id
from app.people.authority import accept_act, open_act, refuse_act
from app.people.models import Authority, Guardian, Staff, Storyteller
from app.people.permissions import Permission
from app.people.queries import acts_to_rule, doubted_guardians, staff_names
from app.people.rules import Basis
from app.web.consent_desk import bp
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes

Waits = TypeVar("Waits", Authority, Guardian)


def find_act(act_id: str) -> Authority:
    """An act that waits. Raises `NotFound`, or `Conflict` when somebody was faster."""
    act = db.session.get(Authority, act_id) if is_id(act_id) else None
    if act is None or act.basis is Basis.PARENT:
        raise NotFound
    if act.accepted_at is not None or act.ended_at is not None:
        raise Conflict("not_in_this_state")
    return act


def doubts_to_decide() -> list[tuple[Guardian, str]]:
    """Who is said not to decide, with the child's reference; not while a voice or a form of theirs waits."""
    return [(guardian, reference) for guardian, reference in doubted_guardians() if not speaks(guardian)]


def count_waiting() -> int:
    """How many acts and doubts wait for a lead."""
    return len(acts_to_rule()) + len(doubts_to_decide())


@bp.get("/acts")
@open_to(Audience.STAFF, Permission.ACT_RULE)
@writes
def acts() -> str:
    """Every act that waits, and every guardian who is said to have been named by mistake; the longest waiting first.

    What guardians wrote about their acts is not on this page.
    """
    doubted = [(guardian, reference, read_doubt(me(), guardian)) for guardian, reference in doubts_to_decide()]
    return render_template(
        "consent_desk/acts.html",
        acts=acts_to_rule(),
        doubted=doubted,
        names=staff_names({guardian.doubted_by or "" for guardian, *_more in doubted}),
        me=me(),
        now=clock.now(),
    )


@bp.get("/acts/<act_id>")
@open_to(Audience.STAFF, Permission.ACT_RULE)
@writes
def act(act_id: str) -> str:
    """One act, and what the guardian wrote: who decided, when, under which number."""
    found = find_act(act_id)
    teller = db.session.get_one(Storyteller, found.guardian.storyteller_id)
    return render_template(
        "consent_desk/act.html",
        act=found,
        note=open_act(me(), found),
        reference=teller.reference,
        me=me(),
    )


@bp.post("/acts/<act_id>/accept")
@open_to(Audience.STAFF, Permission.ACT_RULE)
@writes
def accept_claimed(act_id: str) -> ResponseReturnValue:
    """From now on the guardian holds a key."""
    return decide(accept_act, find_act, act_id, _("The act is accepted: its holder decides until it ends."))


@bp.post("/acts/<act_id>/refuse")
@open_to(Audience.STAFF, Permission.ACT_RULE)
@writes
def refuse_claimed(act_id: str) -> ResponseReturnValue:
    """It gives no key; the guardian can claim another."""
    return decide(refuse_act, find_act, act_id, _("The act is not accepted: it gives no key."))


def decide(
    rule: Callable[[Staff, Waits], None], find: Callable[[str], Waits], wanted: str, words: LazyString
) -> ResponseReturnValue:
    """A lead decides about one thing that waits on this page."""
    only_fields()
    rule(me(), find(wanted))
    flash(words, "good")
    return redirect(url_for("consent_desk.acts"), 303)
