"""Logging in, staying in, and being out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.cli.writing import transaction
from app.extensions import db, limiter, new_id
from app.people.models import Staff, StaffSession
from tests.factories.people import make_staff
from tests.web.team import Colleague, audited, code_now, hire

NOON = datetime(2026, 11, 24, 12, 0, 7, tzinfo=UTC)
WRONG = "That address and password do not fit together."


@pytest.fixture
def colleague(app: Flask) -> Colleague:
    with app.app_context(), transaction():
        return Colleague(app.test_client(), make_staff())


def log_ins(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(StaffSession)) or 0


def test_both_factors_open_the_page_that_was_wanted(app: Flask, colleague: Colleague) -> None:
    assert colleague.get("/staff/review").location == "/staff/login?next=/staff/review"
    assert colleague.log_in("/staff/review").location == "/staff/review"
    assert colleague.get("/staff/review").status_code == 200
    assert audited(app, colleague.id) == [(colleague.id, "staff.logged_in")]


def test_who_is_in_goes_straight_on(colleague: Colleague) -> None:
    colleague.log_in()
    assert colleague.get("/staff/login?next=/staff/review").location == "/staff/review"


def test_a_wrong_password_and_an_unknown_account_hear_the_same(app: Flask, colleague: Colleague) -> None:
    answer = colleague.give_password("wrong")
    assert answer.status_code == 200
    assert WRONG in colleague.words
    known = colleague.words
    colleague.give_password("wrong", email="nobody@example.org")
    assert colleague.words == known
    assert 'value="nobody@example.org"' in colleague.page
    assert not colleague.is_in()


def test_a_failure_is_in_the_audit_without_what_was_typed(app: Flask, colleague: Colleague) -> None:
    colleague.give_password("wrong-but-secret")
    colleague.give_password("wrong-but-secret", email="nobody@example.org")
    colleague.give_password()
    colleague.give_code("000000")
    assert audited(app, colleague.id) == [("visitor", "staff.log_in_failed")] * 2
    assert audited(app, "unknown") == [("visitor", "staff.log_in_failed")]


def test_naughty_addresses_are_only_wrong(colleague: Colleague) -> None:
    for typed in ("\x00", "a" * 5_000, "' OR 1=1 --", "\N{RIGHT-TO-LEFT OVERRIDE}x@y.z", "😀@x.yz", ""):
        limiter.reset()
        assert colleague.give_password("\x00\n", email=typed or " ").status_code == 200
        assert WRONG in colleague.words


def test_a_code_is_good_once(app: Flask, colleague: Colleague) -> None:
    with clock.fixed(NOON):
        colleague.log_in()
        thief = Colleague(app.test_client(), _row(app, colleague.id))
        thief.give_password()
        answer = thief.give_code(code_now())
        assert answer.status_code == 200
        assert "This code does not fit." in thief.words
    with clock.fixed(NOON + timedelta(seconds=30)):
        assert thief.give_code().status_code == 303


def test_a_late_clock_is_forgiven_for_one_step_only(colleague: Colleague) -> None:
    with clock.fixed(NOON):
        before = code_now()
    with clock.fixed(NOON + timedelta(seconds=70)):
        colleague.give_password()
        assert colleague.give_code(before).status_code == 200
    with clock.fixed(NOON + timedelta(seconds=40)):
        assert colleague.give_code(f" {before[:3]} {before[3:]} ").status_code == 303


def test_the_second_step_needs_the_first(colleague: Colleague) -> None:
    assert colleague.get("/staff/second-factor").location == "/staff/login"
    colleague.get("/staff/login")
    assert colleague.post("/staff/second-factor", {"code": code_now()}).location == "/staff/login"


def test_the_first_step_is_forgotten_after_five_minutes(colleague: Colleague) -> None:
    with clock.fixed(NOON):
        colleague.give_password()
        colleague.get("/staff/second-factor")
    with clock.fixed(NOON + timedelta(minutes=5, seconds=1)):
        assert colleague.post("/staff/second-factor", {"code": code_now()}).location == "/staff/login"


def test_guessing_a_password_is_slowed_for_that_account_alone(app: Flask, colleague: Colleague) -> None:
    for _ in range(10):
        assert colleague.give_password("wrong").status_code == 200
    assert colleague.give_password().status_code == 429
    assert colleague.give_password(email=colleague.email.upper()).status_code == 429
    assert hire(app).is_in()


def test_whoever_guesses_somewhere_else_keeps_nobody_out(colleague: Colleague) -> None:
    for number in range(10):
        colleague.client.environ_base["REMOTE_ADDR"] = f"2001:db8::{number}"
        assert colleague.give_password("wrong").status_code == 200
    assert colleague.give_password().status_code == 429
    colleague.client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert colleague.give_password().status_code == 303


def test_guessing_accounts_is_slowed_for_that_address(colleague: Colleague) -> None:
    for number in range(20):
        assert colleague.give_password("wrong", email=f"guess-{number}@example.org").status_code == 200
    assert colleague.give_password().status_code == 429


def test_guessing_a_code_is_slowed(colleague: Colleague) -> None:
    colleague.give_password()
    for _ in range(5):
        assert colleague.give_code("000000").status_code == 200
    assert colleague.give_code().status_code == 429


def test_those_who_succeed_are_never_slowed(app: Flask, colleague: Colleague) -> None:
    for number in range(12):
        with clock.fixed(NOON + timedelta(minutes=number)):
            assert Colleague(app.test_client(), _row(app, colleague.id)).log_in().status_code == 303


def test_a_log_in_has_nothing_of_the_session_before(colleague: Colleague) -> None:
    with colleague.client.session_transaction() as session:
        session["storyteller"] = "a child's card was shown in this browser"
        session["locale"] = "ro"
    colleague.give_password()
    with colleague.client.session_transaction() as session:
        before = dict(session)
    colleague.give_code()
    with colleague.client.session_transaction() as session:
        after = dict(session)
    assert set(after) == {"_user_id", "_fresh", "_id", "locale"}
    assert after["locale"] == "ro"
    assert before["csrf_token"] not in after.values()


def test_each_log_in_has_a_token_of_its_own_and_the_database_only_its_hash(app: Flask, colleague: Colleague) -> None:
    tokens = set()
    for number in range(2):
        with clock.fixed(NOON + timedelta(minutes=number)):
            browser = Colleague(app.test_client(), _row(app, colleague.id))
            browser.log_in()
        with browser.client.session_transaction() as session:
            tokens.add(session["_user_id"])
    assert len(tokens) == 2
    with app.app_context():
        assert not tokens & set(db.session.scalars(select(StaffSession.token_hash)))


def test_a_copied_cookie_dies_with_the_log_in(app: Flask, colleague: Colleague) -> None:
    colleague.log_in()
    cookie = colleague.client.get_cookie("eyes")
    assert cookie is not None
    assert colleague.is_in()
    assert colleague.post("/staff/logout").location == "/staff/login"
    thief = Colleague(app.test_client(), _row(app, colleague.id))
    thief.client.set_cookie("eyes", cookie.value)
    assert not thief.is_in()
    assert audited(app, colleague.id)[-1] == (colleague.id, "staff.logged_out")


def test_half_an_hour_of_quiet_ends_a_log_in(colleague: Colleague) -> None:
    with clock.fixed(NOON):
        colleague.log_in()
    with clock.fixed(NOON + timedelta(minutes=29)):
        assert colleague.is_in()
    with clock.fixed(NOON + timedelta(minutes=58)):
        assert colleague.is_in()
    with clock.fixed(NOON + timedelta(minutes=89)):
        assert not colleague.is_in()


def test_whoever_writes_stays_and_whoever_was_away_hears_that_nothing_was_kept(colleague: Colleague) -> None:
    colleague.log_in()
    for minutes in (25, 50):
        with clock.fixed(clock.now() + timedelta(minutes=minutes)):
            assert colleague.get("/staff/still-here").status_code == 204
    with clock.fixed(clock.now() + timedelta(minutes=75)):
        assert colleague.get("/staff/").status_code == 200
    with clock.fixed(clock.now() + timedelta(hours=3)):
        asked = colleague.post("/staff/campaigns/new", {"slug": "here"})
        assert asked.location == "/staff/login?next=/staff/campaigns/new&lost=1"
        colleague.get(asked.location)
        assert "what you sent last did not arrive" in colleague.words
        colleague.get("/staff/login?next=/staff/campaigns/new")
        assert "what you sent last did not arrive" not in colleague.words
        asked = colleague.post(f"/staff/review/{new_id()}/decide", {"message": "Kind words."})
        assert re.fullmatch(r"/staff/login\?next=/staff/review/[\w-]{22}&lost=1", asked.location)


def test_twelve_hours_end_a_log_in_however_busy(colleague: Colleague) -> None:
    with clock.fixed(NOON):
        colleague.log_in()
    for minutes in range(20, 12 * 60 + 1, 20):
        with clock.fixed(NOON + timedelta(minutes=minutes)):
            assert colleague.is_in()
    with clock.fixed(NOON + timedelta(hours=12, seconds=1)):
        assert not colleague.is_in()


def test_log_ins_that_ended_leave_no_rows(app: Flask, colleague: Colleague) -> None:
    with clock.fixed(NOON):
        colleague.log_in()
    with clock.fixed(NOON + timedelta(days=1)):
        Colleague(app.test_client(), _row(app, colleague.id)).log_in()
    assert log_ins(app) == 1


def test_one_button_ends_every_log_in(app: Flask, colleague: Colleague) -> None:
    other = Colleague(app.test_client(), _row(app, colleague.id))
    with clock.fixed(NOON):
        colleague.log_in()
    with clock.fixed(NOON + timedelta(minutes=1)):
        other.log_in()
        assert colleague.is_in()
        assert colleague.post("/staff/logout-everywhere").location == "/staff/login"
        assert not other.is_in()
    assert log_ins(app) == 0


def test_a_closed_account_is_out_at_once(app: Flask, colleague: Colleague) -> None:
    colleague.log_in()
    with app.app_context(), transaction():
        db.session.get_one(Staff, colleague.id).active = False
    assert not colleague.is_in()
    limiter.reset()
    assert colleague.give_password().status_code == 200
    assert WRONG in colleague.words


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/staff",
        "/staff//evil.example",
        "/\\evil.example",
        "/staff/../tell",
        "/staffx",
        "/staff/review?next=//evil.example",
        "javascript:alert(1)",
        "/staff\n//evil.example",
    ],
)
def test_only_pages_of_the_staff_area_are_gone_on_to(colleague: Colleague, wanted: str) -> None:
    assert colleague.log_in(wanted).location == "/staff/"


def test_another_site_cannot_log_anybody_in(colleague: Colleague) -> None:
    colleague.get("/staff/login")
    typed = {"email": colleague.email, "password": "x"}
    assert colleague.post("/staff/login", typed, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert colleague.client.post("/staff/login", data=typed).status_code == 400


def _row(app: Flask, staff_id: str) -> Staff:
    with app.app_context():
        return db.session.get_one(Staff, staff_id)
