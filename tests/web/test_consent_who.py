"""By what a guardian decides: alone or with another parent, by an act that somebody must accept, or not at all."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date
from flask import Flask

from app import clock
from app.cli.sweeper import end_dead_acts
from app.cli.writing import transaction
from app.extensions import db
from app.people.authority import accept_act
from app.people.keys import unseal
from app.people.models import Authority
from app.people.permissions import Role
from app.people.queries import authority_of, growing_up, keys_to
from app.people.rules import AgeBand, Basis, Relation, months_later
from app.release.queries import places_now
from tests.factories.people import make_guardian, make_staff
from tests.factories.stories import guardian_says
from tests.web.answering import answer, fresh_link, rows_of_guardians, said, the_guardian, the_story
from tests.web.team import hire
from tests.web.telling import Visitor

NOTE = "Judecătoria Iași, nr. 123/2026, 3 May 2026"
COURT = {"relation": "court_carer", "alone": "", "act_note": NOTE}


def in_days(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


def held() -> Authority:
    found = authority_of(the_guardian().id)
    assert found is not None
    return found


def accept(app: Flask) -> None:
    with app.app_context(), transaction():
        accept_act(make_staff(Role.SAFEGUARDING_LEAD), held())


def test_the_form_asks_who_somebody_is_and_ticks_nothing(guardian: Visitor) -> None:
    for words in ("Mother", "Father", "Guardian institution", "A grandparent or somebody else, without a decision"):
        assert words in guardian.words
    assert "Do you decide alone, or together with another parent?" in guardian.words
    assert " checked" not in guardian.page


@pytest.mark.parametrize(("word", "alone"), [("alone", True), ("together", False)])
def test_a_parent_says_whether_they_decide_alone(
    app: Flask, guardian: Visitor, link: str, word: str, alone: bool
) -> None:
    assert answer(guardian, link, gallery="yes", relation="father", alone=word) == 302
    with app.app_context():
        assert the_guardian().relation is Relation.FATHER
        assert (held().basis, held().alone, held().accepted_by) == (Basis.PARENT, alone, None)
        assert held().accepted_at is not None
    guardian.get(f"{link}?lang=en")
    assert f'name="alone" value="{word}" checked' in guardian.page
    guardian.get(f"{link}/receipt?lang=en")
    assert ("You alone" in guardian.words) is alone
    assert ("You, together with another parent" in guardian.words) is not alone


def test_an_act_is_kept_and_opens_nothing_before_somebody_accepted_it(app: Flask, guardian: Visitor, link: str) -> None:
    assert answer(guardian, link, gallery="yes", **COURT, act_until=in_days(100)) == 302
    with app.app_context():
        assert said() == {"gallery": "yes"}
        act = held()
        assert (act.basis, act.scopes, act.accepted_at) == (Basis.COURT_ACT, None, None)
        assert act.closes_at == datetime.fromisoformat(in_days(101)).replace(tzinfo=UTC)
        owner = the_guardian().storyteller_id
        assert unseal(owner, f"act:{act.id}", act.note_sealed) == NOTE
        assert keys_to(owner) == []
        assert places_now(the_story().id) == []
    guardian.get(f"{link}/receipt?lang=en")
    assert "A second person looks at the decision first." in guardian.words
    assert "They open nothing until a person from our team has looked at the decision" in guardian.words
    assert "Whoever answered may not decide for the child at the moment." in guardian.words


def test_an_act_says_since_when_it_holds(app: Flask, guardian: Visitor, link: str) -> None:
    told = {**COURT, "act_from": in_days(-10), "act_until": in_days(100)}
    assert answer(guardian, link, gallery="yes", **told) == 302
    with app.app_context():
        address, begins = f"/staff/consent/acts/{held().id}", held().opens_at
    assert begins == datetime.fromisoformat(in_days(-10)).replace(tzinfo=UTC)
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get(address)
    assert f"From {format_date(begins, locale='en_GB')}" in lead.words
    assert lead.post(f"{address}/accept").status_code == 303


def test_an_act_that_was_taken_back_by_the_link_can_only_be_refused(app: Flask, guardian: Visitor, link: str) -> None:
    assert answer(guardian, link, gallery="yes", **COURT, act_until=in_days(100)) == 302
    with app.app_context():
        address = f"/staff/consent/acts/{held().id}"
    guardian.get(f"{link}?lang=en")
    assert answer(guardian, link, gallery="yes") == 302
    guardian.get(f"{link}/receipt?lang=en")
    assert "You told us of a decision that holds no longer, or that you took back." in guardian.words
    assert "The decision runs out on" not in guardian.words
    assert "You alone" in guardian.words
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get(address)
    assert "It can only be refused." in lead.words
    assert "Accept: they hold a key" not in lead.words
    assert lead.post(f"{address}/accept").status_code == 409
    assert lead.post(f"{address}/refuse").status_code == 303
    with app.app_context():
        assert (held().basis, held().accepted_at is None) == (Basis.PARENT, False)
    guardian.get(f"{link}?lang=en")
    assert 'name="relation" value="mother" checked' in guardian.page


def test_an_act_that_was_accepted_is_said_no_more_to_wait(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", **COURT, act_until=in_days(100))
    accept(app)
    guardian.get(f"{link}/receipt?lang=en")
    assert "A second person looks at the decision first." not in guardian.words
    last_day = format_date(date.fromisoformat(in_days(100)), "medium", locale="en_GB")
    assert f"The decision runs out on {last_day}" in guardian.words


def test_of_an_act_that_ran_out_the_carer_is_told_so(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", **COURT, act_until=in_days(3))
    accept(app)
    with app.app_context(), transaction():
        guardian_says(the_story(), the_guardian(), {"gallery": "yes"})
    with clock.fixed(clock.now() + timedelta(days=5)):
        guardian.get(f"{link}/receipt?lang=en")
        assert "the decision by which you decide has run out, or waits." in guardian.words
        with app.app_context(), transaction():
            end_dead_acts()
        guardian.get(f"{link}/receipt?lang=en")
        assert "We know of no decision that holds now. The one you told us about ran out on" in guardian.words


def test_answering_again_leaves_an_accepted_act_alone(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", **COURT, act_until=in_days(100))
    accept(app)
    with app.app_context():
        before = held().id
    guardian.get(f"{link}?lang=en")
    assert "We know the decision by which you decide." in guardian.words
    assert answer(guardian, link, gallery="no", relation="court_carer", alone="") == 302
    with app.app_context():
        assert (held().id, held().accepted_at is None) == (before, False)
        assert said() == {"gallery": "no"}


def test_a_new_act_stands_beside_the_old_one_and_waits(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", **COURT, act_until=in_days(100))
    accept(app)
    assert answer(guardian, link, gallery="yes", **{**COURT, "act_note": "No 7"}, act_until=in_days(300)) == 302
    with app.app_context():
        acts = db.session.query(Authority).order_by(Authority.created_at).all()
        assert [(act.ended_at is None, act.accepted_at is None) for act in acts] == [(True, False), (True, True)]


def test_an_act_can_be_about_some_places(app: Flask, guardian: Visitor, link: str) -> None:
    limited = {"act_until": in_days(30), "act_scopes": ["gallery", "print", "gallery"]}
    assert answer(guardian, link, gallery="yes", **COURT, **limited) == 302
    with app.app_context():
        assert held().scopes == ["gallery", "print"]


def test_an_institution_says_the_same_of_its_act(app: Flask, guardian: Visitor, link: str) -> None:
    told = {**COURT, "relation": "institution", "name": "A guardians' office"}
    assert answer(guardian, link, gallery="yes", **told) == 422
    assert answer(guardian, link, gallery="yes", **told, act_until=in_days(30)) == 302
    with app.app_context():
        assert (held().basis, held().accepted_at) == (Basis.INSTITUTION, None)


WRONG_ACTS: list[tuple[dict[str, str | list[str]], str]] = [
    ({"act_note": ""}, "Please write who decided"),
    ({"act_note": "  \t "}, "Please write who decided"),
    ({"act_note": "x" * 401}, "Please write who decided"),
    ({"act_until": ""}, "Please say until when the act runs"),
    ({"act_until": "yesterday"}, "Please say until when the act runs"),
    ({"act_until": "2026-02-30"}, "Please say until when the act runs"),
    ({"act_until": "2020-01-31"}, "Please say until when the act runs"),
    ({"act_until": "9999-12-31"}, "Please say until when the act runs"),
    ({"act_until": "9998-12-31"}, "A decision cannot hold as long as this."),
    ({"act_from": in_days(2)}, "Please tell us of it from its first day on."),
    ({"act_from": "tomorrow"}, "before the one on which the decision ends."),
    ({"act_from": "2026-02-30"}, "before the one on which the decision ends."),
    ({"act_from": "9999-12-31"}, "before the one on which the decision ends."),
    ({"act_scopes": ["gallery", "ai_training"]}, "One of the answers is not one we know."),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG_ACTS)
def test_an_act_that_says_nothing_is_not_kept(
    app: Flask, guardian: Visitor, link: str, change: dict[str, str | list[str]], sentence: str
) -> None:
    told: dict[str, str | list[str]] = {**COURT, "act_until": in_days(30), **change}
    assert answer(guardian, link, gallery="yes", **told) == 422
    assert sentence in guardian.words
    assert 'name="gallery" value="yes" checked' in guardian.page
    with app.app_context():
        assert (rows_of_guardians(), authority_of(the_guardian().id)) == (0, None)
        assert the_guardian().relation is None


def test_everything_that_is_missing_is_said_at_once(guardian: Visitor, link: str) -> None:
    assert answer(guardian, link, name="", relation="court_carer") == 422
    for sentence in (
        "Please write your name.",
        "Please write who decided",
        "Please say until when",
        "Please answer at least one",
    ):
        assert sentence in guardian.words


@pytest.mark.parametrize(("days", "status"), [(0, 302), (1, 422)])
def test_an_act_runs_as_long_as_the_childs_country_allows(
    app: Flask, guardian: Visitor, link: str, days: int, status: int
) -> None:
    assert "At most 12 months from today" in guardian.words
    until = months_later(clock.now().date(), 12) + timedelta(days=days)
    assert answer(guardian, link, gallery="yes", **COURT, act_until=until.isoformat()) == status


def test_somebody_without_authority_is_led_on_and_nothing_is_written(app: Flask, guardian: Visitor, link: str) -> None:
    data = {"relation": "nobody", "name": "Bunica", "gallery": "yes", "act_note": NOTE}
    data |= {"text": guardian.hidden("text"), "version": guardian.hidden("version")}
    response = guardian.post(link, data)
    assert response.location == f"{link}/carer"
    guardian.follow(response)
    for words in ("We have kept nothing of what you wrote.", "Be a witness", "Hand the link on", "Stop showing it"):
        assert words in guardian.words
    assert f"http://127.0.0.1:8000{link}" in guardian.words
    with app.app_context():
        assert rows_of_guardians() == 0
        assert (the_guardian().relation, the_guardian().name_sealed) == (None, None)
        assert the_guardian().doubted_at is not None
        assert authority_of(the_guardian().id) is None


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE guardian; --",
    "{{ 7 * 7 }}",
    "\u202eevil",
    "\u05d0 \u05d1 名 🙂",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(app: Flask, guardian: Visitor, link: str, name: str) -> None:
    assert answer(guardian, link, gallery="yes", name=name) == 302
    guardian.get(f"{link}/receipt?lang=en")
    assert name in guardian.words
    assert "<script>alert" not in guardian.page
    with app.app_context():
        kept = the_guardian()
        assert unseal(kept.storyteller_id, f"name:{kept.id}", kept.name_sealed) == name


@pytest.fixture
def tell_month(guardian: Visitor, link: str) -> Callable[[str], int]:
    """Tell the month of the child's 18th birthday from the receipt; the status."""

    def tell(month: str) -> int:
        guardian.get(f"{link}/receipt?lang=en")
        return guardian.post(f"{link}/majority", {"majority": month}).status_code

    return tell


