"""What a page is, said to search engines in the words of schema.org. Nothing that the page itself does not say.

A block of data is no script: browsers do not run it, and the Content-Security-Policy need not allow it.
"""

import json
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.adapters import outside
from app.campaigns.models import Campaign
from app.campaigns.rules import in_language, spoken
from app.release.queries import Item, may_stand_for_others
from app.web.absolute import absolute, file_address
from app.web.labels import title_of
from app.web.locale import page_code
from app.web.share_pictures import share_address
from app.web.templating import LANGUAGES, canonical, country_name, largest, tag_of

Node = dict[str, Any]
CONTEXT = "https://schema.org"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in f"<>&\u2028\u2029{TURNING}"}
"""What could end the block, or a line of it, or turn its direction, is written by its number, as JSON allows."""


def connect(app: Flask) -> None:
    """Give the templates of `app` the data of each kind of page."""
    app.jinja_env.globals.update(
        linked_data=linked_data,
        campaign_data=campaign_data,
        gallery_data=gallery_data,
        home_data=home_data,
        story_data=story_data,
    )


def linked_data(node: Node) -> Markup:
    """A block of JSON-LD that nothing in it can end."""
    written = json.dumps({"@context": CONTEXT, **node}, ensure_ascii=False, separators=(",", ":"))
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(written.translate(UNSAFE)))  # noqa: S704


def home_data() -> Node:
    """The site, and how it is searched."""
    gallery = str(outside().settings.public_url) + url_for("gallery.wall")
    search = f"{gallery}{'&' if '?' in gallery else '?'}q={{words}}"
    return site() | {
        "inLanguage": [tag for tag, _name in LANGUAGES.values()],
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


def site() -> Node:
    """What every page is a part of."""
    return {"@type": "WebSite", "name": _("Eyes on Me"), "url": absolute("gallery.home")}


def gallery_data() -> Node:
    """The wall."""
    return {
        "@type": "CollectionPage",
        "name": _("Gallery"),
        "description": _("Drawings, words and voices of children whose parents work far away."),
        "url": absolute("gallery.wall"),
        "isPartOf": site(),
    }


def campaign_data(campaign: Campaign) -> Node:
    """A campaign."""
    title, code = spoken(campaign.title, page_code())
    return {
        "@type": "CollectionPage",
        "name": title,
        "description": in_language(campaign.text, page_code()),
        "inLanguage": tag_of(code),
        "url": canonical(),
        "image": share_address("campaigns.share", slug=campaign.slug),
        "isPartOf": site(),
    }


def story_data(item: Item) -> Node:
    """A story, by what it is made of. Its author is the name that the child made up, where that is shown."""
    node: Node = {
        "@type": kind_of(item),
        "name": title_of(item),
        "url": absolute("gallery.story", story_id=item.story_id),
        "inLanguage": tag_of(item.locale),
        "datePublished": item.shown_on.isoformat(),
        "image": [image_data(image) for image in item.images]
        if may_stand_for_others(item)
        else share_address("gallery.share_story", story_id=item.story_id),
        "isPartOf": site(),
        "isAccessibleForFree": True,
        "usageInfo": absolute("gallery.about"),
    }
    if item.invented_name:
        node["author"] = {"@type": "Person", "name": item.invented_name}
    if item.country:
        node["contentLocation"] = {"@type": "Country", "name": country_name(item.country)}
    if item.sounds and "notes" not in item.body:
        node["audio"] = [sound_data(sound) for sound in item.sounds]
    return node


def kind_of(item: Item) -> str:
    """The nearest type there is: a drawing with words is a drawing still, a recording is one when it stands alone."""
    if item.images:
        return "VisualArtwork"
    return "AudioObject" if item.sounds and not item.text else "CreativeWork"


def image_data(image: Node) -> Node:
    """A picture in its largest form."""
    best = largest(image)
    return {
        "@type": "ImageObject",
        "contentUrl": file_address(best["name"]),
        "encodingFormat": best["media_type"],
        "width": best["width"],
        "height": best["height"],
    }


def sound_data(sound: Node) -> Node:
    """A recording in the first of its forms."""
    seconds = (sound["duration_ms"] or 0) // 1000
    return {
        "@type": "AudioObject",
        "contentUrl": file_address(sound["sources"][0]["name"]),
        "encodingFormat": sound["sources"][0]["media_type"],
        "duration": f"PT{seconds // 60}M{seconds % 60}S",
    }
