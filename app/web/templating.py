"""What every template may use: hashed assets, icons, the script nonce, and words about the page's language.

`connect(app)` puts them among Jinja's globals.
"""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup

from app.adapters import outside
from app.campaigns import rules as campaigns
from app.people.permissions import Permission, may
from app.release.beside import said_in_words
from app.web.guard import access_of, is_public
from app.web.here import page_path
from app.web.locale import asked_language, format_day, gap, page_code, quoted

LANGUAGES = {
    "en": ("en", "English"),
    "zh": ("zh-Hans", "简体中文"),
    "ro": ("ro", "Română"),
    "it": ("it", "Italiano"),
}
"""The `?lang=` code of each language, with its HTML tag and its own name."""

ELSEWHERE = {
    "en": "https://www.bbc.co.uk/weather",
    "zh": "https://www.weather.com.cn/",
    "ro": "https://www.meteoromania.ro/",
    "it": "https://www.meteoam.it/",
}
"""Where "Leave quickly" goes: a page about the weather, which nobody wonders about."""


IN_EACH_LANGUAGE = ("gallery.home", "gallery.about", "gallery.story", "campaigns.index", "campaigns.page")
"""The pages that search engines are told of in every language."""


def connect(app: Flask) -> None:
    """Give the templates of `app` their helpers."""
    app.jinja_env.filters |= {"dateformat": format_day, "moment": moment}
    app.jinja_env.globals.update(
        current_user=current_user,
        asked_language=asked_language,
        alternates=alternates,
        asset=asset,
        canonical=canonical,
        by_width=by_width,
        largest=largest,
        country_name=country_name,
        feeds_of=feeds_of,
        here=here,
        icon=icon,
        in_language=in_language,
        languages=LANGUAGES,
        last_day=campaigns.last_day,
        media_address=media_address,
        srcset=srcset,
        own_name=own_name,
        page_direction=page_direction,
        page_language=page_language,
        gap=gap,
        quoted=quoted,
        said_in_words=said_in_words,
        script=script,
        speaks_to_child=speaks_to_child,
        spoken=spoken,
        staff_may=staff_may,
    )


def moment(at: datetime) -> str:
    """A day as the page's language writes it, and the time."""
    return f"{format_day(at)} {at:%H:%M}"


def asset(name: str) -> str:
    """The address of a built asset: `asset('site.css')`."""
    made = _manifest(current_app.static_folder or "")[name]
    return f"{request.root_path}{current_app.static_url_path}/dist/{made}"


def by_width(image: dict[str, Any], media_type: str) -> list[dict[str, Any]]:
    """An image's renditions of one type, the smallest first; one where a small picture has several of a width."""
    of_type = {item["width"]: item for item in image["renditions"] if item["media_type"] == media_type}
    return sorted(of_type.values(), key=itemgetter("width"))


def largest(image: dict[str, Any]) -> dict[str, Any]:
    """An image's largest rendition that every browser of these years opens."""
    found: dict[str, Any] = (by_width(image, "image/webp") or by_width(image, "image/jpeg") or image["renditions"])[-1]
    return found


def media_address(name: str, address: Callable[[str], str] | None = None) -> str:
    """Where a rendition is fetched: at its public address, or wherever `address` says."""
    return str(address(name)) if address else f"{request.root_path}/media/{name}"


def srcset(renditions: list[dict[str, Any]], address: Callable[[str], str] | None = None) -> str:
    """Addresses and widths of renditions, for the browser to choose from."""
    return ", ".join(f"{media_address(item['name'], address)} {item['width']}w" for item in renditions)


def icon(name: str, classes: str = "") -> Markup:
    """The drawing templates/icons/<name>.svg, inline and hidden from screen readers: words stand beside it."""
    return _drawing(current_app.root_path, str(current_app.template_folder), name, classes)


def canonical() -> str:
    """The one address of a public page in its language: with what its view reads of the query, and nothing else."""
    access = access_of(request.endpoint or "")
    if access is None or not is_public():
        return ""
    read = {*access.query, *(["lang"] if asked_language() else [])}
    return str(outside().settings.public_url) + here(**dict.fromkeys(set(request.args) - read))


