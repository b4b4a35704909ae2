"""What guardians say about a story."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.consent.actions import hide
from app.consent.rules import Party
from app.people.models import Guardian
from app.people.queries import guardians_of
from app.release.facts import facts_of
from tests.db.deciders_life import DecidersLife
from tests.db.moments import shown_rows, sounds_in
from tests.db.one_story import PLACES, seen, some_places, voices, who, words
from tests.factories.stories import (
    answer_by_link,
    child_says,
    guardian_says,
    yes_to,
)


class GuardiansLife(DecidersLife):
    """They answer, by what is written down for them and by links."""

    @rule(at=who, places=some_places, word=words)
    def a_guardian_answers(self, at: int, places: set[str], word: str) -> None:
        self.says({self.scope(place): word for place in places}, self.guardian(at))

    @rule(at=who, voice=voices)
    def a_guardian_answers_about_the_voice(self, at: int, voice: str) -> None:
        self.says({"voice": voice}, self.guardian(at))

    @rule(at=who, about=seen)
    def a_guardian_answers_about_what_is_seen(self, at: int, about: tuple[str, str]) -> None:
        self.says(dict([about]), self.guardian(at))

    def says(self, answers: dict[str, str], guardian: Guardian | None) -> None:
        if guardian is None:
            return
        said = self.meant(guardian, answers)
        act = self.close if self.is_no(said) else self.act
        if act(lambda: guardian_says(self.story, guardian, said)):
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

    @invariant()
    def a_no_ends_only_by_who_said_it_by_two_people_or_by_the_childs_age(self) -> None:
        rows = shown_rows(self.story_id)
        alone = facts_of(self.story).own_age if rows else None
        asked = {place: self.scope(place) for place in rows} | ({"voice": "voice"} if sounds_in(self.story_id) else {})
        for place, scope in asked.items():
            opens = min(span[0] for span in rows.values()) if place == "voice" else rows[place][0]
            if alone is None or opens < alone.begins:
                assert not self.refusals.against(scope, self.now), (place, self.refusals)
