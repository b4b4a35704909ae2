"""The one address of the protocol. Its errors are answers too, with status 200."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from flask import Response, render_template, request

from app import clock
from app.adapters import outside
from app.config import Settings
from app.extensions import csrf, is_id
from app.release import elsewhere
from app.release.elsewhere import Record
from app.web.absolute import absolute
from app.web.guard import Audience, open_to
from app.web.oai import bp
from app.web.oai.arguments import ARGUMENTS, TOKEN, Refused, arguments_of, verb_of
from app.web.oai.harvest import part_of, sets
from app.web.oai.records import prefix, told
from app.web.xml_words import printable

Values = dict[str, Any]
UNREADABLE = ("badVerb", "badArgument")
"""Refusals that repeat nothing of what was asked, as the protocol wants it (OAI-PMH 2.0, 3.2)."""


@bp.route("/oai", methods=["GET", "POST"])
@open_to(Audience.PUBLIC, query=ARGUMENTS, exact=True, kept=False)
def provider() -> Response:
    """What a harvester asks for, or the protocol's error."""
    given = request.form if request.method == "POST" else request.args
    asked: dict[str, str] = {}
    try:
        verb = verb_of(given)
        arguments = arguments_of(verb, given)
        asked = {"verb": verb, **arguments}
        return xml(asked, verb=verb, **ANSWERS[verb](verb, arguments))
    except Refused as error:
        return xml({} if error.code in UNREADABLE else asked, verb="error", error=error)


csrf.exempt(provider)  # to ask by POST changes nothing


def xml(asked: dict[str, str], **values: Any) -> Response:
    """The envelope. Jinja escapes what it prints in a file of this kind."""
    now = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    printed = {name: printable(value) for name, value in asked.items()}
    page = render_template("oai/answer.xml", now=now, base=absolute("oai.provider"), asked=printed, **values)
    return Response(page, mimetype="text/xml")


def identify(_verb: str, _arguments: dict[str, str]) -> Values:
    """Who this is, and since when anything was told."""
    return {
        "contact": address_of(outside().settings),
        "first_day": elsewhere.first_day(),
    }


def address_of(settings: Settings) -> str:
    """The e-mail address that the protocol asks for: of the team, or else of whoever keeps this running safe."""
    usual = settings.contact if settings.contact.startswith("mailto:") else settings.security_contact
    return usual.removeprefix("mailto:")


def list_formats(_verb: str, arguments: dict[str, str]) -> Values:
    """The one format, which every record has."""
    if "identifier" in arguments:
        find(arguments["identifier"])
    return {}


def list_sets(_verb: str, arguments: dict[str, str]) -> Values:
    """The campaigns that run; they never fill more than one answer."""
    if TOKEN in arguments:
        raise Refused("badResumptionToken", "The sets are always told at once.")
    return {"sets": sets()}


def list_records(verb: str, arguments: dict[str, str]) -> Values:
    """Some records, with all or with their headers alone."""
    part = part_of(verb, arguments)
    return {"records": told(part.records), "part": part}


def get_record(_verb: str, arguments: dict[str, str]) -> Values:
    """One record."""
    return {"records": told([find(arguments["identifier"])])}


def find(identifier: str) -> Record:
    """The record that is called so. Raises `Refused`."""
    found = None
    story_id = identifier.removeprefix(prefix())
    if identifier == prefix() + story_id and is_id(story_id):
        found = elsewhere.record(story_id)
    if found is None:
        raise Refused("idDoesNotExist", "There is no such record.")
    return found


ANSWERS: dict[str, Callable[[str, dict[str, str]], Values]] = {
    "Identify": identify,
    "ListMetadataFormats": list_formats,
    "ListSets": list_sets,
    "ListIdentifiers": list_records,
    "ListRecords": list_records,
    "GetRecord": get_record,
}
