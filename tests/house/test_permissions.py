"""Who may open which address is a reviewed table, and the table is true."""

import os

import pytest
from flask import Flask

from app.extensions import limiter
from app.people.permissions import STAFF_ROLES, Role, may
from app.web.guard import Audience
from tests.house.matrix import Row, cross_site, document, matrix
from tests.house.tree import ROOT

DOCUMENT = ROOT / "docs" / "permissions.md"
READ_BY_POST = ["/oai"]
"""The harvesting protocol asks for an answer to POST as well; its view commits nothing."""
STAFF = {role.value.replace("_", " "): role for role in STAFF_ROLES}


@pytest.fixture(autouse=True)
def fresh_brakes(app: Flask) -> None:
    limiter.reset()


def turned_away(row: Row, who: str) -> bool:
    """Whether this visitor must not get to this row's view."""
    if row.access.audience is Audience.CHILD:
        return who != "child"
    if row.access.audience is not Audience.STAFF:
        return False
    role: Role | None = STAFF.get(who)
    return role is None or (row.access.permission is not None and not may(role, row.access.permission))


def test_the_table_is_what_the_application_answers(app: Flask) -> None:
    rows = matrix(app)
    let_in = [
        (row.method, row.path, who)
        for row in rows
        for who, status in row.statuses.items()
        if turned_away(row, who) and status not in (302, 403)
    ]
    assert let_in == []
    assert [(row.path, row.statuses) for row in rows if max(row.statuses.values()) >= 500] == []
    assert [row.path for row in rows if row.method != "GET" and min(row.statuses.values()) < 300] == READ_BY_POST
    if os.environ.get("WRITE_PERMISSIONS"):
        DOCUMENT.write_text(document(rows), encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == document(rows)


def test_another_site_changes_nothing_for_anybody(app: Flask) -> None:
    answered = cross_site(app)
    assert len(answered) > 25
    assert {key: statuses for key, statuses in answered.items() if statuses != {403}} == {}
