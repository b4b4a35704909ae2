"""What waits for a second person, and every story that words may be written beside."""

from flask import render_template, request

from app.curation.worded import Worded, listed, note_looks, sent_back, waiting_for
from app.extensions import is_id
from app.people.permissions import Permission, may
from app.stories.wordings import Written
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import writes
from app.web.wording import bp
from app.web.wording.page import at


@bp.get("")
@open_to(Audience.STAFF, Permission.WORDS_CHECK)
@writes
def index() -> str:
    """The newest approval first, with what is missing of each."""
    after = request.args.get("after", "")
    waiting, page = waiting_for(me()), listed(after if is_id(after) else "")
    returned = sent_back() if may(me().role, Permission.WORDS_WRITE) else []
    note_looks(me(), [*waiting, *returned, *page.stories])
    return render_template(
        "wording/index.html",
        waiting=waiting,
        returned=[(worded, each, form_of(worded, each)) for worded in returned for each in worded.returned],
        page=page,
        mine=me().id,
    )


def form_of(worded: Worded, written: Written) -> str:
    """Where words are written anew."""
    return at(worded, written.locale, f"words-{written.kind.value}-{written.about}")
