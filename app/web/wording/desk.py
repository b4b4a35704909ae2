"""What waits for a second person, and every story that words may be written beside."""

from flask import render_template, request

from app.curation.worded import listed, note_looks, waiting_for
from app.extensions import is_id
from app.people.permissions import Permission
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.wording import bp


@bp.get("")
@open_to(Audience.STAFF, Permission.WORDS_CHECK)
@writes
def index() -> str:
    """The newest approval first, with what is missing of each."""
    after = request.args.get("after", "")
    waiting, page = waiting_for(me()), listed(after if is_id(after) else "")
    note_looks(me(), [*waiting, *page.stories])
    return render_template("wording/index.html", waiting=waiting, page=page, mine=me().id)
