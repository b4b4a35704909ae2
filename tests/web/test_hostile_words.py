"""What children, guardians and staff write is only ever words, on every page that prints it (R4, R8)."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.cli.writing import transaction
from app.extensions import db
from app.people.permissions import Role
from app.safeguarding.models import Case
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.hostile_words import NAMES, TAG
from tests.factories.stories import LONG_AGO, approve
from tests.web.answering import confirm, fresh_link
from tests.web.building import Curator, curator, saved
from tests.web.public_side import choose
from tests.web.reviewing import at
from tests.web.team import Colleague, hire
from tests.web.telling import ABOUT, Child, Visitor

ALL = " ".join(NAMES)
LONG = {"child text", "child message", "worry", "letter"}
"""Fields that have room for everything at once."""


class Words(HTMLParser):
    """What a page says, what stands in its fields, and the elements and attributes that nobody here made."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said = ""
        self.made: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += " ".join(value or "" for _, value in attrs)
        self.made += [each for each in (tag, *(name for name, _ in attrs)) if each == TAG]

    def handle_data(self, data: str) -> None:
        self.said += data


def marked(what: str, name: str) -> str:
    """What is written there: hostile words, and where they were written."""
    return f"{ALL if what in LONG else name} [{what}]"


@pytest.fixture
def campaign_id(app: Flask) -> str:
    with app.app_context(), transaction():
        return make_campaign(slug="here", opens_at=clock.now() - 2 * LONG_AGO).id


def tell(app: Flask, name: str, campaign_id: str) -> tuple[Child, Visitor, str]:
    """A child and a guardian write `name` wherever they may write; the two, and the guardian's link."""
    scopes = dict.fromkeys(["gallery", "embed", f"campaign:{campaign_id}"], "yes")
    child = Child(app.test_client())
    child.begin()
    child.write(title=marked("child title", name), text=marked("child text", name))
    child.get("/tell/about")
    about = {"invented_name": name, "region": marked("child region", name)}
    assert child.post("/tell/about", {**ABOUT, **about, "go": "next"}).status_code == 302
    child.get("/tell/helper")
    child.post("/tell/helper", {"helper": "nobody", "go": "next"})
    child.answer(**scopes)
    child.get("/tell/guardian")
    child.post("/tell/guardian", {"how": "hand", "guardian_locale": "en", "go": "next"})
    card = child.send()
    link = child.link()
    child.confirm(card)
    child.follow(child.open(card))
    child.post("/my-story/message", {"message": marked("child message", name)})
    guardian = Visitor(app.test_client())
    guardian.get(f"{link}?lang=en")
    who = {"name": marked("guardian name", name), "relation": "mother", "alone": "alone"}
    hidden = {"text": guardian.hidden("text"), "version": guardian.hidden("version")}
    assert guardian.post(link, {**hidden, **who, **scopes}).status_code == 302
    fresh = fresh_link(app)
    guardian.get(f"{fresh}?lang=en")
    assert confirm(guardian, fresh, **scopes) == 302
    return child, guardian, link


@pytest.mark.parametrize("name", [NAMES[1], NAMES[2], NAMES[5]])
def test_what_is_written_is_only_ever_words(app: Flask, campaign_id: str, name: str) -> None:
    with clock.fixed(clock.now() - LONG_AGO):
        child, guardian, link = tell(app, name, campaign_id)
        with app.app_context(), transaction():
            story = db.session.scalars(select(Story)).one()
            approve(story)
            story_id = story.id
        choose(app, campaign_id, story_id)
    printed = {
        "/": ["child title"],
        "/gallery": ["child title"],
        f"/stories/{story_id}": ["child title", "child text"],
        "/campaigns/here": ["child title"],
        "/embed/campaigns/here": ["child title"],
        f"/embed/stories/{story_id}": ["child title", "child text"],
        "/embed/stories": ["child title"],
    }
    read_all(Visitor(app.test_client()), printed, name)
    child.open_again()
    read_all(child, {"/my-story/home": ["child message"], "/my-story/look": ["child title", "child text"]}, name)
    theirs = {link: ["child title", "child text", "guardian name"], f"{link}/receipt": ["guardian name"]}
    read_all(guardian, theirs, name)
    lead = hire(app, Role.SAFEGUARDING_LEAD)
    review(lead, hire(app), story_id, name)
    with app.app_context():
        case_id = db.session.scalars(select(Case.id)).one()
    told = ["child title", "child text", "child message"]
    read_all(lead, {at(story_id): [*told, "reason"], f"/staff/cases/{case_id}": [*told, "worry"]}, name)


