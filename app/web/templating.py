"""What every template may use: hashed assets, icons, the script nonce, and words about the page's language.

`connect(app)` puts them among Jinja's globals.
"""

import json
import secrets
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from app.campaigns import rules as campaigns
from app.people.permissions import Permission, may

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


def connect(app: Flask) -> None:
    """Give the templates of `app` their helpers."""
    app.jinja_env.globals.update(
        current_user=current_user,
        asset=asset,
        by_width=by_width,
        country_name=country_name,
        csp_nonce=csp_nonce,
        here=here,
        icon=icon,
        in_language=in_language,
        languages=LANGUAGES,
        media_address=media_address,
        srcset=srcset,
        page_direction=page_direction,
        page_language=page_language,
        staff_may=staff_may,
    )


def asset(name: str) -> str:
    """The address of a built asset: `asset('site.css')`."""
    return url_for("static", filename=f"dist/{_manifest(_static_folder())[name]}")


def by_width(image: dict[str, Any], media_type: str) -> list[dict[str, Any]]:
    """An image's renditions of one type, the smallest first."""
    of_type = [item for item in image["renditions"] if item["media_type"] == media_type]
    return sorted(of_type, key=itemgetter("width"))


def media_address(name: str, address: Callable[[str], str] | None = None) -> str:
    """Where a rendition is fetched: at its public address, or wherever `address` says."""
    return str(address(name)) if address else f"{request.root_path}/media/{name}"


def srcset(renditions: list[dict[str, Any]], address: Callable[[str], str] | None = None) -> str:
    """Addresses and widths of renditions, for the browser to choose from."""
    return ", ".join(f"{media_address(item['name'], address)} {item['width']}w" for item in renditions)


def icon(name: str, classes: str = "") -> Markup:
    """The drawing templates/icons/<name>.svg, inline and hidden from screen readers: words stand beside it."""
    return _drawing(Path(current_app.root_path, current_app.template_folder or ""), name, classes)


def country_name(code: str) -> str:
    """The name of a country in the page's language; the code itself when it is unknown."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def in_language(values: dict[str, str]) -> str:
    """The value in this page's language, else in English."""
    return campaigns.in_language(values, _language())


def csp_nonce() -> str:
    """The nonce of this answer's scripts; the Content-Security-Policy header names the same one."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def here(**changes: str | None) -> str:
    """The address of this page with some of its query changed; a value of None drops that part."""
    query = MultiDict(request.args)
    for name, value in changes.items():
        query.poplist(name)
        if value is not None:
            query[name] = value
    path = quote("/" + (request.root_path + request.path).lstrip("/"))
    words = urlencode(list(query.items(multi=True)))
    return f"{path}?{words}" if words else path


def leave_address() -> str:
    """The harmless page that the quick exit opens, in the page's language."""
    return ELSEWHERE.get(_language(), ELSEWHERE["en"])


def page_language() -> str:
    """The language tag of this page's words, for `<html lang>`."""
    code = _language()
    return LANGUAGES.get(code, (code, code))[0]


def page_direction() -> str:
    """`ltr` or `rtl`, for `<html dir>`."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def staff_may(permission: str) -> bool:
    """Whether whoever is logged in has this permission (`case.handle`); for links, never instead of the guard."""
    return bool(current_user.is_authenticated) and may(current_user.role, Permission(permission))


def _language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "en"


def _static_folder() -> Path:
    return Path(current_app.static_folder or "").resolve()


@lru_cache
def _manifest(static: Path) -> dict[str, str]:
    made: dict[str, str] = json.loads((static / "dist" / "manifest.json").read_text())
    return made


@lru_cache(maxsize=512)
def _drawing(templates: Path, name: str, classes: str) -> Markup:
    drawing = (templates / "icons" / f"{name}.svg").read_text().strip()
    attributes = Markup('class="icon icon-{} {}" aria-hidden="true" focusable="false" ').format(
        name.replace("/", "-"), classes
    )
    return Markup(drawing.replace("<svg ", f"<svg {attributes}", 1))  # noqa: S704  (our own drawing, escaped attributes)
