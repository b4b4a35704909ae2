"""Everything that can happen to a story, by the real actions and real commits, in any order.

After each step the showcase is compared with the policy and with a naive statement of the rule, at every place and
at every moment at which an answer could change.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.campaigns.actions import choose_stories, save_campaign
from app.campaigns.models import Campaign
from app.cli.sweeper import end_dead_acts
from app.consent.actions import hide, later_by_months, show_again
from app.consent.models import TextRelease
from app.consent.publishing import publish
from app.consent.rules import OWN_VOICE, Party, campaign_scope
from app.errors import EyesError
from app.extensions import db
from app.media.models import Asset
from app.media.rules import State as AssetState
from app.moderation import actions as moderation
from app.people.actions import declare_guardian, tell_majority
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.queries import guardians_of, keys_to
from app.people.rules import AgeBand, Relation
from app.release.facts import facts_of
from app.release.models import TakedownNotice
from app.release.notices import follow_expiries
from app.release.policy import places_of, scope_of, verdict
from app.release.projection import project, stored
from app.release.rules import framed, framed_at
from app.safeguarding.actions import close_case, decide_suspension, open_case, suspend
from app.safeguarding.models import Case
from app.safeguarding.queries import open_suspension
from app.safeguarding.rules import Asker, Level
from app.stories import actions
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.db.moments import ask_only_the_first_texts, interesting, misinformed, shown_rows
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_act, make_guardian, make_staff
from tests.factories.restated_rule import may_be_shown
from tests.factories.sites import make_site
from tests.factories.stories import (
    FINE,
    add_picture,
    add_sound,
    answer_by_link,
    begin_story,
    child_says,
    guardian_says,
    make_approved,
    make_ready,
    yes_to,
)

BEGINNING = datetime(2026, 3, 1, 9, tzinfo=UTC)
PARTNER = "https://partner.example"
PLACES = ("gallery", "embed", "print", "press", "counts", "archive", "campaign")
MESSAGE = "Could you draw it once more, without the name of your school?"

words = st.sampled_from(["yes", "yes", "yes", "no", "unsure"])
voices = st.sampled_from([OWN_VOICE, OWN_VOICE, "transcript", "altered", "unsure"])
some_places = st.sets(st.sampled_from(PLACES), min_size=1)
who = st.integers(0, 2)


class Life(RuleBasedStateMachine):
    """One story, its child, up to three guardians, two moderators, a lead and a campaign."""

    @initialize(
        approved=st.booleans(),
        age_band=st.sampled_from(list(AgeBand)),
        country=st.sampled_from(["RO", "CN", "DE"]),
        sounds=st.integers(0, 1),
        own_voice=st.booleans(),
        guardians=st.integers(0, 3),
    )
    def begin(
        self, approved: bool, age_band: AgeBand, country: str, sounds: int, own_voice: bool, guardians: int
    ) -> None:
        """A draft, or a story that was approved with a yes of everybody to every place."""
        self.now = self.swept = BEGINNING
        with clock.fixed(self.now):
            ask_only_the_first_texts()
            campaign = make_campaign(closes_at=self.now + timedelta(days=90), embedding_sites=[PARTNER])
            self.campaign_id = campaign.id
            self.site_id = make_site(PARTNER).id
            if approved:
                scopes = [self.scope(place) for place in PLACES]
                story = make_approved(
                    scopes, sounds=sounds, own_voice=own_voice, guardians=guardians, age_band=age_band, country=country
                )
                choose_stories("cli", campaign, [story.id])
            else:
                story = begin_story(age_band=age_band, country=country)
                for _ in range(sounds):
                    add_sound(story)
            self.story_id = story.id
            self.moderators = [make_staff().id for _ in range(2)]
            self.lead = make_staff(Role.SAFEGUARDING_LEAD).id
            commit(outside().queue)

    def scope(self, place: str) -> str:
        return campaign_scope(self.campaign_id) if place == "campaign" else scope_of(place)

    @property
    def story(self) -> Story:
        return db.session.get_one(Story, self.story_id)

    def act(self, act: Callable[[], object]) -> None:
        """One transaction; what the domain refuses leaves no trace, what ends at other sites leaves a notice."""
        with clock.fixed(self.now):
            before = framed_at(shown_rows(self.story_id), self.now)
            try:
                act()
                commit(outside().queue)
            except EyesError:
                rollback()
            after = framed_at(shown_rows(self.story_id), self.now)
            noticed = self.noticed()
            assert before - after <= noticed, (before, after, noticed)
            assert not (after - before) & noticed, (before, after, noticed)

    def noticed(self) -> set[str]:
        """Where the partner's site was told, or is to be told, to take the story away."""
        statement = select(TakedownNotice.places).where(
            TakedownNotice.story_id == self.story_id,
            TakedownNotice.site_id == self.site_id,
            TakedownNotice.closed_at.is_(None),
        )
        return {place for places in db.session.scalars(statement) for place in places}

    def guardian(self, at: int) -> Guardian | None:
        named = guardians_of(self.story.storyteller_id)
        return named[at % len(named)] if named else None

    def staff(self, at: int) -> Staff:
        return db.session.get_one(Staff, self.moderators[at % 2])

    @rule(hours=st.sampled_from([1, 12, 25, 24 * 20, 24 * 100, 24 * 400]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_sweeper_looks_for_expiries(self) -> None:
        spans = framed(shown_rows(self.story_id))
        self.act(follow_expiries)
        ran_out = {place for place, (_, closes) in spans.items() if self.swept < closes <= self.now}
        self.swept = self.now
        assert ran_out <= self.noticed(), (self.now, spans)

    @rule(places=some_places, word=words)
    def the_child_answers(self, places: set[str], word: str) -> None:
        self.act(lambda: child_says(self.story, {self.scope(place): word for place in places}))

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

    @rule(declared=st.booleans())
    def a_guardian_comes(self, declared: bool) -> None:
        if len(guardians_of(self.story.storyteller_id)) < 3:
            self.act(lambda: make_guardian(self.story.storyteller, declared=declared))

    @rule(at=who, places=some_places, word=words)
    def a_guardian_answers(self, at: int, places: set[str], word: str) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            answers = {self.scope(place): word for place in places}
            self.act(lambda: guardian_says(self.story, guardian, answers))

    @rule(at=who, voice=voices)
    def a_guardian_answers_about_the_voice(self, at: int, voice: str) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            self.act(lambda: guardian_says(self.story, guardian, {"voice": voice}))

    @rule(own_voice=st.booleans())
    def everybody_says_yes(self, own_voice: bool) -> None:
        answers = yes_to([self.scope(place) for place in PLACES], own_voice=own_voice)

        def all_answer() -> None:
            child_says(self.story, answers)
            for guardian in guardians_of(self.story.storyteller_id):
                guardian_says(self.story, guardian, answers)

        self.act(all_answer)

    @rule(at=who)
    def a_guardian_takes_everything_back(self, at: int) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            self.act(lambda: hide(self.story, Party.GUARDIAN, guardian))

    @rule(at=who, days=st.sampled_from([10, 300]), scopes=st.sampled_from([None, None, ["gallery", "voice"]]))
    def a_court_decides(self, at: int, days: int, scopes: list[str] | None) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            self.act(lambda: make_act(guardian, self.now + timedelta(days=days), scopes))

    @rule()
    def the_clock_ends_dead_acts(self) -> None:
        self.act(end_dead_acts)

    @rule(at=who, alone=st.booleans())
    def a_parent_says_whether_they_decide_alone(self, at: int, alone: bool) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            self.act(lambda: declare_guardian(guardian, "Elena Popescu", Relation.MOTHER, alone=alone))

    @rule(so_many=st.sampled_from([1, 3]), months=st.sampled_from([0, 1, 23, 25, 54]))
    def guardians_say_when_the_child_comes_of_age(self, so_many: int, months: int) -> None:
        month, told = later_by_months(self.now, months), guardians_of(self.story.storyteller_id)[:so_many]
        for guardian in told:
            self.act(partial(tell_majority, self.story.storyteller, guardian, month.year, month.month))

    @rule(at=who)
    def a_guardian_says_it_twice_by_link(self, at: int) -> None:
        guardian, wait = self.guardian(at), timedelta(days=1)
        if guardian is not None:
            answers = yes_to([self.scope(place) for place in PLACES])
            self.act(lambda: answer_by_link(self.story, guardian, answers, self.now))
            self.now += wait
            self.act(lambda: answer_by_link(self.story, guardian, answers, self.now))

    @rule(text_id=st.sampled_from(["child", "guardian"]), major=st.booleans())
    def new_texts_are_published(self, text_id: str, major: bool) -> None:
        if db.session.get(TextRelease, (text_id, 2)) is None:
            self.act(lambda: publish(text_id, 2, major=major))

    @rule()
    def somebody_fears_a_risk(self) -> None:
        self.act(lambda: suspend(Asker.CARER, self.story, "The uncle must not know."))

    @rule()
    def the_lead_decides_about_the_suspension(self) -> None:
        suspension = open_suspension(self.story_id)
        if suspension is not None:
            self.act(lambda: decide_suspension(self.lead, suspension))

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
            if facts.own_age_from is None:
                said = [key.said[scope_of(place)] for key in facts.keys if scope_of(place) in key.said]
                assert any(given.value == "yes" and given.confirmed for given in said)
            assert not facts.held

    @invariant()
    def nobody_decides_alone_by_a_month_that_another_key_holder_has_not_told(self) -> None:
        story, told = self.story, {key.guardian.told_majority for key in keys_to(self.story.storyteller_id)}
        if story.state is not State.ERASED and facts_of(story).own_age_from is not None:
            assert told <= {story.storyteller.majority_from}

    @invariant()
    def a_projection_made_anew_is_the_stored_one(self) -> None:
        assert project(self.story) == stored(self.story_id)

    @invariant()
    def archives_hear_what_the_showcase_says(self) -> None:
        assert list(misinformed(self.story_id, self.now)) == []

    def teardown(self) -> None:
        rollback()
