"""A guardian and a private link: what it shows, what is written down, and what it does not open."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import clock
from app.audit.models import AuditEntry
from app.campaigns.models import Campaign
from app.cli.writing import transaction
from app.consent.models import Answer
from app.consent.rules import campaign_scope
from app.consent.texts import current
from app.extensions import db
from app.mail.models import OutboxLetter
from app.media.actions import make_renditions
from app.media.models import Asset, Rendition
from app.people.actions import add_staff
from app.people.keys import unseal
from app.people.models import Guardian, GuardianLink, Organisation
from app.people.permissions import Role
from app.people.queries import authority_of
from app.people.rules import Basis, Relation
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories.lifecycle import State
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.texts import newest
from tests.web.answering import (
    NO_EVERYWHERE,
    answer,
    link_in_letter,
    rows_of_guardians,
    said,
)
from tests.web.telling import Child, Visitor, picture


def test_the_guardian_sees_the_story(guardian: Visitor) -> None:
    assert "My mother calls on Sundays. I feed the hens." in guardian.words
    assert "Fox" in guardian.words
    assert " checked" not in guardian.page


def test_the_page_comes_in_the_guardians_language(app: Flask, link: str) -> None:
    visitor = Visitor(app.test_client())
    assert visitor.get(link, headers={"Accept-Language": "zh"}).location == f"{link}?lang=en"


def test_the_page_is_kept_nowhere(app: Flask, guardian: Visitor, link: str) -> None:
    page = guardian.get(f"{link}?lang=en")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_each_look_is_written_down(app: Flask, guardian: Visitor) -> None:
    with app.app_context():
        party = db.session.scalars(select(Guardian)).one()
        actors = db.session.scalars(select(AuditEntry.actor).where(AuditEntry.verb == "story.viewed")).all()
        assert actors == [f"guardian:{party.id}"]


def test_answers_are_written_down_as_they_were_given(app: Flask, guardian: Visitor, link: str) -> None:
    assert answer(guardian, link, gallery="yes", embed="no", print="unsure") == 302
    with app.app_context():
        assert said() == {"gallery": "yes", "embed": "no", "print": "unsure"}
        party = db.session.scalars(select(Guardian)).one()
        held = authority_of(party.id)
        assert held is not None
        assert (party.relation, held.basis, held.alone) == (Relation.MOTHER, Basis.PARENT, True)
        assert held.accepted_at is not None
        assert unseal(party.storyteller_id, f"name:{party.id}", party.name_sealed) == "Maria Popescu"
        row = db.session.scalars(select(Answer).where(Answer.party == "guardian")).first()
        text = current("guardian", "en")
        assert row is not None
        assert (row.version_number, row.text_version, row.text_locale, row.text_sha256, row.method) == (
            1,
            text.version,
            "en",
            text.sha256,
            "link",
        )


def test_the_receipt_says_exactly_that(guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", embed="no")
    guardian.get(f"{link}/receipt?lang=en")
    text = newest("guardian", "en")
    for words in (
        f"{text.questions['gallery']} {text.explanations['gallery']} To be said once more. Yes",
        f"{text.questions['embed']} {text.explanations['embed']} No",
        "Maria Popescu",
        "Mother",
        f"guardian {text.version} · en · {text.sha256}",
    ):
        assert words in guardian.words
    assert text.questions["print"] not in guardian.words


@pytest.mark.parametrize(
    ("language", "quoted"), [("ro", " „Campania here”"), ("it", " «Campagna here»"), ("zh", "“行动 here”")]
)
def test_a_campaign_is_quoted_as_the_language_quotes(
    app: Flask, guardian: Visitor, link: str, language: str, quoted: str
) -> None:
    with app.app_context(), transaction():
        scope = campaign_scope(make_campaign(slug="here").id)
    asked = newest("guardian", language).questions["campaign"]
    guardian.get(f"{link}?lang={language}")
    assert quoted.strip() in guardian.words
    answer(guardian, link, **{scope: "no"})
    guardian.get(f"{link}/receipt?lang={language}")
    assert f"{asked}{quoted}" in guardian.words


def test_the_receipt_calls_a_campaign_what_it_was_called_then(app: Flask, guardian: Visitor, link: str) -> None:
    with app.app_context(), transaction():
        campaign = make_campaign(slug="here")
        campaign_id = campaign.id
    guardian.get(f"{link}?lang=en")
    assert "“Campaign here”" in guardian.words
    asked = newest("guardian", "en").questions["campaign"]
    answer(guardian, link, **{campaign_scope(campaign_id): "no"})
    with app.app_context(), transaction():
        retitle(db.session.get_one(Campaign, campaign_id))
    for page in ("receipt", "history"):
        guardian.get(f"{link}/{page}?lang=en")
        found = [f"{asked} “{title}”" in guardian.words for title in ("Campaign here", "Come and sign")]
        assert found == [True, False]
    guardian.get(f"{link}?lang=en")
    assert "“Come and sign”" in guardian.words


def retitle(campaign: Campaign) -> None:
    campaign.title, campaign.titled_at = {"en": "Come and sign"}, clock.now()


def test_an_answer_about_a_campaign_that_is_called_otherwise_since_is_asked_anew(
    app: Flask, guardian: Visitor, link: str
) -> None:
    with app.app_context(), transaction():
        campaign_id = make_campaign(slug="here").id
    guardian.get(f"{link}?lang=en")
    with app.app_context(), transaction():
        retitle(db.session.get_one(Campaign, campaign_id))
    assert answer(guardian, link, gallery="yes", **{campaign_scope(campaign_id): "yes"}) == 409
    assert "“Come and sign”" in guardian.words
    assert guardian.page.count(" checked") >= 2  # what was answered is still there
    with app.app_context():
        assert said() == {}
    assert answer(guardian, link, gallery="yes", **{campaign_scope(campaign_id): "yes"}) == 302
    guardian.get(f"{link}/receipt?lang=en")
    assert "“Come and sign”" in guardian.words


def test_a_receipt_goes_out_by_letter(app: Flask, client: FlaskClient) -> None:
    Child(client).tell(email="mama@example.org", gallery="yes")
    with app.app_context():
        link = link_in_letter()
    visitor = Visitor(app.test_client())
    visitor.get(f"{link}?lang=en")
    answer(visitor, link, gallery="yes", embed="no")
    with app.app_context():
        bodies = [
            unseal(row.owner_id, f"letter:{row.id}", row.sealed) for row in db.session.scalars(select(OutboxLetter))
        ]
    assert len(bodies) == 2
    receipt = next(one for one in bodies if "This is what you answered" in one)
    assert "May it be shown in our public gallery? Yes" in receipt
    assert "mama@example.org" in receipt


MISTAKES = [
    ({"name": ""}, "Please write your name."),
    ({"name": "x" * 81}, "This name is too long for us."),
    ({"relation": "grandmother"}, "Please say what you are to the child."),
    ({"relation": ""}, "Please say what you are to the child."),
    ({"alone": ""}, "Please say whether you decide alone."),
    ({"alone": "perhaps"}, "Please say whether you decide alone."),
    ({"gallery": "perhaps"}, "One of the answers is not one we know."),
    ({"gallery": ""}, "Please answer at least one of the questions."),
]


def test_what_is_wrong_is_said_and_the_rest_stays(app: Flask, guardian: Visitor, link: str) -> None:
    for change, sentence in MISTAKES:
        assert answer(guardian, link, **{"gallery": "yes", **change}) == 422
        assert sentence in guardian.words
        if "name" not in change:
            assert 'value="Maria Popescu"' in guardian.page
        if "gallery" not in change:
            assert 'name="gallery" value="yes" checked' in guardian.page
    with app.app_context():
        assert rows_of_guardians() == 0


def test_a_field_nobody_asked_for_is_refused(app: Flask, guardian: Visitor, link: str) -> None:
    assert answer(guardian, link, gallery="yes", identity_card="X 123") == 400
    with app.app_context():
        assert rows_of_guardians() == 0


def test_coming_back_shows_what_was_answered(guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", embed="no")
    guardian.get(f"{link}?lang=en")
    assert 'name="gallery" value="yes" checked' in guardian.page
    assert 'name="embed" value="no" checked' in guardian.page
    assert 'value="Maria Popescu"' in guardian.page


def test_answers_can_be_changed(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    guardian.get(f"{link}?lang=en")
    answer(guardian, link, gallery="no")
    with app.app_context():
        assert said() == {"gallery": "no"}
        assert rows_of_guardians() == 2


def test_everything_is_taken_back_in_one_tap(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes", embed="yes", print="no", shown_name="yes")
    guardian.get(f"{link}/receipt?lang=en")
    guardian.follow(guardian.post(f"{link}/take-back"))
    assert "You have taken everything back. With your yes, the story is gone from our pages." in guardian.words
    assert "One tap takes back every yes." not in guardian.words
    with app.app_context():
        assert said() == NO_EVERYWHERE | {"name": "none"}


def test_an_answer_while_the_child_is_changing_is_about_what_was_shown(
    app: Flask, guardian: Visitor, link: str
) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(Story)).one().state = State.CHANGES_ASKED
    assert answer(guardian, link, gallery="yes") == 302
    with app.app_context():
        row = db.session.scalars(select(Answer).where(Answer.party == "guardian")).one()
        assert row.version_number == 1


def test_a_text_that_was_not_shown_is_refused(app: Flask, guardian: Visitor, link: str) -> None:
    assert answer(guardian, link, gallery="yes", text=newest("child", "en").sha256) == 409


def test_a_link_that_opens_nothing_says_nothing(app: Flask, guardian: Visitor, link: str) -> None:
    unknown = guardian.get("/consent/" + "x" * 43)
    with app.app_context(), transaction():
        db.session.scalars(select(GuardianLink)).one().expires_at = clock.now()
    expired = guardian.get(link)

    def same(page: str) -> str:
        return page.replace(link, "LINK").replace("/consent/" + "x" * 43, "LINK").split("<main")[1].split("</main>")[0]

    assert (unknown.status_code, expired.status_code) == (404, 404)
    assert ("It has become too old" in unknown.text, "It has become too old" in expired.text) == (False, True)
    assert guardian.post(f"{link}/take-back").status_code == 404


def test_a_story_that_is_leaving_is_not_shown(app: Flask, guardian: Visitor, link: str) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(Story)).one().erase_after = clock.now()
    assert guardian.get(f"{link}?lang=en").status_code == 404
    assert "Or the story was taken back: then nobody can read it" in guardian.words


def test_a_held_story_is_not_shown_and_nobody_says_why(app: Flask, guardian: Visitor, link: str) -> None:
    answer(guardian, link, gallery="yes")
    with app.app_context(), transaction():
        story = db.session.scalars(select(Story)).one()
        open_case(a_moderator(), story, Level.AMBER, "She writes about being hit at home.")
    guardian.get(f"{link}?lang=en")
    assert "hens" not in guardian.words
    assert "case" not in guardian.words.lower()
    assert "Please come back later" in guardian.words
    guardian.get(f"{link}/receipt?lang=en")
    assert guardian.post(f"{link}/take-back").status_code == 302
    with app.app_context():
        assert said() == NO_EVERYWHERE


def a_moderator() -> str:
    organisation = Organisation(name="Helpers", country="RO")
    db.session.add(organisation)
    db.session.flush()
    return add_staff(organisation, "vera@example.org", "Vera", Role.MODERATOR)[0].id


def test_tokens_open_only_their_own_story(app: Flask, guardian: Visitor, link: str) -> None:
    other = Child(app.test_client())
    other.fill(gallery="yes")
    other.write(text="Somebody else's words", pictures=(io.BytesIO(picture()), "a.jpg"))
    other.get("/tell/look")
    other.post("/tell/look", {"go": "send"})
    other.get("/tell/card")
    other_link = other.link()
    with app.app_context():
        for asset_id in list(db.session.scalars(select(Asset.id))):
            with transaction():
                make_renditions(asset_id)
        name = db.session.scalars(select(Rendition.name)).first()
    assert guardian.client.get(f"{other_link}/files/{name}").status_code == 200
    assert guardian.client.get(f"{link}/files/{name}").status_code == 404
    guardian.get(f"{link}?lang=en")
    assert "Somebody else's words" not in guardian.words


def test_files_are_private_and_each_look_is_written_down(app: Flask, client: FlaskClient) -> None:
    child = Child(client)
    child.fill(gallery="yes")
    child.write(pictures=(io.BytesIO(picture()), "a.jpg"))
    child.get("/tell/look")
    child.post("/tell/look", {"go": "send"})
    child.get("/tell/card")
    link = child.link()
    with app.app_context():
        for asset_id in list(db.session.scalars(select(Asset.id))):
            with transaction():
                make_renditions(asset_id)
        name = db.session.scalars(select(Rendition.name)).first()
    answer = client.get(f"{link}/files/{name}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    with app.app_context():
        verbs = db.session.scalars(select(AuditEntry.verb)).all()
        assert verbs.count("preview.opened") == 1
    with app.app_context(), transaction():
        story = db.session.scalars(select(Story)).one()
        open_case(a_moderator(), story, Level.ILLEGAL_IMAGE, "A picture that nobody may look at.")
    assert client.get(f"{link}/files/{name}").status_code == 404


def test_a_link_that_ran_out_takes_back_what_stands_and_is_exchanged_for_a_fresh_one(
    app: Flask, guardian: Visitor, link: str
) -> None:
    answer(guardian, link, gallery="yes")
    with clock.fixed(clock.now() + timedelta(days=61)):
        closed = guardian.get(f"{link}?lang=en")
        assert (closed.status_code, "It has become too old" in closed.text) == (404, True)
        assert guardian.get(f"{link}/receipt?lang=en").status_code == 200
        assert guardian.post(f"{link}/take-back", {}).status_code == 302
        assert guardian.get(f"{link}/receipt?lang=en").status_code == 404  # nothing stands any more
        for _ in range(2):  # asked for twice, made once
            assert "A new link is ready" in guardian.post(f"{link}/fresh?lang=en", {}).text
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(GuardianLink)) == 2
            newest = db.session.scalars(select(GuardianLink).order_by(GuardianLink.created_at.desc())).first()
            assert newest is not None
            assert newest.expires_at > clock.now()
    assert guardian.post(f"{link}/fresh", {}).status_code == 302  # a link that still opens is exchanged for nothing
