"""Everything that can happen to a story, by the real actions and real commits, in any order.

After each step the showcase is compared with the policy and with a naive statement of the rule, at every place and
at every moment at which an answer could change.
"""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select

from app.campaigns.actions import choose_stories, save_campaign
from app.campaigns.models import Campaign
from app.consent.actions import hide, show_again
from app.consent.models import TextRelease
from app.consent.publishing import publish
from app.consent.rules import Party
from app.extensions import db
from app.media.models import Asset
from app.media.rules import State as AssetState
from app.moderation import actions as moderation
from app.people.permissions import Role
from app.release.facts import facts_of
from app.release.notices import follow_expiries
from app.release.policy import places_of, scope_of, verdict
from app.release.projection import project, stored
from app.release.rules import framed, framed_at
from app.safeguarding.actions import close_case, decide_suspension, open_case, suspend
from app.safeguarding.models import Case
from app.safeguarding.queries import suspensions_of
from app.safeguarding.rules import Asker, Level
from app.stories import actions
from app.stories.lifecycle import State
from tests.db.moments import interesting, misinformed, shown_rows
from tests.db.one_story import seen, some_places, voices, who, words
from tests.db.taken_life import TakenLife
from tests.factories.restated_rule import may_be_shown
from tests.factories.stories import (
    FINE,
    add_picture,
    add_sound,
    child_says,
    make_ready,
)

MESSAGE = "Could you draw it once more, without the name of your school?"


