"""One story with everybody who can do something to it, and the one way in which they do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, run_state_machine_as_test
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.campaigns.actions import choose_stories
from app.consent.rules import OWN_VOICE, campaign_scope
from app.errors import EyesError
from app.extensions import db
from app.people.models import Guardian, Staff
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import AgeBand
from app.release.check import rebuild
from app.release.facts import facts_of
from app.release.models import TakedownNotice
from app.release.policy import scope_of
from app.release.rules import framed_at
from app.stories.models import Story
from tests.db.moments import INSTANT, ask_only_the_first_texts, shown_rows
from tests.db.refusals import Refusals, Right
from tests.factories.campaigns import make_campaign
from tests.factories.people import make_staff
from tests.factories.restated_rule import may_be_shown
from tests.factories.sites import make_site
from tests.factories.stories import (
    add_sound,
    begin_story,
    make_approved,
)

BEGINNING = datetime(2026, 3, 1, 9, tzinfo=UTC)
PARTNER = "https://partner.example"
PLACES = ("gallery", "embed", "print", "press", "counts", "research", "archive", "campaign")
SEEN = {
    "name": ("invented", "none", "unsure"),
    "face": ("blurred", "never", "unsure"),
    "age": ("band", "none", "unsure"),
    "place": ("region", "none", "unsure"),
    "translate": ("yes", "no", "unsure"),
    "recontact": ("yes", "no"),
}
"""What is asked beside the places and the voice, with its answers."""

words = st.sampled_from(["yes", "yes", "yes", "no", "unsure"])
voices = st.sampled_from([OWN_VOICE, OWN_VOICE, "transcript", "altered", "unsure"])
seen = st.sampled_from([(scope, value) for scope, values in SEEN.items() for value in values])
some_places = st.just(set(PLACES)) | st.sets(st.sampled_from(PLACES), min_size=1)
who = st.sampled_from([0, 0, 0, 1, 2])


def live(machine: type[RuleBasedStateMachine], *, times: int, steps: int) -> None:
    """So many lives of so many steps; a commit takes as long as it takes."""
    patient = settings(
        max_examples=times, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=patient)


class OneStory(RuleBasedStateMachine):
    """One story, its child, up to three guardians, two moderators, a helper, a lead and a campaign."""

    @initialize(
        approved=st.sampled_from([True, True, False]),
        age_band=st.sampled_from(list(AgeBand)),
        country=st.sampled_from(["RO", "CN", "DE"]),
        sounds=st.integers(0, 1),
        own_voice=st.booleans(),
        guardians=st.integers(0, 3),
    )
    def begin(
        self, approved: bool, age_band: AgeBand, country: str, sounds: int, own_voice: bool, guardians: int
    ) -> None:
        self.begin_with(approved, age_band, country, sounds, own_voice=own_voice, guardians=guardians)

    def begin_with(
        self, approved: bool, age_band: AgeBand, country: str, sounds: int, *, own_voice: bool, guardians: int
    ) -> None:
        """A draft, or a story that was approved with a yes of everybody to every place."""
        self.now = self.swept = BEGINNING
        self.step, self.refusals = 0, Refusals()
        self.declared: dict[str, int] = {}
        """The step at which each guardian last said who they are."""
        self.links: dict[str, datetime] = {}
        """When the link was made that each guardian holds."""
        self.stood = -1
        """The log's newest entry when somebody was last seen to stand against the child's deciding alone."""
        self.grown: date | None = None
        """The day of own age that has come."""
        self.silent: dict[str, datetime] = {}
        """By scope, when a child said what their own silence has ended since."""
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
            for guardian in guardians_of(story.storyteller_id):
                self.refusals.decides(guardian.id, Right(self.now))
            self.moderators = [make_staff().id for _ in range(2)]
            self.lead, self.helper = (make_staff(role).id for role in (Role.SAFEGUARDING_LEAD, Role.FACILITATOR))
            commit(outside().queue)

    def scope(self, place: str) -> str:
        return campaign_scope(self.campaign_id) if place == "campaign" else scope_of(place)

    @property
    def story(self) -> Story:
        return db.session.get_one(Story, self.story_id)

    def act(self, act: Callable[[], object]) -> bool:
        """One transaction; what the domain refuses leaves no trace, what ends at other sites leaves a notice."""
        self.step += 1
        self.now += INSTANT
        with clock.fixed(self.now):
            before = framed_at(shown_rows(self.story_id), self.now)
            try:
                act()
                commit(outside().queue)
                done = True
            except EyesError:
                rollback()
                done = False
            after = framed_at(shown_rows(self.story_id), self.now)
            noticed = self.noticed()
            assert self.taken_back(before, after) <= noticed, (before, after, noticed)
            assert not (after - before) & noticed, (before, after, noticed)
        return done

    def close(self, act: Callable[[], object]) -> bool:
        """The same for a no about places: by it none opens, at any moment, and none stays open for longer."""
        self.act(rebuild)  # what time alone has changed since is not what the no changes
        before = shown_rows(self.story_id)
        done = self.act(act)
        after = shown_rows(self.story_id)
        assert after.keys() <= before.keys(), (before, after)
        for place, (opens, closes) in after.items():
            assert before[place][0] <= opens, (place, before, after)
            assert closes <= before[place][1], (place, before, after)
        return done

    def is_no(self, answers: Mapping[str, str]) -> bool:
        """Whether these answers are about places, and open none."""
        return answers.keys() <= set(map(self.scope, PLACES)) and "yes" not in answers.values()

    def taken_back(self, before: set[str], after: set[str]) -> set[str]:
        """Where it stood on other sites and may not any more; not what merely left a campaign, as it may come back."""
        ended = before - after
        if not ended or "embed" not in after:
            return ended
        ever = {place.removeprefix("campaign:"): (self.now, None) for place in ended if place != "embed"}
        facts = replace(facts_of(self.story), campaigns=ever)
        return {place for place in ended if place == "embed" or not may_be_shown(facts, place, self.now)}

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
        return self.one_of_staff(self.moderators[at % 2])

    def one_of_staff(self, staff_id: str) -> Staff:
        return db.session.get_one(Staff, staff_id)

    def teardown(self) -> None:
        rollback()
