"""Stories in every state in which somebody may not see them, full of words that are looked for in every answer.

Each canary says whose it is and what it is: `canary-<story>-<what>`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app import clock
from app.campaigns.actions import choose_stories
from app.campaigns.models import Campaign, CampaignBlock
from app.cli.writing import transaction
from app.consent.actions import hide
from app.consent.rules import Party
from app.extensions import db, limiter
from app.media.models import Asset
from app.media.queries import renditions_of
from app.moderation import actions as moderation
from app.people.actions import issue_link
from app.people.models import Guardian
from app.people.permissions import Role
from app.people.queries import guardians_of
from app.people.rules import AgeBand
from app.release.publishing import publish
from app.safeguarding.actions import open_case
from app.safeguarding.models import Case
from app.safeguarding.rules import Level
from app.stories import actions
from app.stories.models import Story, Wording
from app.stories.rules import Author, Beside
from app.web.guard import CHILD_STORYTELLER
from app.web.my_story.mine import BY_CARD
from app.web.telling_here import DRAFT
from tests.factories.campaigns import make_campaign
from tests.factories.people import describe_child, make_guardian, make_staff
from tests.factories.stories import LONG_AGO, add_picture, approve, begin_story, child_says, guardian_says, yes_to
from tests.factories.wordings import put_beside, write_beside
from tests.house.matrix import SAME_ORIGIN, address, answers, changing_last, visitors

WORDS = ("title", "text", "name", "region", "message", "guardian", "email", "worry", "note", "caption", "draft")
"""What a story's canaries are. The worry is a case's, the note a colleague's reason to break a claim, the caption was
checked by a second person, and the draft of another one was not."""
FILES = ("original", "rendition")
"""The bytes of a file, as it was handed in and as it was decoded."""

Seen = dict[tuple[str, str], set[str]]
"""By method and address, and by visitor: the canaries that reached them, as `story what`."""


@dataclass(frozen=True)
class Planted:
    """One story, what stands in the addresses that could show it, and its canaries."""

    story_id: str
    storyteller_id: str
    parts: dict[str, dict[str, str]]
    canaries: dict[str, bytes]


def canary(story: str, what: str) -> str:
    return f"canary-{story}-{what}"


def told(name: str) -> Story:
    """A draft with a canary in everything a child and a guardian hand in, and a picture."""
    story = begin_story(title=canary(name, "title"), text=canary(name, "text"))
    words = canary(name, "name"), canary(name, "region")
    describe_child(story.storyteller, AgeBand.TEN_TO_TWELVE, "RO", *words)
    make_guardian(
        story.storyteller, name=canary(name, "guardian"), email=f"{canary(name, 'email')}@example.org", declared=True
    )
    add_picture(story)
    actions.say(story, Author.CHILD, canary(name, "message"))
    return story


def submitted(name: str) -> Story:
    """It was handed in, reviewed by one colleague and taken over by another."""
    story = told(name)
    actions.submit(story, Role.CHILD)
    moderation.claim(make_staff(), story)
    taker = make_staff()
    moderation.break_claim(taker, story, canary(name, "note"))
    moderation.release_claim(taker, story)
    return story


def shown(name: str) -> Story:
    """It was approved a month ago, and everybody said yes to every place that can show it."""
    campaign = db.session.scalars(select(Campaign)).one()
    yes = yes_to(["gallery", "embed", "print", "press", "research_counts", "archive", f"campaign:{campaign.id}"])
    with clock.fixed(clock.now() - LONG_AGO):
        story = submitted(name)
        child_says(story, yes)
        guardian_says(story, guardians_of(story.storyteller_id)[0], yes)
        approve(story)
    put_beside(story, Beside.CAPTION, text=canary(name, "caption"))
    write_beside(story, Beside.CAPTION, text=canary(name, "draft"))
    return story


def held(name: str) -> Story:
    story = shown(name)
    open_case(make_staff(Role.SAFEGUARDING_LEAD).id, story, Level.AMBER, canary(name, "worry"))
    return story


def hidden(name: str) -> Story:
    story = shown(name)
    hide(story, Party.CHILD)
    return story


def leaving(name: str) -> Story:
    story = shown(name)
    actions.ask_erasure(story, Role.CHILD, now=False)
    return story


def declined(name: str) -> Story:
    story, staff = submitted(name), make_staff()
    moderation.claim(staff, story)
    moderation.decline(staff, story, {}, canary(name, "message"))
    return story


def changes_asked(name: str) -> Story:
    story, staff = submitted(name), make_staff()
    moderation.claim(staff, story)
    moderation.ask_changes(staff, story, {}, canary(name, "message"))
    return story


STORIES: dict[str, Callable[[str], Story]] = {
    "draft": told,
    "pending": submitted,
    "own": changes_asked,
    "declined": declined,
    "held": held,
    "hidden": hidden,
    "leaving": leaving,
    "shown": shown,
}
"""`own` is the story of the child who comes with a card, `draft` of the one who is telling."""


def plant(app: Flask) -> dict[str, Planted]:
    """Make every story, and publish the files of those that are shown."""
    with app.app_context(), transaction():
        campaign = make_campaign(slug="here", embedding_sites=["https://partner.example"])
        stories = {name: make(name) for name, make in STORIES.items()}
        choose_stories("test", campaign, [story.id for story in stories.values()])
        planted = {name: planted_in(name, story) for name, story in stories.items()}
    with app.app_context():
        for one in planted.values():
            publish(one.story_id)
    return planted


def planted_in(name: str, story: Story) -> Planted:
    """What stands in the addresses of a story, and what must not be answered there."""
    asset = db.session.scalars(select(Asset).where(Asset.story_id == story.id)).one()
    file = next(item for item in renditions_of(asset.id) if item.purpose == "image-320")
    guardian: Guardian = guardians_of(story.storyteller_id)[0]
    case = db.session.scalar(select(Case.id).where(Case.story_id == story.id))
    block = db.session.scalars(select(CampaignBlock)).one()
    built = {"campaign_id": block.campaign_id, "block_id": block.id}
    here = {"story_id": story.id, "name": file.name, "asset_id": asset.id, "guardian_id": guardian.id}
    beside = db.session.scalars(select(Wording.id).where(Wording.story_id == story.id)).all()
    worded = here | {"wording_id": beside[-1]} if beside else here
    own = ["/stories", "/api/v1/stories", "/iiif/stories", "/embed/s", "/media", "/staff/review", "/my-story", "/tell"]
    parts = dict.fromkeys(own, here) | {
        "/consent": here | {"token": issue_link(guardian, story.id, keep_readable=True)},
        "/staff/cases": {"case_id": case} if case else {},
        **{start: {"slug": "here"} for start in ("/embed/c", "/api/v1/campaigns", "/feeds", "/iiif/ca")},
        "/campaigns": here | {"slug": "here"},
        "/staff/campaigns": here | built,
        "/staff/words": worded,
        "/sitemap/": {"name": "pages"},
        "/static": {"filename": "favicon.svg"},
    }
    canaries = {what: canary(name, what).encode() for what in WORDS} | {
        "original": f"image {asset.id}".encode(),
        "rendition": f"image-320 {asset.id}".encode(),
    }
    return Planted(story.id, story.storyteller_id, parts, canaries)


def everybody(app: Flask, planted: dict[str, Planted]) -> dict[str, FlaskClient]:
    """The visitors of the matrix; the child's card opens `own`, and one more child is telling `draft`."""
    browsers = visitors(app) | {"telling": app.test_client()}
    with browsers["child"].session_transaction() as session:
        session[CHILD_STORYTELLER] = planted["own"].storyteller_id
        session.pop(BY_CARD)  # they had shown another one
    with browsers["telling"].session_transaction() as session:
        session[DRAFT] = planted["draft"].story_id
    return browsers


