"""The page about my story, read aloud: one clip for each sentence on it, in the same order."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from app.consent.rules import CAMPAIGN
from app.stories.models import Story
from app.stories.queries import messages
from app.web.child_words import NEXT_FOR_CHILD
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.my_story import bp
from app.web.my_story.another_way import unanswered
from app.web.my_story.attention import links_of, seen_now, waiting, what_follows
from app.web.my_story.mine import my_story, standing
from app.web.speech import clips
from app.web.verdicts import shared_reasons, verdict_rows
from app.web.words import REASONS_FOR_CHILD


@bp.get("/my-story/aloud")
@open_to(Audience.CHILD)
def aloud() -> Response:
    """Where it stands, who can see it now and why, and what of me."""
    return Response(clips(page_code(), sentences(my_story())), content_type="audio/mpeg")


def sentences(story: Story) -> list[str]:
    """The keys of the sentences."""
    rows = verdict_rows(story, REASONS_FOR_CHILD, for_family=True)
    everywhere = shared_reasons(rows)
    stands = standing(story)
    waits = waiting(story, rows, messages(story), unanswered(story))
    following = what_follows(story, stands, rows, waits, links_of(story))
    keys = [f"state-{stands}"] + [f"next-{following}"] * bool(NEXT_FOR_CHILD[following])
    keys += _reasons(rows[0], everywhere)
    for row in rows:
        place = "campaign" if row["place"].startswith(CAMPAIGN) else row["place"]
        open_there = "allowed" if row["wordless"] else "can_be_seen"
        keys += [f"place-{place}", *_reasons(row, row["reasons"]), open_there if row["allowed"] else "not_shown"]
    return keys + [f"shown-{attribute}-{grade}" for attribute, grade in seen_now(story, stands, rows)]


def _reasons(row: Mapping[str, Any], told: Iterable[Any]) -> list[str]:
    """The keys of those reasons of a row that are told."""
    words = set(map(str, told))
    return [f"reason-{code}" for code in row["codes"] if str(REASONS_FOR_CHILD[code]) in words]
