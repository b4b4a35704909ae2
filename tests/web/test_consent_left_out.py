"""What the desk says of forms that wait behind a newer answer, and of somebody whom two people left out."""

import pytest
from flask import Flask

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.models import Guardian
from tests.web.consenting import FORM, Family, at, make_family, photographed, ruled, ways
from tests.web.team import Colleague


@pytest.fixture
def family(app: Flask) -> Family:
    return make_family(app, declared=False)


def test_an_older_form_that_waits_is_not_hidden_by_a_newer_answer(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    photographed(app, helper, family)
    ruled(other, photographed(app, helper, family), "accept", **FORM)
    helper.get(family.address)
    assert "1 still waits for a second person" in helper.words


def test_whoever_goes_on_with_somebody_who_was_left_out_knows_it(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    pages, evidence_id = ways(helper, family), photographed(app, helper, family)
    with app.app_context(), transaction():
        db.session.get_one(Guardian, family.guardian_id).left_out_at = clock.now()
    for colleague, address in [*((helper, pages[way]) for way in ("photo", "voice", "call")), (other, at(evidence_id))]:
        colleague.get(address)
        assert "Two people left this guardian out." in colleague.words, address