def test_the_month_of_majority_may_be_told_and_only_its_days_are_kept(
    app: Flask, guardian: Visitor, link: str, tell_month: Callable[[str], int]
) -> None:
    answer(guardian, link, gallery="yes")
    guardian.get(f"{link}/receipt?lang=en")
    assert "You need not say it." in guardian.words
    year = clock.now().year + 6
    assert tell_month(f"{year}-05") == 302
    with app.app_context():
        teller = the_story().storyteller
        assert (teller.own_age_from, teller.majority_from) == (date(year - 2, 6, 1), date(year, 6, 1))
    guardian.get(f"{link}/receipt?lang=en")
    assert "We have been told already" in guardian.words
    assert f"{year}-05" not in guardian.words
    assert "It does not count yet" not in guardian.words


def test_a_month_that_another_parent_has_not_told_does_not_count_and_the_page_says_so(
    app: Flask, guardian: Visitor, link: str, tell_month: Callable[[str], int]
) -> None:
    answer(guardian, link, gallery="yes")
    with app.app_context(), transaction():
        make_guardian(the_story().storyteller)
    month = f"{clock.now().year + 7}-12"
    assert tell_month(month) == 302
    guardian.get(f"{link}/receipt?lang=en")
    assert "It counts when you tell it once more, by the fresh link that we send you." in guardian.words
    guardian.get(f"{link}?lang=en")
    assert "You have told us so." not in guardian.words  # by the same link
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert f"Does the child turn 18 in December {month[:4]}?" in guardian.words
    assert guardian.post(f"{fresh}/majority", {"majority": guardian.hidden("majority")}).status_code == 302
    guardian.get(f"{fresh}/receipt?lang=en")
    assert "It counts as soon as everybody else who decides for the child has told the same month." in guardian.words
    assert "It does not count yet: not everybody who decides for the child has told this month." in guardian.words
    with app.app_context():
        assert growing_up(the_story().storyteller) == (None, None)


