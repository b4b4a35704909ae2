"""What a harvester may ask, and the errors the protocol has for the rest.

http://www.openarchives.org/OAI/openarchivesprotocol.html, sections 3.6 and 4
"""

from collections.abc import Mapping
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from app.web.xml_words import printable

PREFIX = "oai_dc"
TOKEN = "resumptionToken"  # noqa: S105  (a parameter's name)
SELECTION = ("from", "until", "set")


class Refused(Exception):
    """The protocol's own error: its code, and a sentence for whoever reads the log."""

    def __init__(self, code: str, words: str) -> None:
        self.code, self.words = code, printable(words)
        super().__init__(code)


class Verb(NamedTuple):
    """What a verb must be asked with, and what it may be asked with."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    resumes: bool = False
    """Whether a resumption token may stand in place of everything else."""


VERBS: Mapping[str, Verb] = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=("identifier",)),
    "ListSets": Verb(resumes=True),
    "ListIdentifiers": Verb(("metadataPrefix",), SELECTION, resumes=True),
    "ListRecords": Verb(("metadataPrefix",), SELECTION, resumes=True),
    "GetRecord": Verb(("identifier", "metadataPrefix")),
}
ARGUMENTS = ("verb", "identifier", "metadataPrefix", *SELECTION, TOKEN)


def verb_of(given: "MultiDict[str, str]") -> str:
    """The one verb of a request. Raises `Refused`."""
    verbs = given.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Refused("badVerb", "Please give one verb, one of: " + ", ".join(VERBS) + ".")
    return verbs[0]


def arguments_of(verb: str, given: "MultiDict[str, str]") -> dict[str, str]:
    """The arguments beside the verb, each once and all of them known. Raises `Refused`."""
    arguments = {name: value for name, value in given.items() if name != "verb"}
    about = VERBS[verb]
    if about.resumes and arguments.keys() == {TOKEN} and len(given.getlist(TOKEN)) == 1:
        return arguments
    unknown = arguments.keys() - {*about.required, *about.optional}
    twice = [name for name in arguments if len(given.getlist(name)) > 1]
    empty = [name for name, value in arguments.items() if not value]
    missing = [name for name in about.required if not arguments.get(name)]
    for names, fault in (
        (unknown, "does not take"),
        (twice, "takes only once"),
        (missing, "must be asked with"),
        (empty, "takes nothing empty"),
    ):
        if names:
            raise Refused("badArgument", f"{verb} {fault}: {', '.join(sorted(names))[:200]}.")
    if arguments.get("metadataPrefix", PREFIX) != PREFIX:
        raise Refused("cannotDisseminateFormat", f"There is only {PREFIX}.")
    return arguments
