"""What somebody of the team sees where a page cannot be had: their own frame, the way back, and what they wrote."""

import re
from typing import NoReturn

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.people.permissions import Role
from app.web import login
from app.web.given_back import is_long
from tests.factories.stories import make_submitted
from tests.house.tree import below
from tests.web.consenting import FORM, Family, at, photographed
from tests.web.reviewing import made
from tests.web.team import Colleague, hire
from tests.web.telling import Visitor
from tests.web.test_safeguarding import OUTCOME, opened

NOWHERE = "x" * 22
TYPED = "This is what you wrote. You can copy it."


def ways(colleague: Colleague) -> list[str]:
    """Where the page that somebody looks at leads, below its words."""
    return re.findall(r'href="([^"]+)"', colleague.page.partition('<main id="main"')[2])


def test_closing_a_closed_case_gives_the_outcome_back(app: Flask) -> None:
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    case_id = opened(app, lead, made(app, make_submitted))
    lead.get(f"/staff/cases/{case_id}")
    lead.post(f"/staff/cases/{case_id}/close", {"outcome": OUTCOME})
    assert lead.post(f"/staff/cases/{case_id}/close", {"outcome": OUTCOME}).status_code == 409
    assert f"{TYPED} {OUTCOME}" in lead.words
    assert lead.name in lead.words
    assert "Tell your story" not in lead.words
    assert ways(lead) == ["/staff/cases", "/staff/"]
    assert "Back to “Cases”" in lead.words


def test_asking_again_about_a_ruled_form_gives_the_reason_back(
    app: Flask, pair: tuple[Colleague, Colleague], family: Family
) -> None:
    helper, other = pair
    evidence_id = photographed(app, helper, family)
    other.get(at(evidence_id))
    other.post(at(evidence_id, "accept"), FORM)
    assert other.post(at(evidence_id, "ask-again"), {"reason": "It is too dark."}).status_code == 409
    assert f"{TYPED} It is too dark." in other.words
    assert ways(other) == ["/staff/consent/rulings", "/staff/"]


@pytest.mark.parametrize(
    ("role", "address", "status", "there"),
    [
        (Role.SAFEGUARDING_LEAD, f"/staff/cases/{NOWHERE}", 404, ["/staff/cases", "/staff/"]),
        (Role.SAFEGUARDING_LEAD, f"/staff/consent/acts/{NOWHERE}", 404, ["/staff/consent/acts", "/staff/"]),
        (Role.SAFEGUARDING_LEAD, "/staff/consent", 403, ["/staff/consent/rulings", "/staff/"]),
        (Role.FACILITATOR, f"/staff/consent/ask/{NOWHERE}/photo", 404, ["/staff/consent", "/staff/"]),
        (Role.FACILITATOR, "/staff/cases", 403, ["/staff/"]),
        (Role.MODERATOR, f"/staff/review/{NOWHERE}", 404, ["/staff/review", "/staff/"]),
        (Role.CURATOR, f"/staff/campaigns/{NOWHERE}", 404, ["/staff/campaigns", "/staff/"]),
        (Role.CURATOR, f"/staff/words/{NOWHERE}", 404, ["/staff/words", "/staff/"]),
        (Role.ADMINISTRATOR, "/staff/nothing", 404, ["/staff/"]),
    ],
)
def test_the_page_leads_back_to_a_list_that_they_may_open(
    app: Flask, role: Role, address: str, status: int, there: list[str]
) -> None:
    colleague = hire(app, role)
    assert colleague.get(address).status_code == status
    assert "Log out" in colleague.words
    assert ways(colleague) == there
    assert [colleague.get(way).status_code for way in there] == [200] * len(there)


def test_whoever_is_not_logged_in_gets_the_page_for_everybody(app: Flask) -> None:
    visitor = Visitor(app.test_client())
    assert visitor.get("/staff/nothing").status_code == 404
    assert "Log out" not in visitor.words
    assert "Look at the gallery" in visitor.words


def test_without_a_database_it_is_the_page_for_everybody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    colleague = hire(app)

    def away(_token: str) -> NoReturn:
        raise OperationalError("SELECT 1", None, Exception())

    monkeypatch.setattr(login, "current_session", away)
    assert colleague.get("/staff/nothing").status_code == 404
    assert "Look at the gallery" in colleague.words
    assert colleague.get("/staff/").status_code == 503
    assert "Look at the gallery" in colleague.words


def test_what_another_site_sent_is_not_shown_on_our_page(app: Flask) -> None:
    colleague = hire(app)
    from_elsewhere = {"Sec-Fetch-Site": "same-site"}
    answer = colleague.post(f"/staff/review/{NOWHERE}/write", {"words": "Pay us."}, headers=from_elsewhere)
    assert answer.status_code == 403
    assert "Pay us." not in colleague.page


def test_every_longer_field_of_a_page_is_known_by_its_name() -> None:
    texts = [path.read_text(encoding="utf-8") for path in below("templates", endings=(".html",))]
    names = {name for text in texts for name in re.findall(r'{{ text_area\("([\w-]+)"', text)}
    assert len(names) > 10, "the search found almost nothing, so it proves nothing"
    assert {name for name in names if not is_long(name)} == {"references"}, "only what is looked for is not kept"
    assert [name for name in ("caption-abctext", "text-ro", "appeal-it") if not is_long(name)] == []
