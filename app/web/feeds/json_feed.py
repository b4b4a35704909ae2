"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any

from app.web.feeds.channel import Channel, Entry
from app.web.templating import page_language


def feed_of(channel: Channel) -> dict[str, Any]:
    """The whole feed."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.about,
        "home_page_url": channel.page,
        "feed_url": channel.address("json"),
        "language": page_language(),
        "items": [item_of(entry) for entry in channel.entries],
    }
    if channel.hub:
        feed["hubs"] = [{"type": "WebSub", "url": channel.hub}]
    return feed


def item_of(entry: Entry) -> dict[str, Any]:
    """One story."""
    item: dict[str, Any] = {
        "id": entry.address,
        "url": entry.address,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.day,
        "authors": [{"name": entry.author}],
        "language": entry.language,
        "tags": entry.item.themes,
    }
    if entry.images:
        item["image"] = entry.images[0]
    if entry.sounds:
        item["attachments"] = [
            {"url": sound["url"], "mime_type": sound["media_type"], "duration_in_seconds": sound["seconds"]}
            for sound in entry.sounds
        ]
    return item