def review(lead: Colleague, moderator: Colleague, story_id: str, name: str) -> None:
    """A moderator takes the story over from a lead, and writes into every field there is."""
    for colleague, act, typed in (
        (lead, "reopen", {}),
        (moderator, "break", {"reason": marked("reason", name)}),
        # too long: it comes back in its field
        (moderator, "decide", {"decision": "decline", "message": marked("letter", name) * 40}),
        (moderator, "case", {"level": "amber", "worry": marked("worry", name)}),
    ):
        colleague.get(at(story_id))
        assert colleague.post(at(story_id, act), {"version": "1", **typed}).status_code in (200, 303)
        if act == "decide":
            page = Words(moderator.page)
            assert (page.said.count(marked("letter", name)), page.made) == (40, [])


FIELDS = ("title-en", "appeal-en", "heading-en", "label-en", "words-0-en", "source-0")
"""What a curator writes on one line, by the names of the fields; texts have room for everything."""


def build(app: Flask, name: str) -> tuple[Curator, str]:
    """A curator writes `name` wherever they may write; the curator, and where they build."""
    staff, typed = curator(app), {field: marked(field, name) for field in FIELDS}
    text = f"{ALL} [text]"
    partners = f"{name} [partner] https://a.example"
    made = {"title-en": typed["title-en"], "text-en": text, "appeal-en": typed["appeal-en"], "partners": partners}
    builder = staff.make(**made, languages=["en"], action_link="https://example.org/sign")
    forms = {
        "text": {"heading-en": typed["heading-en"], "text-en": text},
        "numbers": {"value-0-en": "7", "words-0-en": typed["words-0-en"], "source-0": typed["source-0"]},
        "partners": {},
    }
    for kind, form in forms.items():
        assert staff.send(staff.add(builder, kind), **form) == 303
    staff.get(builder)
    action = re.findall(rf'"({builder}/blocks/[^/"]+)">', staff.page)[1]
    assert staff.send(action, **{"label-en": typed["label-en"]}) == 303
    staff.announce(builder)
    return staff, builder


@pytest.mark.parametrize("name", [NAMES[0], NAMES[2], NAMES[5]])
def test_what_a_curator_writes_is_only_ever_words(app: Flask, name: str) -> None:
    staff, builder = build(app, name)
    public = ["title-en", "appeal-en", "heading-en", "label-en", "words-0-en", "source-0", "partner"]
    pages = {"/campaigns/here": public, "/embed/campaigns/here": public, "/campaigns": ["title-en"], "/": ["title-en"]}
    taken = {f"/campaigns/here/{output}": ["title-en"] for output in ("exhibition", "print", "press")}
    taken |= {"/campaigns/here/brief": ["title-en", "appeal-en", "words-0-en", "source-0"]}
    read_all(Visitor(app.test_client()), pages | taken, name)
    theirs = {"/staff/campaigns": ["title-en"], builder: ["title-en", "heading-en", "label-en"]}
    theirs |= {f"{builder}/preview": public, f"{builder}/settings": ["title-en", "appeal-en", "partner"]}
    read_all(staff, theirs, name)
    child, guardian = Child(app.test_client()), Visitor(app.test_client())
    scope = f"campaign:{saved(app).id}"
    child.fill(**{scope: "yes"})
    read_all(child, {"/tell/answers": ["title-en"]}, name)
    card = child.send()
    link = child.link()
    child.confirm(card)
    child.follow(child.open(card))
    read_all(child, {"/my-story/answers": ["title-en"]}, name)
    guardian.get(f"{link}?lang=en")
    who = {"name": "A mother", "relation": "mother", "alone": "alone", scope: "yes"}
    hidden = {"text": guardian.hidden("text"), "version": guardian.hidden("version")}
    assert guardian.post(link, {**hidden, **who}).status_code == 302
    read_all(guardian, {address: ["title-en"] for address in (link, f"{link}/receipt", f"{link}/history")}, name)


def read_all(visitor: Visitor, printed: dict[str, list[str]], name: str) -> None:
    """Each address says these words as they were written, and nothing in them became markup."""
    for address, written in printed.items():
        assert visitor.get(f"{address}?lang=en").status_code == 200, address
        page = Words(visitor.page)
        assert page.made == [], address
        assert [what for what in written if marked(what, name) not in page.said] == [], address
