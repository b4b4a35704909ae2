"""A link that ran out is exchanged for a fresh one, which goes where the old one went."""

from datetime import timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.consent.actions import reach
from app.extensions import limiter
from app.mail.letters import guardian_link
from app.people.queries import was_reached
from app.web.consent import bp
from app.web.consent.link import find_link
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes

AN_HOUR = timedelta(hours=1)


@bp.post("/<token>/fresh")
@limiter.limit("10 per minute")
@open_to(Audience.GUARDIAN)
@writes
def fresh(token: str) -> ResponseReturnValue:
    """By letter to the address we know; without one it waits on the child's page. One an hour, however often asked."""
    only_fields()
    link, opened = find_link(token, lock=True)
    if link.expires_at > clock.now():
        return redirect(url_for("consent.read", token=token))
    if not was_reached(opened.story.id, opened.guardian.id, clock.now() - AN_HOUR):
        reach(opened.story, opened.guardian, guardian_link, opened.actor)
    return render_template("consent/fresh.html", by_letter=opened.guardian.email_sealed is not None)
