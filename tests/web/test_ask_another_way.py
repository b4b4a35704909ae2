"""A parent's address was wrong, or nobody answers there: the child asks another way, and the old one ends."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.adapters.mailer import FolderMailer
from app.cli.writing import transaction
from app.consent.naming import disclaim, doubt, leave_out
from app.consent.notices import ask_again
from app.consent.rules import Method
from app.extensions import db
from app.mail.models import OutboxLetter
from app.people.actions import add_guardian, declare_guardian
from app.people.permissions import Role
from app.people.rules import Locale, Relation
from app.people.tasks import send_letter
from app.stories.models import Story
from app.web.my_story.another_way import masked
from app.web.reaching import LETTERS_FROM_HERE
from tests.factories.people import make_staff
from tests.factories.taken import take_from
from tests.web.answering import guardians, letters, link_in_letter, the_guardian, the_story
from tests.web.team import audited, hire
from tests.web.telling import Child, Visitor

WRONG, RIGHT = "mohter@example.org", "mother@example.com"
LETTER = {"how": "letter", "email": RIGHT, "guardian_locale": "ro"}
HAND = {"how": "hand", "guardian_locale": "ro"}
ASKED = "We wrote to your parent or carer at m…@example.org. They have not answered yet."
ANOTHER_WAY = "Ask them another way"
ANSWERED = "They have answered in the meantime."


@pytest.fixture
def child(app: Flask) -> Child:
    """A child who mistyped the address, and comes back with the card."""
    child = Child(app.test_client())
    child.come_back(email=WRONG, gallery="yes")
    return child


def changed(app: Flask, change: Callable[[Story], object]) -> None:
    """Something that somebody else did."""
    with app.app_context(), transaction():
        change(the_story())


def declare(_story: Story) -> None:
    declare_guardian(the_guardian(), "Elena Popescu", Relation.MOTHER, alone=True)


def page_of(app: Flask) -> str:
    with app.app_context():
        return f"/my-story/guardian/{the_guardian().id}"


def delivered(app: Flask) -> list[str]:
    """To whom the worker sends what waits."""
    with app.app_context():
        for letter_id in db.session.scalars(select(OutboxLetter.id)).all():
            send_letter(letter_id)
        mailer = app.extensions["eyes"].mailer
        assert isinstance(mailer, FolderMailer)
        return [letter.to for _, letter in mailer.letters()]


def old_link(app: Flask) -> str:
    with app.app_context():
        return link_in_letter()


def written(app: Flask) -> str:
    """Every letter that waits."""
    with app.app_context():
        return " ".join(letters())


def offered(child: Child) -> bool:
    child.get("/my-story/home")
    return ANOTHER_WAY in child.words


# What is offered


def test_the_page_says_how_they_were_asked_and_no_more(app: Flask, child: Child) -> None:
    child.get("/my-story/home")
    assert ASKED in child.words
    assert f'href="{page_of(app)}"' in child.page
    child.get(page_of(app))
    assert ASKED in child.words
    assert WRONG not in child.page


@pytest.mark.parametrize(
    ("address", "shown"), [("m@example.org", "m…@example.org"), ('"a@b"@example.org', '"…@example.org')]
)
def test_of_an_address_the_first_letter_and_the_domain_are_shown(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_nothing_is_offered_about_whom_a_guardian_named_or_a_link_reaches(app: Flask, child: Child) -> None:
    def name_more(story: Story) -> None:
        mother = the_guardian()
        declare(story)
        add_guardian(story.storyteller_id, Locale.EN, "father@example.org", named_by=mother.id)
        add_guardian(story.storyteller_id, Locale.EN)

    changed(app, name_more)
    assert not offered(child)
    with app.app_context():
        _mother, father, helpers = [f"/my-story/guardian/{one.id}" for one in guardians()]
    assert child.get(father).status_code == child.post(father, HAND).status_code == 404
    assert child.post(helpers, LETTER).location == "/my-story/home"
    with app.app_context():
        assert guardians()[2].email_sealed is None


def test_nothing_is_offered_while_a_story_is_being_changed_or_erased(app: Flask, child: Child) -> None:
    page = page_of(app)
    child.get("/my-story/correct")
    child.post("/my-story/correct")
    assert not offered(child)
    child.post("/my-story/change", {"title": "", "text": "Other words.", "go": "send"})
    assert offered(child)
    child.post("/my-story/erase", {"when": "later"})
    assert not offered(child)
    child.follow(child.post(page, LETTER))
    assert "This cannot be changed now." in child.words
    assert RIGHT not in delivered(app)


# Another way


def test_another_address_ends_what_went_to_the_first_one(app: Flask, child: Child) -> None:
    stranger, link = Visitor(app.test_client()), old_link(app)
    assert stranger.get(f"{link}?lang=en").status_code == 200
    child.get(page_of(app))
    child.follow(child.post(page_of(app), LETTER))
    assert "We wrote to your parent or carer at m…@example.com." in child.words
    assert stranger.get(f"{link}?lang=en").status_code == 404
    assert "ask whoever gave you the link for a new one" in stranger.words
    assert Visitor(app.test_client()).get(old_link(app)).status_code == 302, "it is sent on to its language"
    with app.app_context():
        one = the_guardian()
        assert (one.locale, one.relation, one.remind_at is not None) == (Locale.RO, None, True)
        teller = one.storyteller_id
    assert delivered(app) == [RIGHT]
    assert ("child", "guardian.readdressed") in audited(app, teller)


def test_a_letter_that_left_does_not_leave_twice(app: Flask, child: Child) -> None:
    link = old_link(app)
    assert delivered(app) == [WRONG]
    child.get(page_of(app))
    child.post(page_of(app), LETTER)
    assert sorted(delivered(app)) == sorted([WRONG, RIGHT])
    assert Visitor(app.test_client()).get(link).status_code == 404


def test_a_link_to_hand_over_waits_on_the_page(app: Flask, child: Child) -> None:
    link = old_link(app)
    child.get(page_of(app))
    child.follow(child.post(page_of(app), HAND))
    assert "A link for your parent or carer" in child.words
    assert "has not answered yet. You have a link for them." in child.words
    handed = re.findall(r'href="http[^"]*(/consent/[^"]+)"', child.page)[0]
    assert handed != link
    guardian = Visitor(app.test_client())
    assert guardian.get(f"{handed}?lang=en").status_code == 200
    assert guardian.get(f"{link}?lang=en").status_code == 404
    assert delivered(app) == []
    child.follow(child.post(page_of(app), HAND))
    assert re.findall(r'href="http[^"]*(/consent/[^"]+)"', child.page)[0] == handed, "the button was pressed twice"
    assert "The link is here already." in child.words
    child.follow(child.post(page_of(app), LETTER))
    assert guardian.get(f"{handed}?lang=en").status_code == 404
    assert delivered(app) == [RIGHT]


def test_the_same_address_is_not_written_to_again(app: Flask, child: Child) -> None:
    link = old_link(app)
    child.get(page_of(app))
    child.follow(child.post(page_of(app), {**LETTER, "email": WRONG.upper(), "guardian_locale": "en"}))
    assert "We have written to this address already." in child.words
    assert old_link(app) == link
    child.post(page_of(app), {**LETTER, "email": WRONG})  # in another language they are
    assert old_link(app) != link


def test_a_wrong_address_comes_back_with_a_sentence(app: Flask, child: Child) -> None:
    link = old_link(app)
    child.get(page_of(app))
    assert child.post(page_of(app), {**LETTER, "email": "mother at example"}).status_code == 422
    assert "The address should look like this:" in child.words
    assert 'value="mother at example"' in child.page
    assert child.post(page_of(app), {}).status_code == 422
    assert "Please choose one of the two ways." in child.words
    assert child.post(page_of(app), {**LETTER, "birthday": "1"}).status_code == 400
    assert old_link(app) == link


def test_one_address_is_not_written_to_without_end(app: Flask, child: Child) -> None:
    page = page_of(app)
    child.get(page)
    for turn in range(LETTERS_FROM_HERE.amount):
        locale = ("ro", "it")[turn % 2]
        assert child.post(page, {**LETTER, "guardian_locale": locale}).location == "/my-story/home"
    assert child.post(page, LETTER).status_code == 422
    assert "Many letters went to this address today." in child.words
    assert f'value="{RIGHT}"' in child.page
    assert delivered(app) == [RIGHT]
    assert child.post(page, HAND).location == "/my-story/home"


# Where it is too late, or not theirs


def test_who_has_answered_is_not_asked_another_way(app: Flask, child: Child) -> None:
    child.get(page_of(app))
    link = old_link(app)
    changed(app, declare)
    child.follow(child.post(page_of(app), LETTER))
    assert ANSWERED in child.words
    assert ANOTHER_WAY not in child.words
    assert old_link(app) == link
    child.follow(child.get(page_of(app)))
    assert ANSWERED in child.words


def test_whose_voice_waits_has_answered(app: Flask, child: Child) -> None:
    guardian, link = Visitor(app.test_client()), old_link(app)
    changed(app, lambda story: take_from(the_guardian(), story, None, Method.VOICE))
    assert not offered(child)
    child.follow(child.post(page_of(app), HAND))
    assert ANSWERED in child.words
    assert guardian.get(f"{link}?lang=en").status_code == 200


@pytest.mark.parametrize("left", [False, True])
def test_who_does_not_decide_is_not_asked_another_way(app: Flask, child: Child, left: bool) -> None:
    def say(_story: Story) -> None:
        guardian = the_guardian()
        if left:
            doubt(make_staff(Role.FACILITATOR), guardian, "Made up.")
            leave_out(make_staff(Role.SAFEGUARDING_LEAD), guardian)
        else:
            disclaim(guardian)

    changed(app, say)
    assert not offered(child)
    child.follow(child.post(page_of(app), LETTER))
    assert "This cannot be changed now." in child.words
    assert RIGHT not in written(app)


def test_another_childs_guardian_is_not_there(app: Flask, child: Child) -> None:
    page = page_of(app)
    other = Child(app.test_client())
    other.come_back(gallery="yes")
    assert [other.get(page).status_code, other.post(page, LETTER).status_code] == [404, 404]
    assert other.get("/my-story/guardian/nobody").status_code == 404
    assert RIGHT not in written(app)


def test_without_the_card_nothing_is_there(app: Flask, child: Child) -> None:
    page = page_of(app)
    for visitor in (Visitor(app.test_client()), hire(app)):
        visitor.get("/my-story")
        assert visitor.get(page).location == "/my-story"
        assert visitor.post(page, LETTER).location == "/my-story?lost=1"
    assert RIGHT not in written(app)


def test_a_new_version_is_sent_to_the_new_address(app: Flask, child: Child) -> None:
    child.get(page_of(app))
    child.post(page_of(app), LETTER)
    changed(app, ask_again)
    assert set(delivered(app)) == {RIGHT}
