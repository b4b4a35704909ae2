"""Who may see what of a story, and nobody anything else: every address, every visitor, every state of a story (R1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Flask

from app.people.permissions import STAFF_ROLES
from tests.house.canaries import FILES, STORIES, WORDS, Seen, look_everywhere

STAFF = {role.value.replace("_", " ") for role in STAFF_ROLES}
EVERYBODY = STAFF | {"visitor", "child", "telling"}
TAKEN = "/my-story/take-along"
AREAS = (
    "/tell",
    TAKEN,
    "/my-story",
    "/consent/<token>/receipt",
    "/consent",
    "/staff/review",
    "/staff/words",
    "/staff/cases",
    "/staff/audit",
)
"""Where somebody may see more than the public: the first that an address begins with. Anywhere else is public."""


@dataclass(frozen=True)
class Right:
    """In this area these visitors see exactly this of these stories, whatever they send."""

    area: str
    visitors: Iterable[str]
    stories: str
    what: str

    def each(self) -> Iterator[tuple[str, str, str]]:
        """By area and visitor: the canaries, as they are found."""
        for who in self.visitors:
            for story in self.stories.split():
                yield from ((self.area, who, f"{story} {what}") for what in self.what.split())


RIGHTS = (
    Right("public", EVERYBODY, "shown", "title text name rendition caption"),
    Right("/tell", {"telling"}, "draft", "title text name region email rendition"),
    Right(TAKEN, {"child"}, "own", "original"),
    Right("/my-story", {"child"}, "own", "title text message rendition"),
    Right("/consent", EVERYBODY, "pending own declined hidden shown", "title text name guardian rendition"),
    Right("/consent", EVERYBODY, "held", "guardian"),
    Right("/consent/<token>/receipt", EVERYBODY, "held hidden shown", "guardian"),
    Right(
        "/staff/review",
        {"moderator", "safeguarding lead"},
        "pending own declined hidden shown",
        "title text name message note rendition",
    ),
    Right("/staff/review", {"safeguarding lead"}, "held leaving", "title text name message note rendition"),
    Right("/staff/words", {"curator", "moderator", "safeguarding lead"}, "shown", "title text rendition draft"),
    Right("/staff/cases", {"safeguarding lead"}, "held", "title text name message worry"),
)
"""An original goes back to the child who handed it in, and nowhere else. Everybody at `/consent` stands for whoever
holds the guardian's link, which is all it takes."""


def area_of(address: str) -> str:
    return next((area for area in AREAS if address.partition(" ")[2].startswith(area)), "public")


def by_area(seen: Seen) -> set[tuple[str, str, str]]:
    return {(area_of(address), who, sign) for (address, who), signs in seen.items() for sign in signs}


def test_everybody_sees_what_is_theirs_to_see_and_nothing_else(app: Flask) -> None:
    seen, statuses = look_everywhere(app)
    assert len(seen) > 80 * len(EVERYBODY)
    assert {who for _, who in seen} == EVERYBODY
    assert statuses == {200, 204, 302, 303, 400, 403, 404, 409, 410, 422}
    assert sorted(by_area(seen)) == sorted(each for right in RIGHTS for each in right.each())


def test_the_table_asks_about_every_canary() -> None:
    signs = {f"{story} {what}" for story in STORIES for what in (*WORDS, *FILES)}
    allowed = {sign for right in RIGHTS if right.area != TAKEN for _, _, sign in right.each()}
    assert allowed < signs
    assert not [sign for sign in allowed if sign.endswith("original")]
