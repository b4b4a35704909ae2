"""What a review comes to."""

import re
from datetime import timedelta

import pytest
from babel.dates import format_date
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.moderation.models import Claim, Review
from app.moderation.rules import Line
from app.people.permissions import Role
from app.people.rules import AgeBand, Locale
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories import actions as telling
from app.stories.lifecycle import State
from app.stories.models import Story
from app.stories.queries import content, messages, valid_approvals, version_of
from app.stories.rules import Author
from tests.factories.stories import FINE, TEXT, make_shown, make_submitted
from tests.web.reviewing import APPROVAL, KIND, NOON, at, claimed, made, shown, state_of, whole
from tests.web.team import Colleague, audited, hire


def test_each_line_must_be_answered(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    for line in Line:
        gap = {field: value for field, value in APPROVAL.items() if field != line.value}
        assert moderator.post(at(story_id, "decide"), {**gap, "message": KIND}).status_code == 200
        assert f'href="#{line.value}"' in moderator.page
        assert KIND in moderator.words
        assert len(re.findall(r'value="fine" checked', moderator.page)) == 19
    assert state_of(app, story_id) is State.IN_REVIEW
    with app.app_context():
        assert db.session.scalars(select(Review)).all() == []


def test_a_problem_and_missing_themes_refuse_an_approval(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    moderator.post(at(story_id, "decide"), {**APPROVAL, "face": "problem"})
    assert "A line names a problem, so the story cannot be approved." in moderator.words
    moderator.post(at(story_id, "decide"), {**APPROVAL, "themes": ""})
    assert "Please choose one, two or three themes." in moderator.words
    moderator.post(at(story_id, "decide"), {**APPROVAL, "themes": ["family", "rights", "heard", "feelings"]})
    assert "Please choose one, two or three themes." in moderator.words
    assert state_of(app, story_id) is State.IN_REVIEW
    moderator.post(at(story_id, "decide"), {**APPROVAL, "face": "perhaps"})
    assert 'href="#face"' in moderator.page


def test_an_approval_is_kept_with_its_list(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    answer = moderator.post(
        at(story_id, "decide"), {**APPROVAL, "themes": ["family", "heard"], "voice": "not_applicable"}
    )
    assert answer.location == "/staff/review"
    with app.app_context():
        story = db.session.get_one(Story, story_id)
        assert (story.state, sorted(story.themes)) == (State.APPROVED, ["family", "heard"])
        review = db.session.scalars(select(Review)).one()
        assert review.marks == {**FINE, "voice": "not_applicable"}
        assert db.session.get(Claim, story_id) is None
    assert audited(app, story_id)[-1] == (moderator.id, "story.approved")


def test_a_message_goes_to_the_child_with_an_approval_too(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    moderator.post(at(story_id, "decide"), {**APPROVAL, "opening": "thanks", "message": KIND})
    with app.app_context():
        story = db.session.get_one(Story, story_id)
        (message,) = messages(story)
        assert (story.state, message.author) == (State.APPROVED, Author.MODERATOR)
        assert message.body.startswith("Thank you for telling us")
        assert message.body.endswith(KIND)


def test_an_approval_whose_message_is_too_long_changes_nothing(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    typed = {**APPROVAL, "opening": "thanks", "message": "A kind word. " * 400}
    assert moderator.post(at(story_id, "decide"), typed).status_code == 200
    assert len(re.findall(r'value="fine" checked', moderator.page)) == 20
    assert "A kind word. A kind word." in moderator.words
    with app.app_context():
        story = db.session.get_one(Story, story_id)
        assert (story.state, valid_approvals(story), messages(story)) == (State.IN_REVIEW, [], [])
        assert db.session.scalars(select(Review)).all() == []


def test_nothing_is_decided_while_something_stands_in_the_form_that_another_button_sends(
    app: Flask, moderator: Colleague
) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    for field, said in (("worry", "You wrote down a worry."), ("words", "You wrote a message without deciding.")):
        for decision in ("approve", "decline", "ask_changes"):
            typed = {**APPROVAL, "decision": decision, "message": KIND, field: "An uncle hits her."}
            assert moderator.post(at(story_id, "decide"), typed).status_code == 200
            assert said in moderator.words
            assert moderator.words.count("An uncle hits her.") == 1
            assert KIND in moderator.words
            assert len(re.findall(r'value="fine" checked', moderator.page)) == 20
    assert state_of(app, story_id) is State.IN_REVIEW


@pytest.mark.parametrize("changed", ["title", "text", "left_out"])
def test_nothing_is_decided_while_a_version_that_protects_the_child_is_begun(
    app: Flask, moderator: Colleague, changed: str
) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    with app.app_context():
        told = content(version_of(db.session.get_one(Story, story_id)))
    as_it_is = {**APPROVAL, "title": told.title, "text": told.text}
    begun = {**as_it_is, changed: "a cousin" if changed != "left_out" else ["a-drawing"]}
    assert moderator.post(at(story_id, "decide"), begun).status_code == 200
    assert "You changed words or files in the version that protects the child." in moderator.words
    assert state_of(app, story_id) is State.IN_REVIEW
    assert moderator.post(at(story_id, "decide"), as_it_is).status_code == 303
    assert state_of(app, story_id) is State.APPROVED


def test_a_story_whose_child_did_not_agree_is_declined_by_nobody_twice(app: Flask, moderator: Colleague) -> None:
    story_id, other = made(app, make_submitted), hire(app)
    claimed(moderator, story_id)
    no = {"version": "1", "decision": "decline", "message": KIND}
    assert moderator.post(at(story_id, "decide"), no).status_code == 303
    with app.app_context(), transaction():
        telling.object_to_decline(db.session.get_one(Story, story_id), "It is my story.")
    moderator.get("/staff/review")
    assert "You declined it: somebody else must look" in moderator.words
    claimed(moderator, story_id)
    moderator.get(at(story_id))
    assert "You declined it, so somebody else must look before it is declined again." in moderator.words
    assert moderator.post(at(story_id, "decide"), no).status_code == 200
    assert "Somebody else must look at it." in moderator.words
    moderator.post(at(story_id, "release"))
    other.get("/staff/review")
    assert "The child does not agree with the decline" in other.words
    claimed(other, story_id)
    other.get(at(story_id))
    assert "The child does not agree with the decline; what they wrote" in other.words
    assert "You declined it" not in other.words
    assert other.post(at(story_id, "decide"), no).status_code == 303
    assert state_of(app, story_id) is State.DECLINED


def test_half_an_approval_does_not_let_the_same_person_decline_again(app: Flask, moderator: Colleague) -> None:
    story_id, other = made(app, make_submitted, age_band=AgeBand.SIX_TO_NINE), hire(app)
    no = {"version": "1", "decision": "decline", "message": KIND}
    claimed(moderator, story_id)
    moderator.post(at(story_id, "decide"), no)
    with app.app_context(), transaction():
        telling.object_to_decline(db.session.get_one(Story, story_id), "It is my story.")
    claimed(other, story_id)
    assert other.post(at(story_id, "decide"), APPROVAL).status_code == 303
    claimed(moderator, story_id)
    assert moderator.post(at(story_id, "decide"), no).status_code == 200
    assert state_of(app, story_id) is State.IN_REVIEW
    moderator.post(at(story_id, "protect"), {"version": "1", "title": "", "text": "Somebody works far away."})
    assert moderator.post(at(story_id, "decide"), {**no, "version": "2"}).status_code == 200
    assert state_of(app, story_id) is State.IN_REVIEW
    moderator.post(at(story_id, "release"))
    claimed(other, story_id)
    assert other.post(at(story_id, "decide"), {**APPROVAL, "version": "2"}).status_code == 303
    third = hire(app)
    claimed(third, story_id)
    third.post(at(story_id, "decide"), {**APPROVAL, "version": "2"})
    assert state_of(app, story_id) is State.APPROVED
    moderator.post(at(story_id, "reopen"))
    moderator.get(at(story_id))
    assert "does not agree" not in moderator.words


def test_a_young_childs_story_takes_two_people(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted, age_band=AgeBand.SIX_TO_NINE)
    claimed(moderator, story_id)
    assert "0 of 2" in moderator.words
    assert "Approve, and ask a second person" in moderator.words
    moderator.post(at(story_id, "decide"), APPROVAL)
    assert state_of(app, story_id) is State.SUBMITTED
    moderator.get("/staff/review")
    assert "You approved it: somebody else must look" in moderator.words
    moderator.get(at(story_id))
    assert "Somebody else must look at it now." in moderator.words
    moderator.post(at(story_id, "claim"))
    moderator.post(at(story_id, "decide"), APPROVAL)
    assert "A second person must look at it." in moderator.words
    assert state_of(app, story_id) is State.IN_REVIEW
    moderator.post(at(story_id, "release"))

    second = hire(app)
    second.get("/staff/review")
    assert "Needs a second person" in second.words
    claimed(second, story_id)
    approved_at = clock.now()
    with clock.fixed(approved_at):
        assert second.post(at(story_id, "decide"), APPROVAL).status_code == 303
    assert state_of(app, story_id) is State.APPROVED
    second.get("/staff/review")
    opens = approved_at + timedelta(days=1)
    day = format_date(opens, locale="en_GB")
    assert f"From {day} {opens:%H:%M} UTC on it is shown wherever" in second.words
    moderator.get(at(story_id))
    assert "Approved. There is nothing to decide now." in moderator.words
    assert "Somebody else must look at it now." not in moderator.words


def test_a_question_reaches_the_child_in_kind_words_of_their_language(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted, locale=Locale.RO)
    claimed(moderator, story_id)
    decision = {"version": "1", "decision": "ask_changes", "opening": "thanks"}
    moderator.post(at(story_id, "decide"), {**decision, "message": "  "})
    assert "Please write something" in moderator.words
    assert state_of(app, story_id) is State.IN_REVIEW
    assert moderator.post(at(story_id, "decide"), {**decision, "message": KIND}).status_code == 303
    with app.app_context():
        story = db.session.get_one(Story, story_id)
        assert story.state is State.CHANGES_ASKED
        (letter,) = messages(story)
        opening, told = letter.body.split("\n\n")
        assert (letter.author, told) == ("moderator", KIND)
        assert opening


def test_a_decline_never_comes_without_words(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    decision = {"version": "1", "decision": "decline", "opening": "own"}
    moderator.post(at(story_id, "decide"), {**decision, "message": ""})
    assert state_of(app, story_id) is State.IN_REVIEW
    moderator.post(at(story_id, "decide"), {**decision, "message": KIND})
    with app.app_context():
        story = db.session.get_one(Story, story_id)
        assert story.state is State.DECLINED
        assert [letter.body for letter in messages(story)] == [KIND]


def test_nothing_typed_is_lost_with_the_claim(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    with clock.fixed(NOON):
        moderator.log_in()
        claimed(moderator, story_id)
    typed = {**APPROVAL, "message": KIND, "opening": "brave", "peers": "not_applicable"}
    with clock.fixed(NOON + timedelta(minutes=16)):
        assert moderator.post(at(story_id, "decide"), typed).status_code == 200
        assert "Your claim on this story has run out or was taken over. Nothing was decided." in moderator.words
        _is_still_there(moderator)
        assert moderator.post(at(story_id, "claim"), typed).status_code == 200
        _is_still_there(moderator)
        assert moderator.post(at(story_id, "decide"), typed).status_code == 303
    assert state_of(app, story_id) is State.APPROVED


def _is_still_there(colleague: Colleague) -> None:
    assert len(re.findall(r'value="fine" checked', colleague.page)) == 19
    assert re.search(r'name="peers" value="not_applicable" checked', colleague.page)
    assert re.search(r'name="opening" value="brave" checked', colleague.page)
    assert re.search(r'name="themes" value="family" checked', colleague.page)
    assert KIND in colleague.words


def test_a_page_about_an_older_version_decides_nothing(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    moderator.post(at(story_id, "decide"), {"version": "1", "decision": "ask_changes", "message": KIND})
    with app.app_context(), transaction():
        telling.submit(db.session.get_one(Story, story_id), Role.CHILD)
    claimed(moderator, story_id)
    for version in ("1", "", "x", "9" * 9):
        moderator.post(at(story_id, "decide"), {**APPROVAL, "version": version})
        assert "The story has changed since you opened this page." in moderator.words
    assert state_of(app, story_id) is State.IN_REVIEW


def test_a_refused_page_is_a_look_and_is_noted(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    moderator.get("/staff/")
    moderator.post(at(story_id, "decide"), APPROVAL)
    assert TEXT in moderator.words
    assert audited(app, story_id)[-1] == (moderator.id, "story.viewed")


def test_an_approved_story_can_be_looked_at_again(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_shown)
    assert shown(app) == [story_id]
    moderator.get(at(story_id))
    assert "Can be seen" in moderator.words
    assert moderator.post(at(story_id, "reopen")).location == at(story_id)
    assert shown(app) == []
    assert state_of(app, story_id) is State.IN_REVIEW
    with app.app_context():
        assert valid_approvals(db.session.get_one(Story, story_id)) == []


def test_a_case_takes_the_story_down(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_shown)
    moderator.get(at(story_id))
    assert (
        moderator.post(at(story_id, "case"), {"level": "red", "worry": "He writes that he is beaten."}).status_code
        == 303
    )
    assert shown(app) == []


def test_whoever_opens_a_case_does_not_keep_the_story_from_the_lead(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    moderator.post(at(story_id, "case"), {"level": "red", "worry": "He is beaten."})
    assert state_of(app, story_id) is State.SUBMITTED
    lead, other = hire(app, Role.SAFEGUARDING_LEAD), hire(app)
    claimed(lead, story_id)
    other_story = made(app, make_submitted)
    claimed(other, other_story)
    told = moderator.post(at(other_story, "case"), {"level": "amber", "worry": "She is alone."})
    assert told.location == "/staff/review"
    assert state_of(app, other_story) is State.IN_REVIEW


def test_what_a_case_is_about_is_for_the_leads_alone(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    moderator.get(at(story_id))
    told = moderator.post(at(story_id, "case"), {"level": "red", "worry": "He is beaten."})
    assert told.location == "/staff/review"
    moderator.get(told.location)
    assert "The safeguarding leads have your worry." in moderator.words
    assert "With the safeguarding lead" in moderator.words
    assert story_id not in moderator.page
    assert moderator.get(at(story_id)).status_code == 403
    assert "This story is with the safeguarding lead." in moderator.words
    assert TEXT not in moderator.page
    for act in ("claim", "break", "release", "decide", "protect", "write", "reopen", "case"):
        assert moderator.post(at(story_id, act), APPROVAL).status_code == 403, act
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    lead.get("/staff/review")
    assert ("Held" in lead.words, "With the safeguarding lead" in lead.words) == (True, False)
    lead.get(at(story_id))
    assert TEXT in lead.words


def test_a_child_who_asks_for_help_under_a_case_waits_for_the_leads(app: Flask, moderator: Colleague) -> None:
    def asks(level: Level | None) -> Story:
        story = make_submitted()
        telling.say(story, Author.CHILD, "Please help me.", urgent=True)
        if level:
            open_case(moderator.id, story, level, "He is beaten.")
        return story

    under_case, other = made(app, lambda: asks(Level.RED)), made(app, lambda: asks(None))
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    for colleague, seen in ((moderator, {other}), (lead, {under_case, other})):
        for page in ("/staff/", "/staff/review"):
            colleague.get(page)
            assert {one for one in (under_case, other) if f"{one}#messages" in colleague.page} == seen, page


def test_a_case_needs_a_level_and_words_and_keeps_the_list(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    half = {"real_name": "fine", "message": KIND, "version": "1"}
    moderator.post(at(story_id, "case"), {**half, "worry": "He is beaten."})
    assert "Please say how urgent it is." in moderator.words
    assert "He is beaten." in moderator.words
    moderator.post(at(story_id, "case"), {**half, "level": "amber", "worry": ""})
    assert "Please write a note" in moderator.words
    assert re.search(r'name="real_name" value="fine" checked', moderator.page)
    assert KIND in moderator.words


def test_a_lead_who_opens_a_case_goes_on_with_the_list(app: Flask) -> None:
    lead, story_id = hire(app, Role.SAFEGUARDING_LEAD), made(app, make_submitted)
    claimed(lead, story_id)
    half = {"real_name": "fine", "message": KIND, "version": "1", "level": "amber", "worry": "He is beaten."}
    assert lead.post(at(story_id, "case"), half).status_code == 200
    assert "The safeguarding leads have your worry." in lead.words
    assert "He is beaten." not in lead.words
    assert re.search(r'name="real_name" value="fine" checked', lead.page)
    assert KIND in lead.words


def test_an_illegal_image_is_nobodys_but_the_leads(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, whole)
    moderator.get(at(story_id))
    file = re.search(r"/staff/review/[\w-]{22}/files/[\w.-]+", moderator.page)
    assert file is not None
    moderator.post(at(story_id, "case"), {"level": "illegal_image", "worry": "Look at the second picture."})
    assert moderator.client.get(file[0]).status_code == 403
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    assert lead.client.get(file[0]).status_code == 200
