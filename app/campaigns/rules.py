"""Plain rules about campaigns: what one says of itself, in which languages, when, and who may frame it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from app.errors import Invalid
from app.people.rules import Locale

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_MAX = 60
LINE_MAX = 120
"""Signs of a title, a heading, a name: of whatever stands on one line."""
WORDS_MAX = 4_000
LINK_MAX = 500
PARTNERS_MAX = 30

_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^\s/?#:@]{1,253})(:(?P<port>[0-9]{1,5}))?(?=[/?#]|\Z)")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
"""What a Content-Security-Policy can name: no spaces, no wildcards, no user, nothing that ends a directive."""
_USUAL_PORT = {"https": 443, "http": 80}
_PORT_MAX = 65_535
_DEVIANT = re.compile("[ßς\u200c\u200d]")
"""What browsers keep in a host (UTS 46) and IDNA 2003, which is at hand here, changes into another host."""
_LINK = re.compile(r"https://[^\s\\@\"'<>`\x00-\x20\x7f]+")


@dataclass(frozen=True)
class Plan:
    """What a campaign says of itself. `title`, `text` and `appeal` hold one value for each locale."""

    languages: list[str]
    title: dict[str, str]
    text: dict[str, str]
    appeal: dict[str, str]
    opens_at: datetime | None
    closes_at: datetime | None = None
    action_link: str = ""
    action_until: date | None = None
    partners: list[dict[str, str]] = field(default_factory=list)
    """Each with a `name` and a `link`."""


def spoken(values: Mapping[str, str], locale: str) -> tuple[str, str]:
    """The value for `locale`, else the English one, else whichever there is; and the language that it is in."""
    for code in (locale, "en", *values):
        if values.get(code):
            return values[code], code
    return "", locale


def in_language(values: Mapping[str, str], locale: str) -> str:
    """The value for `locale`, else English, else whichever there is."""
    return spoken(values, locale)[0]


def embedding_origin(typed: str) -> str:
    """The origin of a site that may embed, as browsers write it: scheme, host in ASCII, a port only if it is unusual.

    Raises `Invalid("not_an_origin")`.
    """
    found = _ORIGIN.match(typed.strip().lower())
    if found is None:
        raise Invalid("not_an_origin", "embedding_sites")
    scheme, host = found["scheme"], _in_ascii(found["host"])
    usual = _USUAL_PORT[scheme]
    port = int(found["port"] or usual)
    if not host or not 0 < port <= _PORT_MAX or (scheme == "http" and host not in ("127.0.0.1", "localhost")):
        raise Invalid("not_an_origin", "embedding_sites")
    return f"{scheme}://{host}" if port == usual else f"{scheme}://{host}:{port}"


def _in_ascii(host: str) -> str:
    """A host as it is asked for (IDNA); empty for one that cannot be."""
    if not host.isascii():
        try:
            host = "" if _DEVIANT.search(host) else host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return host if _HOST.fullmatch(host) else ""


def is_only_origin(typed: str) -> bool:
    """Whether nothing would be dropped of what names such a site, but for a slash at its end."""
    found = _ORIGIN.match(typed.strip().lower())
    return found is not None and found.string[found.end() :] in ("", "/")


def is_origin(typed: str) -> bool:
    """Whether this names such a site."""
    try:
        embedding_origin(typed)
    except Invalid:
        return False
    return True


def is_link(typed: str) -> bool:
    """Whether a page may lead there: a whole https address without a user, spaces or signs that end an attribute."""
    if len(typed) > LINK_MAX or not _LINK.fullmatch(typed):
        return False
    try:
        return "." in (urlsplit(typed).hostname or "")
    except ValueError:
        return False


def is_slug(typed: str) -> bool:
    """Whether this can stand in an address."""
    return len(typed) <= SLUG_MAX and SLUG.fullmatch(typed) is not None


def faults_of(plan: Plan) -> dict[str, str]:
    """What cannot be kept of a plan: the code of a sentence for each field."""
    faults = dict(_faults_of_words(plan))
    known = {locale.value for locale in Locale}
    if not plan.languages or not set(plan.languages) <= known:
        faults["languages"] = "campaign_languages"
    elif not any(plan.title.get(code) for code in plan.languages):
        faults[f"title-{plan.languages[0]}"] = "campaign_title"
    if plan.opens_at is None:
        faults["opens_on"] = "campaign_opens"
    elif plan.closes_at is not None and plan.closes_at <= plan.opens_at:
        faults["closes_on"] = "campaign_closes"
    if plan.opens_at is not None and plan.action_until is not None and plan.action_until < plan.opens_at.date():
        faults["action_until"] = "campaign_deadline"
    if plan.action_link and not is_link(plan.action_link):
        faults["action_link"] = "not_a_link"
    if len(plan.partners) > PARTNERS_MAX or not all(map(is_partner, plan.partners)):
        faults["partners"] = "partner_line"
    return faults


def _faults_of_words(plan: Plan) -> Iterator[tuple[str, str]]:
    for name, longest, code in (
        ("title", LINE_MAX, "line_too_long"),
        ("text", WORDS_MAX, "words_too_long"),
        ("appeal", WORDS_MAX, "words_too_long"),
    ):
        values: dict[str, str] = getattr(plan, name)
        yield from ((f"{name}-{locale}", code) for locale, words in values.items() if len(words) > longest)


def is_partner(partner: Mapping[str, str]) -> bool:
    """Whether it has a name, and a link where a page may lead."""
    return 0 < len(partner.get("name", "")) <= LINE_MAX and is_link(partner.get("link", ""))


def untold(languages: Iterable[str], *values: Mapping[str, str]) -> list[str]:
    """The languages of a campaign in which any of these values is missing."""
    return [code for code in languages if not all(value.get(code) for value in values)]


def has_ended(closes_at: datetime | None, now: datetime) -> bool:
    """Whether its last day has passed."""
    return closes_at is not None and closes_at <= now


def has_begun(opens_at: datetime, announced_at: datetime | None, now: datetime) -> bool:
    """Whether a campaign has a public page: it was announced, and its first day has come."""
    return announced_at is not None and opens_at <= now


def last_day(closes_at: datetime) -> date:
    """The last day of what closes at this moment: a campaign, or an act of a court."""
    return (closes_at - timedelta.resolution).date()
