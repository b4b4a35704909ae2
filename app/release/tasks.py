"""Jobs of the release."""

import structlog

from app.adapters import outside
from app.adapters.queue import commit, job
from app.adapters.webhook import Reply
from app.errors import Unavailable
from app.release.publishing import publish
from app.release.telling import Call, note_reply, take

log = structlog.get_logger()


@job("release.publish_media")
def publish_media(story_id: str) -> None:
    """Let the public store follow the showcase for one story."""
    publish(story_id)


@job("release.tell_site")
def tell_site(notice_id: str) -> None:
    """Tell one site about one story. Two commits, so that nobody waits for the database while a receiver thinks."""
    call = take(notice_id)
    commit(outside().queue)
    if call is None:
        return
    note_reply(notice_id, _reply_to(call, notice_id))
    commit(outside().queue)


def _reply_to(call: Call, notice_id: str) -> Reply | None:
    if call.url is None:
        return None
    try:
        return outside().webhook.post(call.url, call.headers, call.body)
    except Unavailable:
        log.warning("site.unreachable", notice=notice_id)
        return None
