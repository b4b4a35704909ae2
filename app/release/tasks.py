"""Jobs of the release."""

from app.adapters.queue import job
from app.release.publishing import publish


@job("release.publish_media")
def publish_media(story_id: str) -> None:
    """Let the public store follow the showcase for one story."""
    publish(story_id)
