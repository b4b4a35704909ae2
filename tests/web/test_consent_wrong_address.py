"""Another parent was named at a wrong address: whoever gave it puts it right, and the stranger learns nothing."""

from flask import Flask

from app.cli.writing import transaction
from app.people.queries import ever_named, is_unheard
from tests.factories.people import make_guardian
from tests.web.answering import LETTER, declared, guardians, letters, the_story
from tests.web.telling import Visitor


def strangers_link(app: Flask) -> str:
    """The link in the letter to the address of `LETTER`."""
    with app.app_context():
        letter = next(letter for letter in letters() if "tata@example.org" in letter)
    return "/consent/" + letter.split("/consent/")[1].split("\\n")[0]


def instead(guardian: Visitor, link: str) -> str:
    """What the page says about whom to name in another way."""
    guardian.get(f"{link}/other?lang=en")
    return guardian.hidden("instead")


def test_a_wrong_address_is_put_right_by_whoever_gave_it(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    assert "I gave a wrong way to reach them" not in guardian.words
    guardian.post(f"{link}/other", LETTER)
    stranger, wrong_link = Visitor(app.test_client()), strangers_link(app)
    assert stranger.get(wrong_link).status_code == 302
    guardian.get(f"{link}/other?lang=en")
    assert "I gave a wrong way to reach them" in guardian.words
    told = {**LETTER, "email": "tata2@example.org", "instead": instead(guardian, link)}
    assert guardian.post(f"{link}/other", told).status_code == 302
    with app.app_context():
        _mother, wrong, right = ever_named(the_story().storyteller_id)
        assert (is_unheard(wrong), is_unheard(right), right.named_by) == (False, True, wrong.named_by)
        assert [letter for letter in letters() if "tata2@example.org" in letter]
    assert stranger.get(wrong_link).status_code == 404
    assert "ask whoever gave you the link for a new one" in stranger.words


def test_wrong_addresses_count_among_the_six(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.post(f"{link}/other", LETTER)
    for number in range(5):
        told = {**LETTER, "email": f"stranger-{number}@example.org", "instead": instead(guardian, link)}
        assert guardian.post(f"{link}/other", told).status_code == 302
    guardian.get(f"{link}/other?lang=en")
    assert "We ask six people at most about one child." in guardian.words
    with app.app_context():
        everybody = ever_named(the_story().storyteller_id)
        assert [is_unheard(one) for one in everybody] == [False] * 5 + [True]
        assert everybody[-1].email_sealed is None  # the links to the wrong address have ended all the same


def test_whom_somebody_else_named_meanwhile_is_not_replaced(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.post(f"{link}/other", LETTER)
    told = {**LETTER, "email": "tata2@example.org", "instead": instead(guardian, link)}
    guardian.post(f"{link}/other", told)
    assert guardian.post(f"{link}/other", told).status_code == 409


def test_a_wrong_link_ends_although_the_right_person_is_known_already(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    with app.app_context(), transaction():
        make_guardian(the_story().storyteller, email="known@example.org", declared=False)
    guardian.post(f"{link}/other", LETTER)
    strangers = strangers_link(app)
    guardian.get(f"{link}/other?lang=en")
    told = {**LETTER, "email": "known@example.org", "instead": instead(guardian, link)}
    assert guardian.post(f"{link}/other", told).status_code == 302
    stranger = Visitor(app.test_client())
    assert stranger.get(strangers).status_code == 404
    with app.app_context():
        wrong = next(one for one in guardians() if one.named_by)
        assert (wrong.email_sealed, is_unheard(wrong)) == (None, True)  # who was named is waited for all the same


def test_where_several_wait_it_is_not_guessed_which_address_was_wrong(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.post(f"{link}/other", LETTER)
    guardian.post(f"{link}/other", {**LETTER, "email": "right@example.org"})
    guardian.get(f"{link}/other?lang=en")
    assert "I gave a wrong way to reach them" not in guardian.words
    guardian.post(f"{link}/other", {**LETTER, "email": "third@example.org", "instead": "1"})
    with app.app_context():
        assert len(guardians()) == 4
    assert Visitor(app.test_client()).get(strangers_link(app)).status_code == 302


def test_whoever_has_not_said_who_they_are_learns_nothing_of_the_other_parent(
    app: Flask, guardian: Visitor, link: str
) -> None:
    declared(guardian, link)
    guardian.post(f"{link}/other", LETTER)
    stranger = Visitor(app.test_client())
    stranger.get(f"{strangers_link(app)}/receipt?lang=en")
    assert "You have not answered yet." in stranger.words
    assert "Where can it be seen now?" not in stranger.words
    guardian.get(f"{link}/receipt?lang=en")
    assert "Where can it be seen now?" in guardian.words
