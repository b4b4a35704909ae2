"""Another parent, the history, stopping for now, the links, and the page for those who do not read."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.models import GuardianLink
from app.people.queries import authority_of
from app.release.queries import places_now
from app.safeguarding.actions import NOTE_MAX, decide_suspension
from app.safeguarding.models import Suspension
from app.safeguarding.queries import is_held, suspension_reason, suspensions_of
from app.safeguarding.rules import Asker
from app.stories.models import Story
from tests.factories.people import make_guardian, make_staff
from tests.factories.texts import newest
from tests.web.answering import (
    HAND,
    LETTER,
    NO_EVERYWHERE,
    answer,
    declared,
    guardians,
    letters,
    rows_of_guardians,
    said,
    the_story,
)
from tests.web.telling import Child, Visitor


def test_the_receipt_asks_whether_there_is_another_parent(guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    guardian.get(f"{link}/receipt?lang=en")
    assert "Is there another parent who must be asked?" in guardian.words
    assert f'href="{link}/other?lang=en"' in guardian.page


def test_another_parent_is_written_to_in_their_language(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.follow(guardian.post(f"{link}/other", LETTER))
    assert "We write to them, and we do not say what you answered." in guardian.words
    with app.app_context():
        named = guardians()[1]
        assert (named.locale.value, named.relation, authority_of(named.id)) == ("ro", None, None)
        assert [letter for letter in letters() if "tata@example.org" in letter]
        assert "gallery" not in letters()[0]


def test_another_parent_is_handed_a_link_of_their_own(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.follow(guardian.post(f"{link}/other", HAND))
    found = re.search(r'href="https?://[^/"]+(/consent/[^"?]+)" dir="ltr" data-copy', guardian.page)
    assert found is not None
    assert found[1] != link
    other = Visitor(app.test_client())
    other.get(f"{found[1]}?lang=en")
    assert 'value="Maria Popescu"' not in other.page
    assert " checked" not in other.page
    assert answer(other, found[1], gallery="no", name="Ion", relation="father", alone="together") == 302
    with app.app_context():
        assert [one.relation for one in guardians()] == ["mother", "father"]
    guardian.get(f"{link}/other?lang=en")
    assert found[1] not in guardian.page, "a link that somebody answered by is handed on no more"


def test_a_link_to_hand_on_is_shown_only_where_it_was_asked_for(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.follow(guardian.post(f"{link}/other", HAND))
    assert "The link for the other parent" in guardian.words
    elsewhere = Visitor(app.test_client())
    elsewhere.get(f"{link}/other?lang=en")
    assert "The link for the other parent" not in elsewhere.words


def test_pressing_twice_asks_once(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    for sent in (LETTER, {**LETTER, "email": "TATA@example.org"}, HAND, HAND):
        assert guardian.post(f"{link}/other", sent).status_code == 302
    with app.app_context():
        assert len(guardians()) == 3
        assert len(letters()) == 1


def test_the_page_does_not_say_who_is_known_already(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    with app.app_context(), transaction():
        make_guardian(the_story().storyteller, email="secret@example.org", declared=False)
    known = guardian.follow(guardian.post(f"{link}/other", {**LETTER, "email": "secret@example.org"})).text
    unknown = guardian.follow(guardian.post(f"{link}/other", LETTER)).text
    assert without_tokens(known) == without_tokens(unknown)


def without_tokens(page: str) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", page)


def test_nobody_writes_to_strangers_without_end(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    sent = [{**LETTER, "email": f"stranger-{number}@example.org"} for number in range(6)]
    assert [guardian.post(f"{link}/other", one).status_code for one in sent] == [302] * 5 + [422]
    assert "We ask six people at most about one child." in guardian.words
    with app.app_context():
        assert len(guardians()) == 6


MISTAKES = [
    ({"how": ""}, "Please choose one of the two ways."),
    ({"email": "tata"}, "The address should look like this:"),
    ({"email": "a@b.org\r\nBcc: everybody@example.org"}, "The address should look like this:"),
    ({"guardian_locale": "tlh"}, "Please choose a language."),
]


@pytest.mark.parametrize(("change", "sentence"), MISTAKES)
def test_what_is_wrong_is_said(app: Flask, guardian: Visitor, link: str, change: dict[str, str], sentence: str) -> None:
    declared(guardian, link)
    assert guardian.post(f"{link}/other", {**LETTER, **change}).status_code == 422
    assert sentence in guardian.words
    with app.app_context():
        assert (len(guardians()), letters()) == (1, [])


def test_only_somebody_who_said_who_they_are_names_another(app: Flask, guardian: Visitor, link: str) -> None:
    assert guardian.get(f"{link}/other").location.split("?")[0] == link
    assert guardian.post(f"{link}/other", LETTER).location == link
    with app.app_context():
        assert (len(guardians()), letters()) == (1, [])


def test_the_history_holds_every_answer_in_order(guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", press="no")
    guardian.get(f"{link}?lang=en")
    answer(guardian, link, gallery="no", press="no")
    guardian.get(f"{link}/history?lang=en")
    text = newest("guardian", "en")
    gallery, press = text.questions["gallery"], text.questions["press"]
    for words in (
        f"{gallery} Answered for the first time. To be said once more. Yes",
        f"{press} Answered for the first time. No",
        f"{gallery} Before it was: Yes. No",
        f"{press} The same as before. No",
        "By a private link · version 1",
        text.sha256,
    ):
        assert words in guardian.words
    assert guardian.words.index(f"{press} Answered") < guardian.words.index(f"{gallery} Before")
    assert "Take everything back" not in guardian.words


def test_everything_is_taken_back_from_the_history_too(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", voice="")
    guardian.get(f"{link}/history?lang=en")
    assert "Take everything back" in guardian.words
    guardian.follow(guardian.post(f"{link}/take-back"))
    with app.app_context():
        assert said() == NO_EVERYWHERE


def test_the_history_before_the_first_answer(guardian: Visitor, link: str) -> None:
    guardian.get(f"{link}/history?lang=en")
    assert "You have not answered yet." in guardian.words


def test_another_guardians_answers_are_in_nobodys_history(app: Flask, guardian: Visitor, link: str) -> None:
    declared(guardian, link)
    guardian.follow(guardian.post(f"{link}/other", HAND))
    found = re.search(r'href="https?://[^/"]+(/consent/[^"?]+)" dir="ltr" data-copy', guardian.page)
    assert found is not None
    other = Visitor(app.test_client())
    other.get(f"{found[1]}?lang=en")
    answer(other, found[1], print="unsure", name="Ion", relation="father", alone="together")
    for address in (f"{link}/history?lang=en", f"{link}/receipt?lang=en"):
        guardian.get(address)
        assert "Not sure" not in guardian.words
        assert "Ion" not in guardian.words


PAGES = ("?lang=en", "/receipt?lang=en", "/history?lang=en", "/voice?lang=en", "/other?lang=en", "/carer?lang=en")


def test_stopping_it_is_on_every_page(guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    for page in PAGES:
        guardian.get(f"{link}{page}")
        assert "Stop showing it for now: somebody could be in danger" in guardian.words, page
        assert f'action="{link}/suspend' in guardian.page, page


@pytest.mark.parametrize(
    ("relation", "sent", "asker"),
    [
        ("mother", {}, Asker.GUARDIAN),
        ("mother", {"asker": "carer"}, Asker.CARER),
        ("", {}, Asker.CARER),
        ("", {"asker": "child"}, Asker.CARER),
    ],
)
def test_whoever_fears_for_somebody_is_obeyed_at_once(
    app: Flask, guardian: Visitor, link: str, relation: str, sent: dict[str, str], asker: Asker
) -> None:
    if relation:
        answer(guardian, link, gallery="yes", relation=relation)
    guardian.follow(guardian.post(f"{link}/suspend", {"reason": "The uncle must not know.", **sent}))
    assert "Nobody can see the story on our pages." in guardian.words
    assert "They do it within 24 hours." in guardian.words
    with app.app_context():
        (suspension,) = suspensions_of(the_story().id)
        assert (suspension.asked_by, suspension_reason(suspension)) == (asker, "The uncle must not know.")
        assert is_held(the_story().id)
        assert places_now(the_story().id) == []
        assert rows_of_guardians() == (1 if relation else 0)


def test_no_reason_is_needed_and_twice_is_once(app: Flask, guardian: Visitor, link: str) -> None:
    for _ in range(2):
        assert guardian.post(f"{link}/suspend").status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Suspension)) == 1
    guardian.get(f"{link}?lang=en")
    assert "Please come back later" in guardian.words
    guardian.get(f"{link}/receipt?lang=en")
    assert "danger" not in guardian.words.split("Stop showing it for now")[0]


def test_what_is_said_anew_stands_beside_the_first_and_a_flood_is_stopped(
    app: Flask, guardian: Visitor, link: str
) -> None:
    for words in ("", "He came back.", " He came back. ", ""):
        assert guardian.post(f"{link}/suspend", {"reason": words}).status_code == 302
    with app.app_context():
        assert [suspension_reason(one) for one in suspensions_of(the_story().id)] == ["", "He came back."]
    answers = [guardian.post(f"{link}/suspend", {"reason": f"He was seen, {n}."}).status_code for n in range(7)]
    assert answers == [302] * 6 + [429]
    assert "This is what you wrote. You can copy it. He was seen, 6." in guardian.words


def test_too_long_a_reason_is_said_and_kept_on_the_page(app: Flask, guardian: Visitor, link: str) -> None:
    assert guardian.post(f"{link}/suspend", {"reason": "x" * (NOTE_MAX + 1)}).status_code == 422
    assert "x" * (NOTE_MAX + 1) in guardian.page
    with app.app_context():
        assert not is_held(the_story().id)


def test_once_a_lead_has_decided_the_page_leads_back(app: Flask, guardian: Visitor, link: str) -> None:
    assert guardian.get(f"{link}/suspended").location == link
    guardian.post(f"{link}/suspend")
    with app.app_context(), transaction():
        (suspension,) = suspensions_of(the_story().id)
        decide_suspension(make_staff().id, suspension)
    assert guardian.get(f"{link}/suspended").location == link


CHANGING = ("", "/confirm", "/take-back", "/suspend", "/majority", "/other", "/voice")
READING = ("", "/receipt", "/history", "/voice", "/other", "/carer", "/suspended")


@pytest.mark.parametrize("token", ["x" * 43, "x", "../admin", "Ă" * 40])
def test_a_forged_link_opens_the_same_page_everywhere(app: Flask, guardian: Visitor, link: str, token: str) -> None:
    closed_everywhere(guardian, f"/consent/{token}")
    with app.app_context():
        assert rows_of_guardians() == 0


def test_an_expired_link_offers_a_fresh_one_everywhere_and_nothing_else(
    app: Flask, guardian: Visitor, link: str
) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(GuardianLink)).one().expires_at = clock.now()
    for page in READING:
        response = guardian.get(f"{link}{page}")
        assert (response.status_code, "Give me a new link" in response.text) == (404, True), page
        assert "hens" not in response.text
    for page in CHANGING:
        assert (guardian.post(f"{link}{page}").status_code, page) in ((404, page), (405, page))


def test_a_swapped_link_opens_the_same_page_everywhere(app: Flask, guardian: Visitor, link: str) -> None:
    other = Child(app.test_client())
    other.tell(gallery="yes")
    with app.app_context(), transaction():
        one, another = guardians()
        swapped = db.session.scalars(select(GuardianLink).where(GuardianLink.guardian_id == another.id)).one()
        swapped.guardian_id = one.id  # of one child's guardian, about another child's story
    closed_everywhere(guardian, other.link())


def closed_everywhere(guardian: Visitor, link: str) -> None:
    """Whatever is asked for or sent with this link, nothing is opened, and nothing said about why."""
    unknown = body(guardian.get("/consent/" + "A" * 43).text)
    for page in READING:
        response = guardian.get(f"{link}{page}")
        assert (response.status_code, page) == (404, page)
        if "../" not in link:  # which is no link, but another address
            assert body(response.text) == unknown, page
    for page in CHANGING:
        assert (guardian.post(f"{link}{page}").status_code, page) in ((404, page), (405, page))


def body(page: str) -> str:
    """What a page says, without the addresses of itself."""
    return re.sub(r'href="[^"]*"', "", page.split("<main")[1].split("</main>", maxsplit=1)[0])


def test_a_link_works_more_than_once_and_beside_a_newer_one(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    child.tell(gallery="yes")
    link = child.link()
    visitor = Visitor(app.test_client())
    for word in ("yes", "no"):
        visitor.get(f"{link}?lang=en")
        assert answer(visitor, link, gallery=word) == 302
    with app.app_context():
        assert said() == {"gallery": "no"}


def test_for_those_who_do_not_read_what_can_be_heard_comes_first(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Story)) == 0
    child = Child(client)
    child.tell(gallery="yes")
    visitor = Visitor(app.test_client())
    assert visitor.get(f"{child.link()}?aloud=1").location == f"{child.link()}?aloud=1&lang=en"
    visitor.get(f"{child.link()}?lang=en")
    assert "I do not read well" in visitor.words
    visitor.get(f"{child.link()}?lang=en&aloud=1")
    assert "I can read it myself" in visitor.words
    assert visitor.words.index("The child has not recorded anything.") < visitor.words.index("My mother calls")


def test_a_story_in_another_language_says_so(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    child.begin("ro")
    child.go_on(gallery="yes")
    child.send()
    visitor = Visitor(app.test_client())
    visitor.get(f"{child.link()}?lang=en")
    assert "The child told this in Română . It is not translated yet." in visitor.words
    visitor.get(f"{child.link()}?lang=ro")
    assert "Română . " not in visitor.words


def test_the_receipt_names_the_child_only_by_a_number(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    guardian.get(f"{link}/receipt?lang=en")
    with app.app_context():
        reference = the_story().storyteller.reference
    assert reference is not None
    assert reference in guardian.words
    assert "Fox" not in guardian.words
