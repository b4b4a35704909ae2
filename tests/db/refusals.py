"""What guardians refused, kept by the acts alone, as somebody would on paper, and never read from the product.

A guardian's no is lifted by the same person's yes: said to somebody of the team, or by a link and again by one that was
made a day later; and it ends with the right to decide, which only time and two people end.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

WAIT = timedelta(days=1)
YES = ("yes", "own")
LABEL = ("name", "age", "place", "face", "translate", "recontact")
"""What is seen of the child, or done besides; a no about it shows less, and closes no place."""


@dataclass(frozen=True)
class Right:
    """By what somebody decides: until when, and about what; None: about everything."""

    since: datetime
    until: datetime | None = None
    scopes: frozenset[str] | None = None

    def binds(self, scope: str, now: datetime) -> bool:
        """Whether a no about this counts."""
        about = self.scopes is None or bool({scope, scope.partition(":")[0] + ":"} & self.scopes)
        return about and (self.until is None or now < self.until)


@dataclass
class Refusals:
    """By guardian: their right, their noes, and what else says whether a later yes lifts one."""

    rights: dict[str, Right] = field(default_factory=dict)
    noes: dict[tuple[str, str], int] = field(default_factory=dict)
    """The number of the step at which a no was said, by guardian and scope."""
    spoken: dict[tuple[str, str], int] = field(default_factory=dict)
    """When somebody last said something about a scope to a person."""
    said_once: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """Since when a yes by link waits to be said again."""
    told: dict[str, list[tuple[date, datetime]]] = field(default_factory=dict)
    """The months of majority that were told, and when the link was made by which it was."""

    def decides(self, guardian_id: str, right: Right) -> None:
        """From now on they decide by this."""
        self.rights[guardian_id] = right

    def ends(self, guardian_id: str) -> None:
        """Two people ended their right, and with it what they said."""
        self.rights.pop(guardian_id, None)
        for of in [of for of in self.noes if of[0] == guardian_id]:
            del self.noes[of]

    def speaks(self, guardian_id: str, answers: Mapping[str, str], step: int) -> None:
        """They said it to somebody, at this step; it may be written down later than what they said since."""
        for scope, value in answers.items():
            of = (guardian_id, scope)
            if scope in LABEL or self.spoken.get(of, -1) > step:
                continue
            self.spoken[of] = step
            if value not in YES:
                self.refuses(guardian_id, [scope], max(step, self.noes.get(of, step)))
            elif self.noes.get(of, step) <= step:
                self.noes.pop(of, None)

    def refuses(self, guardian_id: str, scopes: Iterable[str], step: int) -> None:
        """They say no, however they do."""
        for scope in scopes:
            self.noes[guardian_id, scope] = step
            self.said_once.pop((guardian_id, scope), None)

    def links(
        self, guardian_id: str, answers: Mapping[str, str], step: int, link_made_at: datetime, now: datetime
    ) -> None:
        """They answer by a link that was made then."""
        said = {scope: value for scope, value in answers.items() if scope not in LABEL}
        self.refuses(guardian_id, [scope for scope, value in said.items() if value not in YES], step)
        for scope in [scope for scope, value in said.items() if value in YES]:
            of = (guardian_id, scope)
            if link_made_at >= self.said_once.setdefault(of, now) + WAIT:
                self.noes.pop(of, None)

    def against(self, scope: str, now: datetime) -> set[str]:
        """Whose no about a scope binds everybody now."""
        said = {guardian_id for guardian_id, refused in self.noes if refused == scope}
        return {one for one in said if one in self.rights and self.rights[one].binds(scope, now)}

    def untold(self, majority: date, of_age: datetime, now: datetime) -> Iterator[str]:
        """Who decided before a young person was of age, and has not told that month twice, a day apart."""
        for guardian_id, right in self.rights.items():
            told = [made_at for month, made_at in self.told.get(guardian_id, []) if month == majority]
            living = right.since < of_age and (right.until is None or now < right.until)
            if living and (not told or max(told) < min(told) + WAIT):
                yield guardian_id