def alternates() -> list[tuple[str, str]]:
    """A page in each language, by HTML tag, and as whoever asks for none gets it; nothing for lists and searches."""
    if request.endpoint not in IN_EACH_LANGUAGE:
        return []
    public, nothing_else = str(outside().settings.public_url), dict.fromkeys(request.args)
    wanted = [*((tag, code) for code, (tag, _name) in LANGUAGES.items()), ("x-default", None)]
    return [(tag, public + here(**nothing_else | {"lang": code})) for tag, code in wanted]


def country_name(code: str) -> str:
    """The name of a country in the page's language; the code itself when it is unknown."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def feeds_of(endpoint: str, title: str, **values: Any) -> Markup:
    """Where a reader finds the feeds of this page, for its head."""
    line = Markup('<link rel="alternate" type="{}" title="{}" href="{}">')
    return Markup("").join(
        line.format(f"application/{kind}", title, url_for(endpoint, ending=ending, **values))
        for ending, kind in (("atom", "atom+xml"), ("json", "feed+json"))
    )


def in_language(values: dict[str, str]) -> str:
    """The value in this page's language, else in English."""
    return campaigns.in_language(values, page_code())


class Said(NamedTuple):
    """Words of a campaign; `lang` is the HTML tag of their language where it is not the page's."""

    words: str
    lang: str

    @property
    def mark(self) -> Markup:
        """The attribute that says so, for the element that holds the words."""
        return Markup(' lang="{}"').format(self.lang) if self.lang else Markup("")


def tag_of(code: str) -> str:
    """A language's HTML tag."""
    return LANGUAGES.get(code, (code,))[0]


def spoken(values: dict[str, str]) -> Said:
    """The value in this page's language, else in English, else whichever there is."""
    words, code = campaigns.spoken(values, page_code())
    return Said(words, "" if code == page_code() else tag_of(code))


def own_name(tag: str) -> str:
    """What a language calls itself, by its HTML tag."""
    return dict(LANGUAGES.values()).get(tag, tag)


def script(name: str) -> Markup:
    """The tag that loads a built script: `script('site.js')`."""
    nonce = Markup(' nonce="{}"').format(csp_nonce()) if csp_nonce() else ""
    return Markup('<script type="module" src="{}"{}></script>').format(asset(name), nonce)


def csp_nonce() -> str:
    """The nonce of this answer's scripts, named in its Content-Security-Policy; none on a page for everybody."""
    if is_public():
        return ""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def here(**changes: str | None) -> str:
    """The address of this page with some of its query changed; a value of None drops that part."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name not in changes]
    query += [(name, value) for name, value in changes.items() if value is not None]
    words = urlencode(query)
    return f"{page_path()}?{words}" if words else page_path()


def speaks_to_child() -> bool:
    """Whether the page is a child's: everybody else is spoken to as a grown-up."""
    return request.blueprint in ("tell", "my_story")


def leave_address() -> str:
    """The harmless page that the quick exit opens, in the page's language."""
    return ELSEWHERE.get(page_code(), ELSEWHERE["en"])


def page_language() -> str:
    """The language tag of this page's words, for `<html lang>`."""
    return tag_of(page_code())


def page_direction() -> str:
    """`ltr` or `rtl`, for `<html dir>`."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def staff_may(permission: str) -> bool:
    """Whether whoever is logged in has this permission (`case.handle`); for links, never instead of the guard."""
    return bool(current_user.is_authenticated) and may(current_user.role, Permission(permission))


@lru_cache
def _manifest(static: str) -> dict[str, str]:
    made: dict[str, str] = json.loads(Path(static, "dist", "manifest.json").read_text())
    return made


@lru_cache(maxsize=512)
def _drawing(root: str, templates: str, name: str, classes: str) -> Markup:
    drawing = Path(root, templates, "icons", f"{name}.svg").read_text().strip()
    attributes = Markup('class="icon icon-{} {}" aria-hidden="true" focusable="false" ').format(
        name.replace("/", "-"), classes
    )
    return Markup(drawing.replace("<svg ", f"<svg {attributes}", 1))  # noqa: S704  (our own drawing, escaped attributes)
