"""A guardian's no stands until who said it lifts it, two people end their right to it, or the child is old enough."""

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from app.consent.rules import Method
from app.extensions import db
from app.people.models import Guardian
from app.people.queries import guardians_of
from app.people.rules import AgeBand
from tests.db.one_story import PLACES, live
from tests.db.taken_life import TakenLife


class Family(TakenLife):
    """Parents of a child whose story is shown: the one who was named first says no at times, the others never do."""

    @initialize(country=st.sampled_from(["RO", "CN"]), guardians=st.integers(2, 3))
    def begin(self, country: str, guardians: int) -> None:
        self.begin_with(True, AgeBand.TEN_TO_TWELVE, country, 0, own_voice=True, guardians=guardians)
        self.first = guardians_of(self.story.storyteller_id)[0].id

    def meant(self, guardian: Guardian, answers: dict[str, str]) -> dict[str, str]:
        if guardian.id == self.first:
            return answers
        return {scope: "yes" for scope in answers if scope in {self.scope(place) for place in PLACES}}

    @rule()
    def a_guardian_takes_everything_back(self) -> None:
        super().a_guardian_takes_everything_back(at=0)

    @rule(by_link=st.booleans())
    def the_first_says_no_to_everything(self, by_link: bool) -> None:
        self.the_first_says("no", by_link=by_link)

    @rule()
    def the_first_says_yes_to_everything_by_the_link_they_hold(self) -> None:
        self.the_first_says("yes", by_link=True)

    @rule(word=st.sampled_from(["yes", "yes", "no"]), by_link=st.booleans())
    def the_first_says_otherwise_than_on_a_form_that_waits(self, word: str, by_link: bool) -> None:
        self.a_form_or_a_voice_is_taken(at=0, method=Method.PAPER, places=set(PLACES), word=word, voice="own")
        self.the_first_says("no" if word == "yes" else "yes", by_link=by_link)
        for _one in self.taken:
            self.a_second_person_looks_at_it(which=0, accepted=True, alone=True)

    def the_first_says(self, word: str, *, by_link: bool) -> None:
        first, answers = db.session.get_one(Guardian, self.first), {self.scope(place): word for place in PLACES}
        if by_link:
            self.answers_by_link(first, answers, fresh=False)
        else:
            self.says(answers, first)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_no_is_lifted_by_who_said_it_or_by_two_people(app: Flask) -> None:
    live(Family, times=12, steps=20)
