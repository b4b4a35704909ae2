"""The lines that put something of ours on another page; copied from our pages, and answered to oEmbed."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from flask import render_template
from markupsafe import Markup

from app.web.absolute import absolute

HEIGHT = 720
"""Of a frame whose page has no script that makes it as high as what it holds."""


def frame_code(address: str, title: str, width: str = "100%", height: int = HEIGHT) -> str:
    """A frame. It may run our own small script, and its links open in a tab of their own; that is all it may do."""
    return render_template("embed/frame_code.html", address=address, title=title, width=width, height=height).strip()


def script_code() -> str:
    """The script of the web component, which makes frames as high as what they hold too."""
    return f'<script type="module" src="{absolute("embed.script")}"></script>'


def component_code(attributes: Mapping[str, str], page: str, title: str) -> str:
    """The web component, with the link that stands in its place wherever it cannot."""
    said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    link = f'<a href="{escape(page)}">{escape(title)}</a>'
    return f"{script_code()}\n<eyes-on-me{said}>\n  {link}\n</eyes-on-me>"


def discovery(page: str, title: str) -> Markup:
    """Where a program finds what oEmbed says of this page, for its head."""
    line = Markup('<link rel="alternate" type="{}+oembed" title="{}" href="{}?{}">')
    return Markup("").join(
        line.format(kind, title, absolute("embed.oembed"), urlencode({"url": page, "format": ending}))
        for ending, kind in (("json", "application/json"), ("xml", "text/xml"))
    )
