"""Looking at a story under review, and at its files."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.cli.writing import transaction
from app.consent.rules import campaign_scope
from app.extensions import db
from app.media.models import Asset
from app.media.queries import renditions_of
from app.media.rules import Purpose
from app.people.permissions import Role
from app.stories import actions as telling
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.people import INVENTED_NAME
from tests.factories.stories import TEXT, TITLE, begin_story, make_approved, make_shown, make_submitted
from tests.web.reviewing import APPROVAL, KIND, at, claimed, made, whole
from tests.web.team import Colleague, audited, hire


def test_a_look_shows_what_will_be_shown_and_is_noted(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, whole)
    moderator.get(at(story_id))
    for words in (
        TITLE,
        TEXT,
        INVENTED_NAME,
        "A teacher",
        "Wrote down my words",
        "A moderator has not approved it yet.",
    ):
        assert words in moderator.words
    for private in ("Vaslui", "card", "@"):
        assert private not in moderator.words
    assert audited(app, story_id)[-1] == (moderator.id, "story.viewed")


def test_the_page_says_what_was_agreed_about_the_child(app: Flask, moderator: Colleague) -> None:
    agreed = made(app, make_shown, ["gallery"], sounds=1, own_voice=True)
    moderator.get(at(agreed))
    for words in ("Voice: the child's own", "Face: not shown", "Invented name, shown with the story", "Age: the group"):
        assert words in moderator.words
    moderator.get(at(made(app, whole)))
    for words in ("Voice: not heard", "Invented name, not shown", "Age: not shown"):
        assert words in moderator.words


def test_a_campaign_that_was_answered_about_is_in_the_list_before_it_chooses(app: Flask, moderator: Colleague) -> None:
    with app.app_context(), transaction():
        make_campaign(slug="never-asked")
        scope = campaign_scope(make_campaign(slug="hear-us").id)
        story_id = make_approved(["gallery", scope]).id
    moderator.get(at(story_id))
    assert "Campaign hear-us" in moderator.words
    assert "It was not chosen for this campaign." in moderator.words
    assert "never-asked" not in moderator.words


def test_words_come_before_pictures_before_sound_and_nothing_plays_by_itself(app: Flask, moderator: Colleague) -> None:
    moderator.get(at(made(app, whole)))
    order = [moderator.page.index(mark) for mark in (TEXT, 'class="veil"', "<audio")]
    assert order == sorted(order)
    assert re.findall(r"<audio[^>]*>", moderator.page) == ['<audio controls preload="none">']
    assert re.search(r'id="veil-blur"[^>]*checked', moderator.page)


def test_a_file_is_opened_decrypted_kept_nowhere_and_noted(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, whole)
    with app.app_context():
        assets = db.session.scalars(select(Asset).where(Asset.story_id == story_id)).all()
        files = [(item.name, item.purpose, item.asset_id) for asset in assets for item in renditions_of(asset.id)]
    assert len(files) == 9
    for name, purpose, asset_id in files:
        answer = moderator.client.get(at(story_id, "files", name))
        assert answer.status_code == 200
        assert purpose is Purpose.PEAKS or answer.data == f"{purpose} {asset_id}".encode()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert audited(app, story_id)[-7:] == [(moderator.id, "preview.opened")] * 7


def test_a_player_may_ask_for_a_part(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, whole)
    with app.app_context():
        asset = db.session.scalars(select(Asset).where(Asset.kind == "sound")).one()
        name = next(item.name for item in renditions_of(asset.id) if item.purpose is Purpose.SOUND_OPUS)
    answer = moderator.client.get(at(story_id, "files", name), headers={"Range": "bytes=6-9"})
    assert (answer.status_code, answer.data) == (206, b"opus")


def test_originals_and_other_stories_files_are_not_there(app: Flask, moderator: Colleague) -> None:
    story_id, other_id = made(app, whole), made(app, whole)
    with app.app_context():
        mine = db.session.scalars(select(Asset).where(Asset.story_id == other_id)).first()
        assert mine is not None
        foreign = renditions_of(mine.id)[0].name
    for name in ("original", mine.id, foreign, "..%2Foriginal", "%00"):
        assert moderator.client.get(at(story_id, "files", name)).status_code == 404


def test_ids_that_are_none_are_not_found(app: Flask, moderator: Colleague) -> None:
    draft = made(app, begin_story)
    for story_id in (draft, "x", "%00" * 22, "a" * 22, "é" * 22):
        assert moderator.client.get(at(story_id)).status_code == 404


def test_from_the_moment_a_child_asks_to_erase_nobody_looks(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    with app.app_context(), transaction():
        telling.ask_erasure(db.session.get_one(Story, story_id), Role.CHILD, now=False)
    moderator.get("/staff/review")
    assert story_id not in moderator.page
    answer = moderator.client.get(at(story_id))
    assert answer.status_code == 410
    assert TEXT not in answer.text


def test_older_versions_can_be_read_and_a_childs_unsent_one_cannot(app: Flask, moderator: Colleague) -> None:
    story_id = made(app, make_submitted)
    claimed(moderator, story_id)
    moderator.post(at(story_id, "decide"), {"version": "1", "decision": "ask_changes", "message": KIND})
    with app.app_context(), transaction():
        story = db.session.get_one(Story, story_id)
        telling.write(telling.working_version(story), TITLE, "The sign is blue now.")
    assert moderator.client.get(f"{at(story_id)}?version=2").status_code == 404
    with app.app_context(), transaction():
        telling.submit(db.session.get_one(Story, story_id), Role.CHILD)
    moderator.get(at(story_id))
    assert "The sign is blue now." in moderator.words
    assert KIND in moderator.words
    assert TEXT not in moderator.words
    moderator.get(f"{at(story_id)}?version=1")
    assert TEXT in moderator.words
    assert "This is an older version. You decide about version 2." in moderator.words
    for number in ("0", "-1", "3", "9" * 30):
        assert moderator.client.get(f"{at(story_id)}?version={number}").status_code == 404


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.CURATOR, Role.ADMINISTRATOR])
def test_who_is_not_a_moderator_reviews_nothing(app: Flask, role: Role) -> None:
    story_id = made(app, whole)
    colleague = hire(app, role)
    assert "Review" not in colleague.words
    for address in ("/staff/review", at(story_id), at(story_id, "files", "x")):
        assert colleague.client.get(address).status_code == 403
    colleague.get("/staff/")
    for verb in ("claim", "break", "release", "decide", "case", "reopen"):
        answer = colleague.client.post(at(story_id, verb), data={**APPROVAL, "csrf_token": colleague.token})
        assert answer.status_code == 403
    assert audited(app, story_id) == [("child", "answers.given"), ("child", "story.submitted")]
