"""Every address, asked for by every kind of visitor: the statuses that are really answered, as a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app.campaigns.actions import choose_stories
from app.campaigns.queries import blocks_of
from app.cli.writing import transaction
from app.consent.rules import campaign_scope
from app.extensions import db
from app.people.authority import Act, claim_act
from app.people.models import Guardian
from app.people.permissions import STAFF_ROLES, Role
from app.people.rules import Basis
from app.release.models import ShowingMedia
from app.safeguarding.actions import suspend
from app.safeguarding.rules import Asker
from app.stories.models import Story
from app.stories.rules import Beside
from app.web.consent_desk.asking import ask_now
from app.web.guard import Access
from tests.factories.campaigns import make_campaign
from tests.factories.stories import make_shown, make_submitted
from tests.factories.wordings import place_of, put_beside
from tests.web.consenting import make_family, spoken
from tests.web.team import hire
from tests.web.telling import Child

UNKNOWN = "A" * 22
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
CROSS_SITE = {"Sec-Fetch-Site": "cross-site"}

HEAD = """# Who may open which address

Made from the running application and compared with it by `tests/house/test_permissions.py`. To write it anew, run
`WRITE_PERMISSIONS=1 make test-fast PYTEST_ARGS="-k permissions"`, and read the difference before you commit it.

Each address is really asked for by each visitor. A *visitor* comes with nothing, a *child* with an opened story card,
everybody else logged in with both factors. Whoever holds a guardian's link has no session, so the *visitor* column
shows what the link opens.

Forms are sent without their token: **400** says that this visitor may come as far as the form, and that nothing
changes without its token. **302** leads to the log-in, to the card, or to the step that is due; **403** says that the
role does not allow it; **404** that there is nothing of theirs there; **410** that it is gone. Sent from another site,
every address that changes something answers 403 to everybody.

"""


@dataclass(frozen=True)
class Row:
    """One method of one address: whom it is for, and the status each visitor gets."""

    path: str
    method: str
    access: Access
    statuses: dict[str, int]

    def printed(self) -> str:
        """The row as Markdown."""
        whom = self.access.permission.value if self.access.permission else self.access.audience.value
        cells = [f"`{self.path}`", self.method, f"`{whom}`", *map(str, self.statuses.values())]
        return f"| {' | '.join(cells)} |"


def visitors(app: Flask) -> dict[str, FlaskClient]:
    """A browser of each kind of visitor."""
    child = Child(app.test_client())
    child.come_back(email="mother@example.org", gallery="yes")
    team = {role.value.replace("_", " "): hire(app, role).client for role in STAFF_ROLES}
    return {"visitor": app.test_client(), "child": child.client, **team}


def real_parts(app: Flask) -> dict[str, dict[str, str]]:
    """What stands in the variable parts of addresses, by the beginning of the address; the rest is unknown."""
    with app.app_context():
        by_letter = select(Guardian.id).where(Guardian.email_sealed.is_not(None)).limit(1)
        written_to = db.session.scalar(by_letter) or UNKNOWN
    child = Child(app.test_client())
    child.tell(gallery="yes")
    token = child.link().rpartition("/")[2]
    with app.app_context(), transaction():
        campaign = make_campaign(slug="here", embedding_sites=["https://partner.example"])
        places = ["gallery", "embed", "press", campaign_scope(campaign.id)]
        story = make_shown(places, sounds=1, own_voice=True)
        wording_id, sound = put_beside(story, Beside.TRANSCRIPT).id, place_of(story, Beside.TRANSCRIPT).about
        shown = story.id
        choose_stories("test", campaign, [shown])
        waiting = make_submitted().id
        slug, campaign_id, block_id = campaign.slug, campaign.id, blocks_of(campaign.id)[0].id
    family = make_family(app, declared=False)
    evidence_id = spoken(app, hire(app, Role.FACILITATOR), family)
    with app.app_context(), transaction():
        told, guardian = db.session.get_one(Story, family.story_id), db.session.get_one(Guardian, family.guardian_id)
        asked = ask_now(told, guardian).token
        act_id = claim_act(guardian, Act(Basis.INSTITUTION, "Made up.", None)).id
        suspension_id = suspend(Asker.CARER, told, "").id
    with app.app_context():
        name = db.session.scalar(select(ShowingMedia.name).limit(1)) or UNKNOWN
    return {
        "/stories": {"story_id": shown, "number": "1", "code": "en"},
        **{start: {"story_id": shown} for start in ("/api/v1/stories", "/iiif/stories")},
        **{start: {"slug": "here"} for start in ("/api/v1/campaigns", "/feeds/campaigns", "/iiif/campaigns")},
        "/sitemap/": {"name": "pages"},
        "/media": {"name": name},
        "/campaigns": {"slug": slug, "story_id": shown},
        "/staff/campaigns": {"campaign_id": campaign_id, "block_id": block_id, "story_id": shown},
        "/embed": {"slug": slug, "story_id": shown, "colour": "1b4b94"},
        "/consent-texts": {"text_id": "child", "version": "3", "locale": "en", "name": "gallery"},
        "/consent/": {"token": token},
        "/my-story/guardian": {"guardian_id": written_to},
        "/staff/review": {"story_id": waiting},
        "/staff/words": {"story_id": shown, "asset_id": sound, "wording_id": wording_id, "name": name},
        "/staff/consent/ask": {"token": asked},
        "/staff/consent/rulings": {"evidence_id": evidence_id},
        "/staff/consent/acts": {"act_id": act_id},
        "/staff/consent/namings": {"guardian_id": family.guardian_id},
        "/staff/consent/<reference>": {"reference": family.reference},
        "/staff/cases/suspensions": {"suspension_id": suspension_id},
        "/static": {"filename": "favicon.svg"},
    }


def address(rule: Rule, parts: dict[str, dict[str, str]]) -> str:
    """The rule's address with real parts where there are some."""
    known = next((values for start, values in parts.items() if rule.rule.startswith(start)), {})
    path = rule.rule
    for name in rule.arguments:
        path = re.sub(rf"<(\w+:)?{name}>", known.get(name, UNKNOWN), path)
    return path


