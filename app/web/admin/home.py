"""What waits for whoever logged in."""

from flask import render_template

from app import clock
from app.consent.queries import evidence_to_rule
from app.curation import awaited
from app.moderation.queries import count_waiting
from app.people.permissions import Permission, may
from app.people.queries import acts_to_rule, doubted_guardians
from app.safeguarding.queries import open_cases, open_suspensions
from app.web.admin import bp
from app.web.guard import Audience, open_to
from app.web.inspection import calls_for
from app.web.login import me
from app.web.transaction import writes

MANY = 100
SOME_CASES = 5


@bp.get("/")
@open_to(Audience.STAFF, Permission.STAFF_AREA)
@writes
def home() -> str:
    """The front page: only what this role can do something about."""
    staff = me()
    reviews = may(staff.role, Permission.STORY_REVIEW)
    return render_template(
        "admin/home.html",
        me=staff,
        calls=calls_for(staff) if reviews else {},
        waiting=count_waiting(MANY + 1) if reviews else 0,
        many=MANY,
        cases=open_cases() if may(staff.role, Permission.CASE_HANDLE) else (),
        suspensions=open_suspensions() if may(staff.role, Permission.CASE_HANDLE) else (),
        rulings=len(evidence_to_rule(staff, MANY + 1)) if may(staff.role, Permission.CONSENT_RULE) else 0,
        acts=len(acts_to_rule(MANY + 1)) if may(staff.role, Permission.ACT_RULE) else 0,
        doubted=len(doubted_guardians(MANY + 1)) if may(staff.role, Permission.ACT_RULE) else 0,
        words_waiting=awaited.awaited(staff) if may(staff.role, Permission.WORDS_CHECK) else None,
        many_words=awaited.MANY,
        some_cases=SOME_CASES,
        now=clock.now(),
    )
