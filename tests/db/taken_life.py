"""Forms, voices and calls: what guardians said to somebody, and what a second person made of it."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from app.consent.evidence import Ruling, accept, ask_again, note_call
from app.consent.models import Evidence
from app.consent.rules import EvidenceState, Method
from app.consent.texts import current
from app.extensions import db
from app.people.models import Guardian
from app.people.rules import Relation
from tests.db.guardians_life import GuardiansLife
from tests.db.one_story import some_places, voices, who, words
from tests.factories.taken import take_from

METHODS = [Method.PAPER, Method.VOICE]


@dataclass(frozen=True)
class Taken:
    """What was taken, and at which step."""

    evidence_id: str
    guardian_id: str
    answers: dict[str, str]
    step: int


class TakenLife(GuardiansLife):
    """They answer on paper, by voice and in calls."""

    @initialize()
    def nothing_was_taken(self) -> None:
        self.taken: list[Taken] = []

    @rule(at=who, method=st.sampled_from(METHODS), places=some_places, word=words, voice=voices)
    def a_form_or_a_voice_is_taken(self, at: int, method: Method, places: set[str], word: str, voice: str) -> None:
        guardian, helper = self.guardian(at), self.one_of_staff(self.helper)
        answers = dict.fromkeys(map(self.scope, places), word) | {"voice": voice}
        kept: list[Evidence] = []
        if guardian is not None and self.act(lambda: kept.append(take_from(guardian, self.story, helper, method))):
            self.taken.append(Taken(kept[0].id, guardian.id, self.meant(guardian, answers), self.step))

    @rule(which=st.integers(0, 3), accepted=st.sampled_from([True, True, False]), alone=st.booleans())
    def a_second_person_looks_at_it(self, which: int, accepted: bool, alone: bool) -> None:
        waiting = [one for one in self.taken if self.state_of(one) is EvidenceState.WAITING]
        if not waiting:
            return
        taken, lead = waiting[which % len(waiting)], self.one_of_staff(self.lead)
        evidence = db.session.get_one(Evidence, taken.evidence_id)
        if not accepted:
            self.act(lambda: ask_again(lead, evidence, "It cannot be read."))
        elif self.act(lambda: accept(lead, evidence, self.ruling(taken.answers, alone=alone))):
            self.remember(evidence.guardian, taken.answers, taken.step)

    @rule(at=who, places=some_places, word=words, alone=st.booleans())
    def a_call_is_noted(self, at: int, places: set[str], word: str, alone: bool) -> None:
        guardian, helper = self.guardian(at), self.one_of_staff(self.helper)
        answers = dict.fromkeys(map(self.scope, places), word)

        def call() -> None:
            text = current("guardian", guardian.locale)
            note_call(helper, self.story, guardian, text, "She called.", self.ruling(answers, alone=alone))

        if guardian is not None:
            answers = self.meant(guardian, answers)
            if self.act(call):
                self.remember(guardian, answers, self.step)

    def ruling(self, answers: dict[str, str], *, alone: bool) -> Ruling:
        return Ruling(answers, "Elena Popescu", Relation.MOTHER, alone)

    def state_of(self, taken: Taken) -> EvidenceState | None:
        evidence = db.session.get(Evidence, taken.evidence_id)
        return evidence.state if evidence else None

    def remember(self, guardian: Guardian, answers: dict[str, str], step: int) -> None:
        """What somebody said at a step counts as said then, whenever it was written down."""
        if self.declared.get(guardian.id, -1) <= step:
            self.remember_parent(guardian)
        self.refusals.speaks(guardian.id, answers, step)