def changing_last(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Each rule with each of its methods; reading first, so that no form sent disturbs what is read."""
    pairs = [(rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()]
    asked = [(rule, method) for rule, method in pairs if method not in ("HEAD", "OPTIONS")]
    yield from sorted(asked, key=lambda pair: (pair[1] != "GET", pair[0].rule, pair[1]))


@dataclass(frozen=True)
class Answered:
    """What one visitor got: the status, and everything that reached them: headers, body, and the session's cookie."""

    who: str
    status: int
    said: bytes


def answers(
    browsers: dict[str, FlaskClient],
    method: str,
    path: str,
    headers: dict[str, str],
    form: dict[str, str] | None = None,
) -> Iterator[Answered]:
    """Ask as each visitor in turn."""
    for who, client in browsers.items():
        before = dict(client._cookies or {})
        with client.open(path, method=method, headers=headers, data=form, buffered=True) as response:
            status, said = response.status_code, str(response.headers).encode() + response.data
        if client._cookies != before:
            with client.session_transaction() as session:
                said += repr(dict(session)).encode()
            client._cookies = before  # some addresses end a session: the next is asked as if not
        yield Answered(who, status, said)


def statuses_of(browsers: dict[str, FlaskClient], method: str, path: str, headers: dict[str, str]) -> dict[str, int]:
    """What each visitor is answered."""
    return {answered.who: answered.status for answered in answers(browsers, method, path, headers)}


def matrix(app: Flask) -> list[Row]:
    """The table: by address, then method."""
    browsers, parts = visitors(app), real_parts(app)
    rows = []
    for rule, method in changing_last(app):
        access: Access = app.view_functions[rule.endpoint].__access__  # type: ignore[attr-defined]
        statuses = statuses_of(browsers, method, address(rule, parts), SAME_ORIGIN)
        rows.append(Row(rule.rule, method, access, statuses))
    return sorted(rows, key=lambda row: (row.path, row.method))


def document(rows: list[Row]) -> str:
    """`docs/permissions.md`."""
    columns = ["address", "method", "for", *rows[0].statuses]
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns), *(row.printed() for row in rows)]
    return HEAD + "\n".join(lines) + "\n"


def cross_site(app: Flask) -> dict[tuple[str, str], set[int]]:
    """What changing requests from another site are answered, by method and address."""
    browsers, parts = visitors(app), real_parts(app)
    return {
        (method, rule.rule): set(statuses_of(browsers, method, address(rule, parts), CROSS_SITE).values())
        for rule, method in changing_last(app)
        if method != "GET"
    }
