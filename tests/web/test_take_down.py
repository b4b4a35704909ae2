"""A site answers a letter with one button, the child reads what became of it, and staff see who was silent."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.adapters import outside
from app.adapters.mailer import FolderMailer
from app.adapters.webhook import MemoryWebhook, Reply
from app.campaigns.sites import signing_secret
from app.cli.writing import transaction
from app.consent.actions import hide, show_again
from app.consent.rules import Party
from app.extensions import db
from app.people.actions import issue_card
from app.people.rules import CardNumber
from app.release.models import TakedownNotice
from app.release.rules import CHASES, DAY
from app.stories.models import Story
from tests.factories.campaigns import make_campaign
from tests.factories.receivers import answering, receiver
from tests.factories.sites import make_site
from tests.factories.stories import make_shown
from tests.web.public_side import PARTNER, change, in_campaign, say, shown
from tests.web.telling import Child

Work = Callable[[], list[str]]
THANKS = "Thank you. We have your answer, and the child can see it."
OVER = "There is nothing left to do here: the story may be shown again, or a newer letter asks for it."


def taken_back(app: Flask, work: Work, sites: int = 1) -> tuple[str, CardNumber]:
    """A story that these many sites were told by letter to take away: its id, and its child's card."""
    with app.app_context(), transaction():
        for _ in range(sites):
            make_site()
        story = make_shown(["gallery", "embed"])
        story_id, card = story.id, issue_card(story.storyteller)
    change(app, story_id, lambda story: hide(story, Party.CHILD))
    work()
    return story_id, card


def links(app: Flask) -> list[str]:
    """The addresses in the letters that have left."""
    mailer = app.extensions["eyes"].mailer
    assert isinstance(mailer, FolderMailer)
    bodies = "\n".join(letter.body for _, letter in mailer.letters())
    return re.findall(r"http://127\.0\.0\.1:8000(/embed/acknowledge/\S+)", bodies)


def acknowledged(app: Flask) -> list[bool]:
    with app.app_context():
        return [row is not None for row in db.session.scalars(select(TakedownNotice.acknowledged_at))]


def test_a_letter_leads_to_a_page_with_one_button(app: Flask, client: FlaskClient, work: Work) -> None:
    story_id, _ = taken_back(app, work)
    (link,) = links(app)
    page = client.get(link)
    assert page.status_code == 200
    assert re.search(r"that site-\d+\.example could show may not be shown there any more", page.text)
    assert f"http://127.0.0.1:8000/embed/stories/{story_id}" in page.text
    assert re.findall(r"<form[^>]*action=\"([^\"]+)\"", page.text) == [link]
    assert acknowledged(app) == [False]
    answer = client.post(link)
    assert (answer.status_code, answer.location) == (302, link)
    assert THANKS in client.get(link).text
    assert acknowledged(app) == [True]
    assert client.post(link).status_code == 302


def test_the_page_says_when_only_a_campaign_may_not_show_it(app: Flask, client: FlaskClient, work: Work) -> None:
    scope, story_id = in_campaign(app, "embed")
    with app.app_context(), transaction():
        make_site(PARTNER)
    say(app, story_id, **{scope: "no"})
    work()
    page = client.get(links(app)[0]).text
    assert "that partner.example could show as part of a campaign may not be shown there any more" in page
    assert f"http://127.0.0.1:8000/embed/stories/{story_id}" in page
    assert re.findall(r'<li><bdi dir="ltr">(.*?)</bdi>', page) == ["http://127.0.0.1:8000/embed/campaigns/here"]


def test_the_page_keeps_to_itself(app: Flask, client: FlaskClient, work: Work) -> None:
    taken_back(app, work)
    (link,) = links(app)
    headers = client.get(link).headers
    assert "Set-Cookie" not in headers
    assert (headers["X-Frame-Options"], headers["Cache-Control"]) == ("DENY", "no-store")
    assert headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in client.get(link).text


def test_nobody_else_can_answer(app: Flask, client: FlaskClient, work: Work) -> None:
    taken_back(app, work)
    (link,) = links(app)
    with app.app_context():
        notice = db.session.scalars(select(TakedownNotice)).one()
        others = [notice.id, notice.story_id, notice.token_hash]
    token = link.rpartition("/")[2]
    guesses = [f"/embed/acknowledge/{guess}" for guess in (token[:-1], token + "A", token.swapcase(), "%00", *others)]
    for address in guesses:
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(link, data={"name": "Ana"}).status_code == 400
    assert acknowledged(app) == [False]


def test_a_letter_that_is_no_longer_needed_says_so(app: Flask, client: FlaskClient, work: Work) -> None:
    story_id, _ = taken_back(app, work)
    change(app, story_id, show_again)
    (link,) = links(app)
    assert OVER in unescape(client.get(link).text)
    assert client.post(link).status_code == 302
    assert acknowledged(app) == [False]