def look_everywhere(app: Flask) -> tuple[Seen, set[int]]:
    """Ask for every address of every story as every visitor, forms with their token; what was seen, and the statuses.

    Erasing comes after everything else, because nothing is seen of a story then; and logging out last of all, so that
    nobody else's forms are sent by a stranger.
    """
    planted = plant(app)
    browsers = everybody(app, planted)
    app.config["WTF_CSRF_ENABLED"] = False
    seen, statuses = defaultdict(set), set()
    for rule, method in sorted(
        changing_last(app), key=lambda pair: ("logout" in pair[0].rule, "erase" in pair[0].rule)
    ):
        for path in sorted({asked(rule, one) for one in planted.values()}):
            limiter.reset()
            for answered in answers(browsers, method, path, SAME_ORIGIN):
                statuses.add(answered.status)
                seen[f"{method} {rule.rule}", answered.who] |= found_in(answered.said, planted)
    return dict(seen), statuses


def asked(rule: Rule, one: Planted) -> str:
    """The rule's address for one story; in English, because a guardian's link is sent on to their language."""
    query = {
        "/staff/audit": {"lang": "en", "subject": one.story_id},
        "/oai": {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        "/oembed": {"lang": "en", "url": f"http://127.0.0.1:8000/stories/{one.story_id}"},
        "/embed": {"lang": "en", "what": "story", "story": one.story_id},
    }.get(rule.rule, {"lang": "en"})
    return f"{address(rule, one.parts)}?{urlencode(query)}"


def found_in(said: bytes, planted: dict[str, Planted]) -> set[str]:
    """The canaries in an answer."""
    return {f"{name} {what}" for name, one in planted.items() for what, sign in one.canaries.items() if sign in said}
