"""The stories that wait, the oldest first; before them the children who asked for help."""

from flask import render_template, request

from app import clock
from app.moderation import queries
from app.people.permissions import Permission, may
from app.safeguarding.queries import held_among, under_case
from app.stories.queries import media_of
from app.web.guard import Audience, open_to
from app.web.inspection import calls_for
from app.web.login import me
from app.web.moderation import bp
from app.web.transaction import writes

MANY = 100


@bp.get("")
@open_to(Audience.STAFF, Permission.STORY_REVIEW)
@writes
def queue() -> str:
    """One page of the queue: what a story is made of and how long it waits, never who told it.

    Of one that a case is about only the leads see more than that it is with them.
    """
    staff, page = me(), queries.queue(request.args.get("after", ""))
    ids = [story.id for story in page.stories]
    return render_template(
        "moderation/queue.html",
        page=page,
        media=media_of(ids),
        held=held_among(ids),
        count=queries.count_waiting(MANY + 1),
        many=MANY,
        with_lead=set() if may(staff.role, Permission.CASE_HANDLE) else under_case(ids),
        calls=calls_for(staff),
        objected=queries.declined_by(ids),
        now=clock.now(),
        me=staff,
    )
