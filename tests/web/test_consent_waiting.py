"""What the desk says while forms and recordings wait: how many, and whose."""

import re
from html import unescape

from flask import Flask
from sqlalchemy import select

from app.cli.writing import transaction
from app.extensions import db
from app.people.models import Guardian
from app.stories.models import Story
from tests.factories.people import make_guardian
from tests.web.consenting import FORM, RULINGS, Family, at, evidence_ids, photographed, ruled, send_file, spoken, ways
from tests.web.team import Colleague
from tests.web.telling import picture


def test_nobody_has_answered_while_older_forms_of_theirs_wait(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    older = [photographed(app, helper, family), photographed(app, helper, family)]
    newest = spoken(app, helper, family)
    helper.get(family.address)
    assert "Guardian 1 3 still wait for a second person To the child" in helper.words
    ruled(other, newest, "accept", **FORM, witness_heard="1")
    helper.get(family.address)
    assert "Guardian 1 2 still wait for a second person To the child" in helper.words
    assert "Named by mistake?" not in helper.words
    ruled(other, older[1], "ask-again", reason="It is too dark.")
    helper.get(family.address)
    assert "Guardian 1 1 still waits for a second person To the child" in helper.words
    ruled(other, older[0], "accept", **FORM)
    helper.get(family.address)
    assert "Guardian 1 Answered To the child" in helper.words


def test_an_older_form_waits_beside_one_that_is_asked_for_again(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    photographed(app, helper, family)
    ruled(other, photographed(app, helper, family), "ask-again", reason="It is too dark.")
    helper.get(family.address)
    assert "Guardian 1 1 still waits for a second person Ask again To the child" in helper.words


def test_each_row_of_the_list_says_which_guardian_it_is_about(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    with app.app_context(), transaction():
        make_guardian(db.session.get_one(Story, family.story_id).storyteller, declared=False)
    helper.get(family.address)
    by_photo = re.findall(r'href="(/staff/consent/ask/[\w-]+/photo)"', helper.page)
    for address in reversed(by_photo):
        assert send_file(helper, address, "photo", picture()).status_code == 303
    with app.app_context():
        relation = db.session.scalar(select(Guardian.relation).where(Guardian.id == family.guardian_id))
    assert relation == "mother"
    other.get(RULINGS)
    rows = re.findall(r'data-label="Guardian">([^<]+)<', unescape(other.page))
    assert rows == ["Guardian 2, not said yet", "Guardian 1, Mother"]
    assert f"Look at {family.reference} · Guardian 2, not said yet" in other.words
    other.get(at(evidence_ids(app, family.story_id)[0]))
    assert f"{family.reference} · Guardian 2, not said yet" in other.words


def test_the_recorder_comes_before_the_text_that_is_read_while_it_runs(helper: Colleague, family: Family) -> None:
    helper.get(ways(helper, family)["voice"])
    parts = (
        "Start the recording.",
        'id="witness"',
        "data-recorder",
        "Read this aloud",
        "Hand in the recording</button>",
    )
    places = [helper.page.index(part) for part in parts]
    assert places == sorted(places)
