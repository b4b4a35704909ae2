"""Who decides: they come, decide by acts, tell when the child comes of age, and were perhaps named by mistake."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.audit.actions import order
from app.cli.sweeper import end_dead_acts
from app.consent.actions import later_by_months
from app.consent.naming import disclaim, doubt, keep_asking, leave_out, name_other
from app.people.actions import declare_guardian, tell_majority
from app.people.authority import Act, accept_act, claim_act, refuse_act
from app.people.models import Authority, Guardian, Staff
from app.people.queries import claim_of, guardians_of, is_unheard, key_of
from app.people.rules import Basis, Relation, first_of_next_month
from app.release.consensus import about_place, alone_since, terms_of
from app.release.facts import facts_of
from app.release.terms import Reason
from app.stories.lifecycle import State
from tests.db.moments import INSTANT
from tests.db.one_story import OneStory, who
from tests.db.refusals import Right
from tests.factories.people import make_guardian


class DecidersLife(OneStory):
    """Everything that changes whom a story needs, and what follows from it as the child grows up."""

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
    def what_silence_closed_opens_only_by_the_childs_word(self) -> None:
        if self.story.state is State.ERASED:
            return
        facts = facts_of(self.story)
        for scope, given in facts.child.items():
            terms = terms_of(facts, about_place(scope, recognisable=False))
            ended = any(why is Reason.CHILD_GREW_UP and closes <= self.now for why, _opens, closes in terms)
            assert ended or self.silent.get(scope) != given.at, scope
            if ended:
                self.silent[scope] = given.at

    @invariant()
    def a_word_counts_alone_only_when_nobody_stood_against_it(self) -> None:
        teller = self.story.storyteller
        if self.story.state is State.ERASED or teller.majority_from is None:
            return
        facts, day = facts_of(self.story), teller.own_age_from
        standing = set(self.refusals.untold(teller.majority_from, self.now + INSTANT, self.now))
        for guardian in guardians_of(teller.id):
            if is_unheard(guardian) or (claim_of(guardian.id) and not key_of(guardian.id)):
                standing.add(guardian.id)
        if self.grown and day:  # by a stricter law it has to come again; an earlier day leaves what has come
            self.grown = None if day > self.grown else day
        if self.grown != day and standing:
            self.stood = order()
        for scope, given in facts.child.items():
            if alone_since(facts, about_place(scope, recognisable=False), given):
                assert given.said_seq > self.stood, (scope, standing)
        if facts.own_age is not None and teller.own_age_came_seq is not None:
            self.grown = day
        assert facts.own_age is not None or self.grown != day, "what has come was taken away"

    @invariant()
    def nobody_decides_alone_by_a_month_that_another_key_holder_has_not_told(self) -> None:
        story = self.story
        if story.state is State.ERASED:
            return
        alone, majority = facts_of(story).own_age, story.storyteller.majority_from
        if alone is not None and majority is not None:
            assert list(self.refusals.untold(majority, alone.begins, self.now)) == []
