"""Everything that guardians, and whoever decides about them, can do about a story."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.cli.sweeper import end_dead_acts
from app.consent.actions import hide, later_by_months
from app.consent.naming import disclaim, doubt, keep_asking, leave_out, name_other
from app.consent.rules import Party
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.models import Authority, Guardian, Staff
from app.people.queries import guardians_of, is_unheard
from app.people.rules import Basis, Relation, first_of_next_month
from app.release.facts import facts_of
from app.stories.lifecycle import State
from tests.db.moments import shown_rows, sounds_in
from tests.db.one_story import PLACES, OneStory, some_places, voices, who, words
from tests.db.refusals import Right
from tests.factories.people import make_guardian
from tests.factories.stories import (
    answer_by_link,
    child_says,
    guardian_says,
    yes_to,
)


class GuardiansLife(OneStory):
    """They come, answer, decide by acts, tell a month, and were perhaps named by mistake."""

    def remember_parent(self, guardian: Guardian) -> None:
        """They said that they are a parent; whoever decides as one already goes on."""
        self.declared[guardian.id] = self.step
        right = self.refusals.rights.get(guardian.id)
        if right is None or right.until is not None:
            self.refusals.decides(guardian.id, Right(self.now))

    @rule(declared=st.booleans())
    def a_guardian_comes(self, declared: bool) -> None:
        came: list[Guardian] = []
        if len(guardians_of(self.story.storyteller_id)) < 3 and self.act(
            lambda: came.append(make_guardian(self.story.storyteller, declared=declared))
        ):
            for guardian in came if declared else []:
                self.remember_parent(guardian)

    @rule(at=who, places=some_places, word=words)
    def a_guardian_answers(self, at: int, places: set[str], word: str) -> None:
        self.says({self.scope(place): word for place in places}, self.guardian(at))

    @rule(at=who, voice=voices)
    def a_guardian_answers_about_the_voice(self, at: int, voice: str) -> None:
        self.says({"voice": voice}, self.guardian(at))

    def says(self, answers: dict[str, str], guardian: Guardian | None) -> None:
        if guardian is None:
            return
        said = self.meant(guardian, answers)
        if self.act(lambda: guardian_says(self.story, guardian, said)):
            self.refusals.speaks(guardian.id, said, self.step)

    def meant(self, guardian: Guardian, answers: dict[str, str]) -> dict[str, str]:
        """What somebody who was asked to say this says."""
        return answers

    @rule(own_voice=st.booleans())
    def everybody_says_yes(self, own_voice: bool) -> None:
        answers = yes_to([self.scope(place) for place in PLACES], own_voice=own_voice)
        self.act(lambda: child_says(self.story, answers))
        for guardian in guardians_of(self.story.storyteller_id):
            self.says(answers, guardian)

    @rule(at=who)
    def a_guardian_takes_everything_back(self, at: int) -> None:
        guardian, shown = self.guardian(at), {"voice", *map(self.scope, shown_rows(self.story_id))}
        if guardian is not None and self.act(lambda: hide(self.story, Party.GUARDIAN, guardian)):
            everything = {self.scope(place) for place in PLACES if place != "campaign"}
            self.refusals.refuses(guardian.id, everything | shown, self.step)

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
        until = self.now + timedelta(days=days)

        def claim() -> None:
            declare_guardian(guardian, "Elena Popescu", Relation.COURT_CARER)
            act = claim_act(guardian, Act(Basis.COURT_ACT, "Made up.", until, scopes))
            if ruled is not None:
                ruled(lead, act)

        if guardian is not None and self.act(claim):
            self.declared[guardian.id] = self.step
            if ruled is accept_act:
                limits = None if scopes is None else frozenset(scopes)
                self.refusals.decides(guardian.id, Right(self.now, until, limits))

    @rule()
    def the_clock_ends_dead_acts(self) -> None:
        self.act(end_dead_acts)

    @rule(at=who, alone=st.booleans())
    def a_parent_says_whether_they_decide_alone(self, at: int, alone: bool) -> None:
        guardian = self.guardian(at)
        if guardian is not None and self.act(
            lambda: declare_guardian(guardian, "Elena Popescu", Relation.MOTHER, alone=alone)
        ):
            self.remember_parent(guardian)

    @rule(so_many=st.sampled_from([1, 3]), months=st.sampled_from([0, 1, 23, 25, 54]), twice=st.booleans())
    def guardians_say_when_the_child_comes_of_age(self, so_many: int, months: int, twice: bool) -> None:
        month, told = later_by_months(self.now, months), guardians_of(self.story.storyteller_id)[:so_many]
        majority = first_of_next_month(date(month.year, month.month, 1))
        for _again in range(1 + twice):
            for guardian in told:
                tell = partial(tell_majority, self.story.storyteller, guardian, month.year, month.month, self.now)
                if self.act(tell):
                    self.refusals.told.setdefault(guardian.id, []).append((majority, self.now))
            self.now += timedelta(days=twice)

    @rule(at=who, places=some_places, word=words, fresh=st.booleans())
    def a_guardian_answers_by_link(self, at: int, places: set[str], word: str, fresh: bool) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            self.answers_by_link(guardian, dict.fromkeys(map(self.scope, places), word), fresh=fresh)

    @rule(at=who)
    def a_guardian_says_it_twice_by_link(self, at: int) -> None:
        guardian = self.guardian(at)
        if guardian is not None:
            answers = yes_to([self.scope(place) for place in PLACES])
            self.answers_by_link(guardian, answers, fresh=True)
            self.now += timedelta(days=1)
            self.answers_by_link(guardian, answers, fresh=True)

    def answers_by_link(self, guardian: Guardian, answers: dict[str, str], *, fresh: bool) -> None:
        """By the link that they were sent last, or by one that is made now."""
        made_at = self.links[guardian.id] = self.now if fresh else self.links.get(guardian.id, self.now)
        said = self.meant(guardian, answers)
        if self.act(lambda: answer_by_link(self.story, guardian, said, made_at)):
            self.refusals.links(guardian.id, said, self.step, made_at, self.now)

    @rule(at=who, themselves=st.booleans(), left_out=st.booleans())
    def somebody_was_perhaps_named_by_mistake(self, at: int, themselves: bool, left_out: bool) -> None:
        guardian, helper, lead = self.guardian(at), self.one_of_staff(self.helper), self.one_of_staff(self.lead)
        if guardian is not None:
            self.act(lambda: disclaim(guardian) if themselves else doubt(helper, guardian, "Made up."))
            if self.act(lambda: (leave_out if left_out else keep_asking)(lead, guardian)) and left_out:
                self.refusals.ends(guardian.id)

    @rule(at=who)
    def somebody_was_named_in_a_wrong_way(self, at: int) -> None:
        guardian = self.guardian(at)
        if guardian is not None and is_unheard(guardian):
            self.act(lambda: name_other(guardian, guardian.locale, "right@example.org", guardian))

    @invariant()
    def a_no_ends_only_by_who_said_it_by_two_people_or_by_the_childs_age(self) -> None:
        rows = shown_rows(self.story_id)
        alone_from = facts_of(self.story).own_age_from if rows else None
        asked = {place: self.scope(place) for place in rows} | ({"voice": "voice"} if sounds_in(self.story_id) else {})
        for place, scope in asked.items():
            opens = min(span[0] for span in rows.values()) if place == "voice" else rows[place][0]
            if alone_from is None or opens < alone_from:
                assert not self.refusals.against(scope, self.now), (place, self.refusals)

    @invariant()
    def nobody_decides_alone_by_a_month_that_another_key_holder_has_not_told(self) -> None:
        story = self.story
        if story.state is State.ERASED:
            return
        of_age, majority = facts_of(story).own_age_from, story.storyteller.majority_from
        if of_age is not None and majority is not None:
            assert list(self.refusals.untold(majority, of_age, self.now)) == []
