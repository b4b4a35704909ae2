"""A yes by link is said twice; and what each guardian is told of where the story stands."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.consent.models import Answer
from app.consent.rules import campaign_scope
from app.extensions import db
from app.people.models import GuardianLink
from app.release.queries import places_now
from app.release.terms import Reason
from app.web.guardian_words import REASONS_FOR_GUARDIAN, REASONS_OF_MINE
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_guardian
from tests.factories.stories import approve, guardian_says
from tests.factories.texts import newest
from tests.web.answering import (
    A_DAY,
    NO_EVERYWHERE,
    answer,
    confirm,
    confirmed,
    fresh_link,
    link_in_letter,
    new_version,
    rows_of_guardians,
    said,
    the_story,
)
from tests.web.telling import Child, Visitor

BUTTON = "Yes, that is what I want"


@pytest.fixture
def chosen() -> dict[str, int]:
    """An approved story is seen at once when everybody has said yes."""
    return {"cooling_off_minutes": 0}


def moderate(app: Flask) -> None:
    with app.app_context(), transaction():
        approve(the_story())


def places(app: Flask) -> list[str]:
    with app.app_context():
        return places_now(the_story().id)


@pytest.mark.parametrize("chosen", [{"confirm_after_minutes": 1}])
def test_each_page_tells_the_time_that_this_deployment_waits(guardian: Visitor, link: str) -> None:
    assert "The fresh link comes 1 minute after your answers." in guardian.words
    assert "day after you" not in guardian.words
    answer(guardian, link, gallery="yes")
    guardian.get(f"{link}?lang=en")
    assert "It comes 1 minute after your answers." in guardian.words
    guardian.get(f"{link}/receipt?lang=zh")
    assert "1分钟" in guardian.words


def test_the_receipt_says_that_it_must_be_said_once_more(guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", embed="no")
    guardian.get(f"{link}/receipt?lang=en")
    assert "After 1 day the child gets a fresh link to hand over to you." in guardian.words
    assert "Your yes counts only then, so that nobody can answer in your name" in guardian.words
    assert guardian.words.count("To be said once more.") == 1


def test_with_an_address_the_fresh_link_comes_by_letter(app: Flask, client: FlaskClient) -> None:
    Child(client).tell(email="mama@example.org", gallery="yes")
    with app.app_context():
        link = link_in_letter()
    visitor = Visitor(app.test_client())
    visitor.get(f"{link}?lang=en")
    answer(visitor, link, gallery="yes")
    visitor.get(f"{link}/receipt?lang=en")
    assert "After 1 day we send you a fresh link by letter." in visitor.words


def test_a_no_need_not_be_said_twice(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="no", embed="unsure")
    guardian.get(f"{link}/receipt?lang=en")
    assert "once more" not in guardian.words
    with app.app_context():
        assert confirmed() == {"gallery": True, "embed": True}


def test_the_first_link_confirms_nothing_however_often_it_is_used(app: Flask, guardian: Visitor, link: str) -> None:
    moderate(app)
    answer(guardian, link, gallery="yes")
    guardian.get(f"{link}?lang=en")
    assert BUTTON not in guardian.words
    assert "Your yes counts when you have said it once more by a fresh link." in guardian.words
    assert answer(guardian, link, gallery="yes") == 302
    guardian.get(f"{link}?lang=en")
    assert confirm(guardian, link, gallery="yes") == 302
    with app.app_context():
        assert confirmed() == {"gallery": False}
    assert places(app) == []


def test_the_fresh_link_shows_what_was_said_and_one_button_confirms_all_of_it(
    app: Flask, guardian: Visitor, link: str
) -> None:
    moderate(app)
    answer(guardian, link, gallery="yes", embed="yes", print="no")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert "Is this still what you want?" in guardian.words
    panel = guardian.page.split("once-more")[2].split("</section>")[0]
    questions = newest("guardian", "en").questions
    assert questions["gallery"] in panel
    assert questions["print"] not in panel
    assert 'name="gallery" value="yes"' in panel
    assert 'name="print"' not in panel
    assert panel.count('class="button"') == 2, "yes and no are two buttons of one look"
    assert confirm(guardian, fresh, gallery="yes", embed="yes") == 302
    with app.app_context():
        assert confirmed() == {"gallery": True, "embed": True, "print": True}
    assert places(app) == ["embed", "gallery"]
    guardian.get(f"{fresh}/receipt?lang=en")
    assert "once more" not in guardian.words
    assert "Can be seen" in guardian.words


def test_a_link_that_was_made_too_soon_does_not_count(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    soon = fresh_link(app, A_DAY - timedelta(minutes=2))
    guardian.get(f"{soon}?lang=en")
    assert BUTTON not in guardian.words
    assert confirm(guardian, soon, gallery="yes") == 302
    with app.app_context():
        assert confirmed() == {"gallery": False}


def test_changing_one_answer_on_the_fresh_link_confirms_the_others(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", embed="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert answer(guardian, fresh, gallery="yes", embed="no", print="yes") == 302
    with app.app_context():
        assert said() == {"gallery": "yes", "embed": "no", "print": "yes"}
        assert confirmed() == {"gallery": True, "embed": True, "print": False}


def test_no_on_the_fresh_link_takes_everything_back(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert guardian.post(f"{fresh}/take-back").status_code == 302
    with app.app_context():
        assert said() == NO_EVERYWHERE
    guardian.get(f"{fresh}?lang=en")
    assert BUTTON not in guardian.words


def test_pressing_twice_is_fine(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert confirm(guardian, fresh, gallery="yes") == 302
    guardian.get(f"{fresh}?lang=en")
    assert confirm(guardian, fresh, gallery="yes") == 302
    with app.app_context():
        assert confirmed() == {"gallery": True}


def test_a_changed_story_is_not_confirmed_but_shown(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    new_version(app)
    assert confirm(guardian, fresh, gallery="yes") == 409
    assert "Quite another story." in guardian.words
    assert BUTTON not in guardian.words
    with app.app_context():
        assert rows_of_guardians() == 1


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"text": "0" * 64}, 409), ({"version": "7"}, 409), ({"gallery": "perhaps"}, 409), ({"gallery": ""}, 409)],
)
def test_what_was_not_shown_is_not_confirmed(
    app: Flask, guardian: Visitor, link: str, sent: dict[str, str], status: int
) -> None:
    answer(guardian, link, gallery="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert confirm(guardian, fresh, **{"gallery": "yes", **sent}) == status
    with app.app_context():
        assert (rows_of_guardians(), confirmed()) == (1, {"gallery": False})


def test_nobody_confirms_who_has_not_said_who_they_are(app: Flask, guardian: Visitor, link: str) -> None:
    assert confirm(guardian, link, gallery="yes") == 409
    assert guardian.post(f"{link}/confirm", {"identity_card": "X 123"}).status_code == 400
    with app.app_context():
        assert rows_of_guardians() == 0


def test_both_rows_stand_in_the_ledger(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    confirm(guardian, fresh, gallery="yes")
    with app.app_context():
        rows = db.session.scalars(select(Answer).where(Answer.party == "guardian").order_by(Answer.seq)).all()
        assert [(row.value, row.method, row.confirmed) for row in rows] == [
            ("yes", "link", False),
            ("yes", "link", True),
        ]
        assert len(db.session.scalars(select(GuardianLink)).all()) == 2


def test_every_reason_has_words_for_a_guardian_that_blame_nobody() -> None:
    assert set(REASONS_FOR_GUARDIAN) >= set(Reason)
    about_guardians = {reason for reason in Reason if reason.startswith("guardian_")}
    assert set(REASONS_OF_MINE) == (about_guardians | {Reason.KEY_GONE}) - {Reason.GUARDIAN_MISSING}
    said_to_them = " ".join(str(words) for words in [*REASONS_FOR_GUARDIAN.values(), *REASONS_OF_MINE.values()])
    for word in ("refused", "fault", "blame", "mother said", "father said", "case"):
        assert word not in said_to_them.lower()


def standing(guardian: Visitor, link: str) -> str:
    guardian.get(f"{link}/receipt?lang=en")
    return guardian.words.split("Where can it be seen now?")[1].split("Is there another parent")[0]


def test_a_guardian_is_told_whose_answer_is_missing(app: Flask, guardian: Visitor, link: str) -> None:
    moderate(app)
    answer(guardian, link, gallery="yes", print="yes", alone="together")
    words = standing(guardian, link)
    assert "Our gallery You said yes. Please say it once more by the fresh link. Not shown" in words
    assert "Other websites You have not said anything about this place. Not shown" in words
    once_more = "You said yes. Please say it once more by the fresh link."
    assert f"Exhibitions {once_more} The child has not answered about this place. Not shown" in words
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    confirm(guardian, fresh, gallery="yes", print="yes")
    with app.app_context(), transaction():
        the_story().storyteller.country = "DE"
        make_guardian(the_story().storyteller, alone=False)
    words = standing(guardian, fresh)
    assert "Our gallery The other parent has not answered yet. Not shown" in words


@pytest.mark.parametrize("word", ["no", "unsure"])
def test_of_another_guardians_refusal_no_more_is_said_than_that_it_is_not_shown(
    app: Flask, guardian: Visitor, link: str, word: str
) -> None:
    moderate(app)
    with app.app_context(), transaction():
        guardian_says(the_story(), make_guardian(the_story().storyteller, name="Ion Secret"), {"gallery": word})
    answer(guardian, link, gallery="yes")
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    confirm(guardian, fresh, gallery="yes")
    words = standing(guardian, fresh)
    assert "Our gallery Not everybody who decides said yes; then it is not shown, and that is fine." in words
    assert "Ion Secret" not in guardian.page
    assert places(app) == []


def test_the_childs_no_is_fine(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    child.tell(gallery="no", print="yes")
    visitor = Visitor(app.test_client())
    visitor.get(f"{child.link()}?lang=en")
    moderate(app)
    answer(visitor, child.link(), gallery="yes", print="no")
    words = standing(visitor, child.link())
    assert "The child said no about this place; then it is not shown, and that is fine." in words
    assert "Exhibitions You said no; then it is not shown, and that is fine. Not shown" in words


def test_a_parent_who_decides_with_another_is_told_that_one_is_missing(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    child.tell(press="yes")
    link = child.link()
    visitor = Visitor(app.test_client())
    visitor.get(f"{link}?lang=en")
    moderate(app)
    answer(visitor, link, press="yes", alone="together")
    fresh = fresh_link(app)
    visitor.get(f"{fresh}?lang=en")
    confirm(visitor, fresh, press="yes")
    assert "Another parent has not been asked, or has not answered yet." in standing(visitor, fresh)


def test_a_yes_about_a_title_that_has_changed_is_not_confirmed_about_another(
    app: Flask, guardian: Visitor, link: str
) -> None:
    with app.app_context(), transaction():
        campaign_id = make_campaign(slug="here").id
    scope = campaign_scope(campaign_id)
    guardian.get(f"{link}?lang=en")
    answer(guardian, link, gallery="yes", **{scope: "yes"})
    with app.app_context(), transaction():
        campaign = db.session.get_one(Campaign, campaign_id)
        campaign.title, campaign.titled_at = {"en": "Something else"}, clock.now()
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    panel = guardian.page[guardian.page.index("once-more") : guardian.page.index("Or change single answers")]
    assert "Campaign here" not in panel
    assert scope not in panel
    assert confirm(guardian, fresh, gallery="yes") == 302
    guardian.get(f"{fresh}?lang=en")
    answer(guardian, fresh, **{scope: "yes"})
    with app.app_context():
        assert confirmed()["gallery"]
        assert not confirmed()[scope]