class Life(TakenLife):
    """A story from its first word to its last."""

    @rule(hours=st.sampled_from([1, 12, 25, 24 * 20, 24 * 100, 24 * 400]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_sweeper_looks_for_expiries(self) -> None:
        spans = framed(shown_rows(self.story_id))
        self.act(follow_expiries)
        ran_out = {place for place, (_, closes) in spans.items() if self.swept < closes <= self.now}
        self.swept = self.now
        told = self.taken_back(ran_out, framed_at(shown_rows(self.story_id), self.now))
        assert told <= self.noticed(), (self.now, spans)

    @rule(places=some_places, word=words)
    def the_child_answers(self, places: set[str], word: str) -> None:
        answers = {self.scope(place): word for place in places}
        (self.close if self.is_no(answers) else self.act)(lambda: child_says(self.story, answers))

    @rule(about=seen)
    def the_child_answers_about_what_is_seen(self, about: tuple[str, str]) -> None:
        self.act(lambda: child_says(self.story, dict([about])))

    @rule(voice=voices)
    def the_child_answers_about_the_voice(self, voice: str) -> None:
        self.act(lambda: child_says(self.story, {"voice": voice}))

    @rule(word=words)
    def the_child_answers_about_privacy(self, word: str) -> None:
        self.act(lambda: child_says(self.story, {"keep_private": word}))

    @rule()
    def the_child_hides(self) -> None:
        self.act(lambda: hide(self.story, Party.CHILD))

    @rule()
    def the_child_shows_again(self) -> None:
        self.act(lambda: show_again(self.story))

    @rule(picture=st.booleans(), state=st.sampled_from(list(AssetState)))
    def the_child_adds_a_file(self, picture: bool, state: AssetState) -> None:
        self.act(lambda: (add_picture if picture else add_sound)(self.story, state))

    @rule()
    def the_decoder_finishes(self) -> None:
        waiting = select(Asset).where(Asset.story_id == self.story_id, Asset.state == AssetState.QUARANTINED)
        self.act(lambda: [make_ready(asset) for asset in db.session.scalars(waiting).all()])

    @rule()
    def the_child_hands_in(self) -> None:
        self.act(lambda: actions.submit(self.story, Role.CHILD))

    @rule()
    def the_child_objects(self) -> None:
        self.act(lambda: actions.object_to_decline(self.story, "It is my story."))

    @rule(text_id=st.sampled_from(["child", "guardian"]), major=st.booleans())
    def new_texts_are_published(self, text_id: str, major: bool) -> None:
        if db.session.get(TextRelease, (text_id, 2)) is None:
            self.act(lambda: publish(text_id, 2, major=major))

    @rule()
    def somebody_fears_a_risk(self) -> None:
        self.act(lambda: suspend(Asker.CARER, self.story, "The uncle must not know."))

    @rule()
    def the_lead_decides_about_the_suspension(self) -> None:
        for suspension in suspensions_of(self.story_id)[:1]:
            self.act(lambda it=suspension: decide_suspension(self.lead, it))

    @rule(at=who)
    def a_moderator_approves(self, at: int) -> None:
        def review() -> None:
            moderation.claim(self.staff(at), self.story)
            moderation.approve(self.staff(at), self.story, FINE, ["family"])

        self.act(review)

    @rule(at=who, kind=st.sampled_from([moderation.ask_changes, moderation.decline]))
    def a_moderator_does_not_approve(self, at: int, kind: Callable[..., None]) -> None:
        def review() -> None:
            moderation.claim(self.staff(at), self.story)
            kind(self.staff(at), self.story, {}, MESSAGE)

        self.act(review)

    @rule(at=who)
    def a_moderator_reopens(self, at: int) -> None:
        self.act(lambda: moderation.reopen(self.staff(at), self.story))

    @rule(at=who)
    def a_moderator_redacts(self, at: int) -> None:
        def redact() -> None:
            moderation.claim(self.staff(at), self.story)
            actions.derive(self.staff(at), self.story, title="", text="Without names.", replaced={})

        self.act(redact)

    @rule()
    def the_child_refuses_the_final_version(self) -> None:
        if self.story.state is not State.ERASED:
            self.act(lambda: actions.refuse_final(self.story))

    @rule()
    def the_child_corrects(self) -> None:
        self.act(lambda: actions.correct(self.story))

    @rule()
    def the_child_accepts_the_final_version(self) -> None:
        if self.story.state is not State.ERASED:
            self.act(lambda: actions.accept_final(self.story))

    @rule()
    def somebody_worries(self) -> None:
        self.act(lambda: open_case(self.lead, self.story, Level.AMBER, "A bruise, drawn twice."))

    @rule()
    def the_lead_closes_a_case(self) -> None:
        case = db.session.scalar(select(Case).where(Case.story_id == self.story_id, Case.closed_at.is_(None)))
        if case is not None:
            self.act(lambda: close_case(self.lead, case, "Talked to the teacher."))

    @rule(now=st.sampled_from([False, False, False, True]))
    def the_child_erases(self, now: bool) -> None:
        self.act(lambda: actions.ask_erasure(self.story, Role.CHILD, now=now))

    @rule()
    def the_child_undoes_erasing(self) -> None:
        self.act(lambda: actions.undo_erasure(self.story))

    @rule(at=who, stops=st.booleans())
    def a_guardian_erases_or_stops_it(self, at: int, stops: bool) -> None:
        guardian = self.guardian(at)
        if guardian is None:
            return
        self.act(
            lambda: (
                actions.undo_erasure(self.story, Role.GUARDIAN, guardian.actor)
                if stops
                else actions.ask_erasure_as_guardian(self.story, guardian)
            )
        )

    @rule(stops=st.sampled_from([True, True, False]))
    def a_lead_erases_or_stops_it(self, stops: bool) -> None:
        lead = Role.SAFEGUARDING_LEAD
        self.act(
            lambda: (
                actions.undo_erasure(self.story, lead, self.lead)
                if stops
                else actions.ask_erasure(self.story, lead, now=False, actor=self.lead)
            )
        )

    @rule(chosen=st.booleans())
    def a_curator_chooses(self, chosen: bool) -> None:
        campaign = db.session.get_one(Campaign, self.campaign_id)
        self.act(lambda: choose_stories("cli", campaign, [self.story_id] if chosen else []))

    @rule(
        opens=st.integers(-30, 30), days=st.sampled_from([None, 10, 60]), announced=st.sampled_from([True, True, False])
    )
    def a_curator_changes_the_dates(self, opens: int, days: int | None, announced: bool) -> None:
        campaign = db.session.get_one(Campaign, self.campaign_id)

        def change() -> None:
            campaign.opens_at = self.now + timedelta(days=opens)
            campaign.closes_at = None if days is None else campaign.opens_at + timedelta(days=days)
            campaign.announced_at = self.now if announced else None
            save_campaign("cli", campaign)

        self.act(change)

    @invariant()
    def the_showcase_is_what_the_rule_says(self) -> None:
        rows, facts = shown_rows(self.story_id), None if self.story.state is State.ERASED else facts_of(self.story)
        if facts is None:
            assert rows == {}
            return
        assert set(rows) <= set(places_of(facts))
        for place in places_of(facts):
            span = rows.get(place)
            for moment in interesting(self.now, facts, rows):
                shown = span is not None and span[0] <= moment < span[1]
                told = (verdict(facts, place, moment).allowed, may_be_shown(facts, place, moment))
                assert told == (shown, shown), (place, moment, facts)

    @invariant()
    def what_is_public_was_approved_and_answered_and_is_not_held(self) -> None:
        for place, (opens, closes) in shown_rows(self.story_id).items():
            story, facts = self.story, facts_of(self.story)
            assert opens < closes
            assert (story.state, story.erase_after) == (State.APPROVED, None)
            assert facts.child[scope_of(place)].value == "yes"
            if facts.own_age is None:
                said = [key.said[scope_of(place)] for key in facts.keys if scope_of(place) in key.said]
                assert any(given.value == "yes" and given.confirmed for given in said)
            assert not facts.held

    @invariant()
    def a_projection_made_anew_is_the_stored_one(self) -> None:
        assert project(self.story) == stored(self.story_id)

    @invariant()
    def archives_hear_what_the_showcase_says(self) -> None:
        assert list(misinformed(self.story_id, self.now)) == []
