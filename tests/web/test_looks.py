"""A page that comes back with a refused form shows private things again: that look is in the audit as well."""

import pytest
from flask import Flask

from tests.web.answering import answer, confirm, new_version, the_guardian, the_story
from tests.web.consenting import Family, hire_pair, make_family, photographed, spoken
from tests.web.team import audited
from tests.web.telling import Visitor


def looks(app: Flask) -> int:
    """How often the one guardian looked at the one story."""
    with app.app_context():
        story_id, actor = the_story().id, f"guardian:{the_guardian().id}"
    return audited(app, story_id).count((actor, "story.viewed"))


def test_answers_that_cannot_be_kept_are_another_look(app: Flask, guardian: Visitor, link: str) -> None:
    before = looks(app)
    assert answer(guardian, link, gallery="perhaps") == 422
    assert "I feed the hens." in guardian.words
    assert looks(app) == before + 1


def test_so_are_answers_about_an_older_version(app: Flask, guardian: Visitor, link: str) -> None:
    guardian.get(f"{link}?lang=en")
    before = looks(app)
    new_version(app)
    assert answer(guardian, link, gallery="yes") == 409
    assert "Quite another story." in guardian.words
    assert looks(app) == before + 1
    assert confirm(guardian, link, gallery="yes") == 409
    assert looks(app) == before + 2


@pytest.mark.parametrize("address", ["accept", "ask-again"])
def test_each_look_at_the_name_of_a_witness_is_written_down(app: Flask, address: str) -> None:
    family: Family = make_family(app, declared=False)
    helper, other = hire_pair(app)
    there = f"/staff/consent/rulings/{spoken(app, helper, family)}"
    other.get(there)
    assert "Maria the neighbour" in other.words
    assert audited(app, family.story_id)[-1] == (other.id, "evidence.viewed")
    assert other.post(f"{there}/{address}").status_code == 422
    assert "Maria the neighbour" in other.words
    assert audited(app, family.story_id)[-2:] == [(other.id, "evidence.viewed")] * 2


def test_a_form_without_a_witness_is_a_look_too(app: Flask) -> None:
    family = make_family(app, declared=False)
    helper, other = hire_pair(app)
    other.get(f"/staff/consent/rulings/{photographed(app, helper, family)}")
    assert audited(app, family.story_id)[-1] == (other.id, "evidence.viewed")
