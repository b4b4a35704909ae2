"""Everything that guardians, and whoever decides about them, can do about a story."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.cli.sweeper import end_dead_acts
from app.consent.actions import hide, later_by_months
from app.consent.naming import disclaim, doubt, keep_asking, leave_out, name_other
from app.consent.rules import Party
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.models import Authority, Staff
from app.people.queries import guardians_of, is_unheard, keys_to
from app.people.rules import Basis, Relation
from app.release.facts import facts_of
from app.stories.lifecycle import State
from tests.db.one_story import PLACES, OneStory, some_places, voices, who, words
from tests.factories.people import make_guardian
from tests.factories.stories import (
    answer_by_link,
    child_says,
    guardian_says,
    yes_to,
)


class GuardiansLife(OneStory):
    """They come, answer, decide by acts, tell a month, and were perhaps named by mistake."""

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

    @rule(
        at=who,
        days=st.sampled_from([10, 300]),
        scopes=st.sampled_from([None, None, ["gallery", "voice"]]),
        ruled=st.sampled_from([accept_act, accept_act, refuse_act, None]),
    )
    def somebody_says_that_a_court_appointed_them(
        self, at: int, days: int, scopes: list[str] | None, ruled: Callable[[Staff, Authority], None] | None
    ) -> None:
        guardian, lead = self.guardian(at), self.one_of_staff(self.lead)

        def claim() -> None:
            declare_guardian(guardian, "Elena Popescu", Relation.COURT_CARER)
            act = claim_act(guardian, Act(Basis.COURT_ACT, "Made up.", self.now + timedelta(days=days), scopes))
            if ruled is not None:
                ruled(lead, act)

        if guardian is not None:
            self.act(claim)

    @rule()
    def the_clock_ends_dead_acts(self) -> None:
        self.act(end_dead_acts)

    @rule(at=who, alone=st.booleans())
    def a_parent_says_whether_they_decide_alone(self, at: int, alone: bool) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            self.act(lambda: declare_guardian(guardian, "Elena Popescu", Relation.MOTHER, alone=alone))

    @rule(so_many=st.sampled_from([1, 3]), months=st.sampled_from([0, 1, 23, 25, 54]), twice=st.booleans())
    def guardians_say_when_the_child_comes_of_age(self, so_many: int, months: int, twice: bool) -> None:
        month, told = later_by_months(self.now, months), guardians_of(self.story.storyteller_id)[:so_many]
        for _again in range(1 + twice):
            for guardian in told:
                self.act(partial(tell_majority, self.story.storyteller, guardian, month.year, month.month, self.now))
            self.now += timedelta(days=twice)

    @rule(at=who)
    def a_guardian_says_it_twice_by_link(self, at: int) -> None:
        guardian, wait = self.guardian(at), timedelta(days=1)
        if guardian is not None:
            answers = yes_to([self.scope(place) for place in PLACES])
            self.act(lambda: answer_by_link(self.story, guardian, answers, self.now))
            self.now += wait
            self.act(lambda: answer_by_link(self.story, guardian, answers, self.now))

    @rule(at=who, themselves=st.booleans(), left_out=st.booleans())
    def somebody_was_perhaps_named_by_mistake(self, at: int, themselves: bool, left_out: bool) -> None:
        guardian, helper, lead = self.guardian(at), self.one_of_staff(self.helper), self.one_of_staff(self.lead)
        if guardian is not None:
            self.act(lambda: disclaim(guardian) if themselves else doubt(helper, guardian, "Made up."))
            self.act(lambda: (leave_out if left_out else keep_asking)(lead, guardian))

    @rule(at=who)
    def somebody_was_named_in_a_wrong_way(self, at: int) -> None:
        guardian = self.guardian(at)
        if guardian is not None and is_unheard(guardian):
            self.act(lambda: name_other(guardian, guardian.locale, "right@example.org", guardian))

    @invariant()
    def nobody_decides_alone_by_a_month_that_another_key_holder_has_not_told(self) -> None:
        story, told = self.story, {key.guardian.told_majority for key in keys_to(self.story.storyteller_id)}
        if story.state is not State.ERASED and facts_of(story).own_age_from is not None:
            assert told <= {story.storyteller.majority_from}
