"""Guardians who answer at the same moment: by link, on both databases. Both land, and a no is obeyed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit
from app.campaigns.actions import choose_stories
from app.consent.actions import ask_guardian, hide
from app.consent.queries import ledger, said_now
from app.consent.rules import PUBLIC_SCOPES, Party, campaign_scope
from app.extensions import db
from app.people.actions import add_guardian, declare_guardian
from app.people.authority import Act, claim_act
from app.people.models import Authority, Guardian
from app.people.queries import authority_of, guardians_of
from app.people.rules import Basis, Locale, Relation
from app.release.check import differences
from app.release.queries import places_now
from app.safeguarding.actions import suspend
from app.safeguarding.queries import suspension_reason, suspensions_of
from app.safeguarding.rules import Asker
from app.stories import actions
from app.stories.models import Story
from tests.db.racing import kinds, race
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_guardian
from tests.factories.stories import answer_by_link, child_says, guardian_says, make_approved, yes_to

GALLERY = yes_to(["gallery"])
A_DAY = timedelta(days=1)


@pytest.fixture
def chosen() -> dict[str, int]:
    """An approval shows at once: a mistake would be seen."""
    return {"cooling_off_minutes": 0}


@pytest.fixture
def joint() -> tuple[str, list[str]]:
    """An approved story from a country where both parents must say yes, and two who have said nothing."""
    story = make_approved([], country="DE", guardians=0)
    child_says(story, GALLERY)
    guardians = [make_guardian(story.storyteller, declared=False) for _ in range(2)]
    commit(outside().queue)
    return story.id, [guardian.id for guardian in guardians]


def test_a_guardian_who_takes_everything_back_says_no_to_what_only_the_other_had_opened() -> None:
    campaign = make_campaign()
    scope = campaign_scope(campaign.id)
    story = make_approved(["gallery", "embed", scope], guardians=0)
    chosen, mother, father = make_campaign(story), *(make_guardian(story.storyteller) for _ in range(2))
    choose_stories("cli", campaign, [story.id])
    guardian_says(story, mother, yes_to(["gallery", "embed", scope]))
    guardian_says(story, father, yes_to(["gallery"]))
    commit(outside().queue)
    assert set(places_now(story.id)) == {"gallery", "embed", scope}
    hide(story, Party.GUARDIAN, father)
    commit(outside().queue)
    assert places_now(story.id) == []
    said = said_now(story.id)[1][father.id]
    no = {scope for scope, given in said.items() if given.value == "no"}
    assert no == {*PUBLIC_SCOPES, scope, campaign_scope(chosen.id)}
    count = len(ledger(story.id))
    hide(story, Party.GUARDIAN, father)
    assert len(ledger(story.id)) == count


def find(story_id: str) -> Story:
    return db.session.get_one(Story, story_id)


def answer(story_id: str, guardian_id: str, values: dict[str, str], *, link_age: timedelta = A_DAY * 0) -> None:
    """What the page does: keep who it is, and then the answers, so that they are given by that key."""
    guardian = db.session.get_one(Guardian, guardian_id)
    declare_guardian(guardian, "Elena Popescu", Relation.MOTHER, alone=False)
    answer_by_link(find(story_id), guardian, values, clock.now() + link_age)


def answer_once(story_id: str, *guardian_ids: str) -> None:
    """Everybody has said yes, and not said it again."""
    for guardian_id in guardian_ids:
        answer(story_id, guardian_id, GALLERY)
    commit(outside().queue)


def test_two_guardians_who_answer_by_link_at_once_both_land(app: Flask, joint: tuple[str, list[str]]) -> None:
    story_id, (one, other) = joint
    assert race(app, *(lambda who=who: answer(story_id, who, GALLERY) for who in (one, other))) == [None, None]
    said = said_now(story_id)[1]
    assert {who: set(given) for who, given in said.items()} == {one: set(GALLERY), other: set(GALLERY)}
    assert [authority_of(who) is not None for who in (one, other)] == [True, True]
    assert places_now(story_id) == []
    later = {"link_age": A_DAY}
    assert race(app, *(lambda who=who: answer(story_id, who, GALLERY, **later) for who in (one, other))) == [None, None]
    assert places_now(story_id) == ["gallery"]
    assert list(differences()) == []


def test_one_who_confirms_while_the_other_says_no_opens_nothing(app: Flask, joint: tuple[str, list[str]]) -> None:
    story_id, (one, other) = joint
    answer_once(story_id, one, other)
    ended = race(
        app,
        lambda: answer(story_id, one, GALLERY, link_age=A_DAY),
        lambda: answer(story_id, other, {"gallery": "no"}),
    )
    assert ended == [None, None]
    assert places_now(story_id) == []
    assert list(differences()) == []


def test_a_no_stands_until_the_yes_after_it_was_said_again(app: Flask) -> None:
    story = make_approved(["gallery"], guardians=1)
    father = make_guardian(story.storyteller, relation=Relation.FATHER)
    seen = []
    for values, age in (({"gallery": "no"}, A_DAY * 0), (GALLERY, A_DAY * 0), (GALLERY, A_DAY)):
        answer(story.id, father.id, values, link_age=age)
        commit(outside().queue)
        seen.append(places_now(story.id))
    assert seen == [[], [], ["gallery"]]


def test_the_same_guardian_on_two_telephones_is_one_authority(app: Flask, joint: tuple[str, list[str]]) -> None:
    story_id, (one, _other) = joint
    ended = race(app, *(lambda: answer(story_id, one, GALLERY) for _ in range(2)))
    assert ended == [None, None]
    assert [act.ended_at for act in db.session.scalars(select(Authority))] == [None]
    assert len([row for row in ledger(story_id) if row.guardian_id == one]) == len(GALLERY)
    assert not any(given.confirmed for given in said_now(story_id)[1][one].values())


def test_two_acts_told_at_once_leave_one_living(app: Flask, joint: tuple[str, list[str]]) -> None:
    story_id, (one, _other) = joint

    def tell(note: str) -> None:
        actions.lock(find(story_id))
        guardian = db.session.get_one(Guardian, one)
        declare_guardian(guardian, "Elena Popescu", Relation.COURT_CARER)
        claim_act(guardian, Act(Basis.COURT_ACT, note, clock.now() + A_DAY))

    assert race(app, lambda: tell("No 1"), lambda: tell("No 2")) == [None, None]
    acts = db.session.scalars(select(Authority).where(Authority.guardian_id == one)).all()
    assert sorted(act.ended_at is None for act in acts) == [False, True]


@pytest.mark.parametrize("child_is_first", [True, False])
def test_a_guardian_answers_while_the_child_corrects(
    app: Flask, joint: tuple[str, list[str]], child_is_first: bool
) -> None:
    story_id, (one, other) = joint
    for who in (one, other):
        declare_guardian(db.session.get_one(Guardian, who), "Elena", Relation.MOTHER)
        guardian_says(find(story_id), db.session.get_one(Guardian, who), GALLERY)
    commit(outside().queue)
    assert places_now(story_id) == ["gallery"]
    acts = [lambda: actions.correct(find(story_id)), lambda: answer(story_id, one, GALLERY, link_age=A_DAY)]
    assert race(app, *(acts if child_is_first else reversed(acts))) == [None, None]
    assert places_now(story_id) == []
    assert list(differences()) == []


def test_two_who_name_one_another_at_once_are_both_asked(app: Flask, joint: tuple[str, list[str]]) -> None:
    story_id, _guardians = joint

    def name(email: str) -> None:
        story = find(story_id)
        actions.lock(story)
        ask_guardian(story, add_guardian(story.storyteller_id, Locale.RO, email), "guardian:x")

    assert race(app, lambda: name("a@example.org"), lambda: name("b@example.org")) == [None, None]
    assert len(guardians_of(find(story_id).storyteller_id)) == 4


def test_of_two_who_fear_at_once_nobodys_words_are_lost_and_it_holds(app: Flask, joint: tuple[str, list[str]]) -> None:
    story_id, (one, other) = joint
    answer_once(story_id, one, other)
    ended = race(
        app,
        lambda: suspend(Asker.CARER, find(story_id), "The uncle must not know.").id,
        lambda: suspend(Asker.GUARDIAN, find(story_id), "").id,
        lambda: answer(story_id, one, GALLERY, link_age=A_DAY),
    )
    assert kinds(ended) == ["done"] * 3
    reasons = [suspension_reason(one) for one in suspensions_of(story_id)]
    assert reasons in (["The uncle must not know."], ["", "The uncle must not know."])
    assert places_now(story_id) == []