def told(client: FlaskClient, card: CardNumber) -> str:
    """What the child reads about other people's websites; empty when the page says nothing."""
    child = Child(client)
    child.get("/my-story")
    child.open(card)
    page = child.get("/my-story/home").text
    block = re.search(r'<div class="told">(.*?)</div>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", block[1]).split()) if block else ""


def test_the_child_reads_how_many_were_told_and_how_many_did_it(app: Flask, client: FlaskClient, work: Work) -> None:
    with app.app_context(), transaction():
        story = make_shown(["gallery", "embed"])
        story_id, card = story.id, issue_card(story.storyteller)
        for _ in range(3):
            make_site()
    assert told(client, card) == ""
    change(app, story_id, lambda story: hide(story, Party.CHILD))
    assert told(client, card) == "We are telling 3 websites to take your story away."
    work()
    first = "3 websites were told to take your story away."
    assert told(client, card) == f"{first} Nobody has answered yet. We keep asking."
    visitor = app.test_client()
    visitor.post(links(app)[0])
    assert told(client, card) == f"{first} 1 has answered that it did."
    visitor.post(links(app)[1])
    assert told(client, card) == f"{first} 2 have answered that they did."
    change(app, story_id, show_again)
    assert told(client, card) == ""


def test_the_child_reads_about_one_website_in_the_singular(app: Flask, client: FlaskClient, work: Work) -> None:
    _, card = taken_back(app, work)
    app.test_client().post(links(app)[0])
    assert told(client, card) == "1 website was told to take your story away. 1 has answered that it did."


def test_a_child_whose_story_no_site_could_show_reads_nothing_about_sites(
    app: Flask, client: FlaskClient, work: Work
) -> None:
    with app.app_context(), transaction():
        make_site()
        story = make_shown(["gallery"])
        story_id, card = story.id, issue_card(story.storyteller)
    change(app, story_id, lambda story: hide(story, Party.CHILD))
    work()
    assert told(client, card) == ""


@pytest.mark.parametrize("chosen", [{"demo": True}])
def test_a_receiver_on_this_machine_checks_the_signature_and_answers(
    app: Flask, client: FlaskClient, work: Work
) -> None:
    with receiver(answering("200 OK", b'{"acknowledged": true}')) as there:
        with app.app_context(), transaction():
            site = make_site(webhook=f"http://127.0.0.1:{there.port}/eyes")
            secret = signing_secret(site)
        story_id = shown(app, ["embed"])
        change(app, story_id, lambda story: hide(story, Party.CHILD))
        work()
    ((head, _, body),) = (request.partition(b"\r\n\r\n") for request in there.requests)
    signed = re.search(rb"Eyes-Signature: t=(\d+),v1=([0-9a-f]{64})\r\n", head + b"\r\n")
    assert signed is not None
    assert hmac.new(secret.encode(), signed[1] + b"." + body, hashlib.sha256).hexdigest().encode() == signed[2]
    assert story_id.encode() in body
    assert acknowledged(app) == [True]
    assert links(app) == []


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["sites", *words])
    return result.exit_code, result.stdout, result.stderr


def test_an_operator_registers_sites_and_is_warned_of_those_that_cannot_be_told(app: Flask) -> None:
    with app.app_context(), transaction():
        make_campaign(embedding_sites=["https://partner.example", "https://unknown.example"])
    add = ("add", "https://Partner.example:443/", "--email", "web@partner.example")
    told = (
        "https://partner.example is told when a story is taken back: web@partner.example, no webhook, letters in en\n"
    )
    assert run(app, *add) == (0, told, "")
    code, listed, warned = run(app, "list")
    assert (code, listed) == (0, "https://partner.example web@partner.example no webhook\n")
    assert warned == (
        "warning: https://unknown.example may embed a campaign and is not registered: it cannot be told\n"
    )
    run(app, *add, "--webhook", "https://hooks.partner.example/eyes", "--language", "ro")
    secret = run(app, "secret", "https://partner.example")
    assert secret == run(app, "secret", "https://partner.example")
    rotated = run(app, "rotate", "https://partner.example")
    assert rotated[1] != secret[1]
    assert rotated == run(app, "secret", "https://partner.example")
    run(app, "remove", "https://partner.example")
    _, listed, warned = run(app, "list")
    assert listed == ("https://partner.example (removed) web@partner.example https://hooks.partner.example/eyes\n")
    assert "https://partner.example may embed" in warned


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "partner.example", "--email", "web@partner.example"], "give the site as https://name.example"),
        (["add", "https://p.example", "--email", "nobody"], "this does not look like an e-mail address"),
        (
            ["add", "https://p.example/page", "--email", "web@p.example"],
            "a site is its origin, without a path: https://p.example",
        ),
        (["remove", "https://p.example"], "there is no site of this origin"),
        (["secret", "https://p.example"], "there is no site of this origin"),
        (["rotate", "javascript:1"], "give the site as https://name.example"),
    ],
)
def test_an_operator_who_mistypes_is_told_what_is_wrong(app: Flask, words: list[str], sentence: str) -> None:
    code, out, err = run(app, *words)
    assert (code, out, err) == (1, "", f"Error: {sentence}\n")


@pytest.mark.parametrize("webhook", ["http://p.example/", "https://p.example:22/", "https://127.0.0.1\n/"])
def test_a_webhook_that_could_lead_inside_is_not_registered(app: Flask, webhook: str) -> None:
    code, _, err = run(app, "add", "https://p.example", "--email", "web@p.example", "--webhook", webhook)
    assert (code, err) == (1, "Error: give the webhook as https://name.example/path, on port 443 or 8443\n")
    assert run(app, "list") == (0, "", "no site is registered\n")


def test_staff_see_what_was_not_answered(app: Flask, work: Work) -> None:
    app.extensions["eyes"] = replace(app.extensions["eyes"], webhook=MemoryWebhook(Reply(204, b"")))
    story_id, _ = taken_back(app, work)
    assert run(app, "notices")[1].endswith(f"{story_id} told\n")
    began = clock.now()
    states = []
    for day in range(1, CHASES + 1):
        with clock.fixed(began + day * DAY), app.app_context():
            (notice_id,) = db.session.scalars(select(TakedownNotice.id)).all()
            outside().queue.send("release.tell_site", notice_id)
            db.session.rollback()
            work()
        states.append(run(app, "notices")[1].partition(f"{story_id} ")[2].strip())
    assert states == ["asked again once", *(f"asked again {count} times" for count in range(2, CHASES)), "unanswered"]
    app.test_client().post(links(app)[0])
    assert run(app, "notices") == (0, "", "")
    with app.app_context():
        assert db.session.get(Story, story_id) is not None