def test_a_parent_who_decides_together_does_not_say_otherwise_by_a_link_alone(
    app: Flask, guardian: Visitor, link: str
) -> None:
    answer(guardian, link, gallery="yes", alone="together")
    guardian.get(f"{link}?lang=en")
    assert answer(guardian, link, gallery="yes", alone="alone") == 422
    assert "You told us that you decide together with another parent." in guardian.words
    with app.app_context():
        assert not held().alone


MONTHS = ["", "2031", "May 2031", "2031-13", "2031-00", "1999-05", "9999-01", "²031-05", "x" * 900]


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_that_cannot_be_is_not_kept(
    app: Flask, guardian: Visitor, link: str, tell_month: Callable[[str], int], month: str
) -> None:
    answer(guardian, link, gallery="yes")
    assert tell_month(month) == 422
    assert "Please choose a month in the years until the child is 18" in guardian.words
    with app.app_context():
        assert the_story().storyteller.majority_from is None


def test_a_month_that_does_not_fit_the_childs_age_group_is_asked_about(
    app: Flask, guardian: Visitor, link: str, tell_month: Callable[[str], int]
) -> None:
    answer(guardian, link, gallery="yes")
    assert tell_month(f"{clock.now().year + 2}-05") == 422
    assert "This month does not fit the age group that the child told us." in guardian.words
    with app.app_context():
        assert the_story().storyteller.majority_from is None


def test_only_somebody_with_a_key_tells_the_month(
    app: Flask, guardian: Visitor, link: str, tell_month: Callable[[str], int]
) -> None:
    assert tell_month("2031-05") == 403
    guardian.get(f"{link}?lang=en")
    answer(guardian, link, gallery="yes", **COURT, act_until=in_days(30))
    guardian.get(f"{link}/receipt?lang=en")
    assert "When does the child turn 18?" not in guardian.words
    assert tell_month("2031-05") == 403
    with app.app_context():
        assert the_story().storyteller.majority_from is None
        assert the_story().storyteller.age_band is AgeBand.TEN_TO_TWELVE
