"""Consent records held against the vocabulary they are written in, and against our own shapes.

`dpv/terms.csv` names every term of the core of DPV 2.1 and its kind, whether we use it or not: all 1,070 rows of the
published `2.1/dpv/dpv.csv` (github.com/w3c/dpv at 800c06b, read on 2026-11-30), misspelt names as they are there. They
are named here because no package has them: on npm both `@vocabulary/dpv` and `@zazuko/rdf-vocabularies` hold what
there was before version 1, in another namespace and without consent records; on PyPI there is none (looked for on
2026-11-25).
"""

import csv
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyshacl
from rdflib import RDF, Graph, Namespace, URIRef

FOLDER = Path(__file__).parent / "dpv"
DPV = Namespace("https://w3id.org/dpv#")


def vocabulary() -> dict[URIRef, str]:
    """The kind of each term: class, property or status."""
    with (FOLDER / "terms.csv").open(newline="") as file:
        return {DPV[row["term"]]: row["kind"] for row in csv.DictReader(file)}


@contextmanager
def rdflib_at_work() -> Iterator[None]:
    """rdflib's own parser and pySHACL call parts of rdflib that it is about to drop: not our business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def graph_of(document: dict[str, Any]) -> Graph:
    """The statements of a JSON-LD document."""
    with rdflib_at_work():
        return Graph().parse(data=json.dumps(document), format="json-ld")


def strangers(graph: Graph) -> set[tuple[str, str]]:
    """Terms of the vocabulary that it does not have, or has as something else, each with the place where it stands."""
    kinds = vocabulary()
    used: set[tuple[Any, str]] = set()
    for _subject, predicate, target in graph:
        used.add((predicate, "property"))
        if predicate == RDF.type:
            used.add((target, "class"))
        elif predicate == DPV.hasConsentStatus:
            used.add((target, "status"))
        elif target in DPV:
            used.add((target, "class"))
    return {(str(term), place) for term, place in used if term in DPV and kinds.get(term) != place}


def faults(graph: Graph) -> str:
    """What the shapes say against a graph; empty when nothing."""
    with rdflib_at_work():
        conforms, _report, words = pyshacl.validate(graph, shacl_graph=str(FOLDER / "shapes.ttl"))
    return "" if conforms else str(words)
