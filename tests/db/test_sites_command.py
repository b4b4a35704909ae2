"""`flask sites add`: what is not given stays, and what a site is told by is printed."""

import pytest

from app.campaigns.queries import all_sites
from app.extensions import db
from tests.db.deployments import done, refused, run

SITE = "https://partner.example"
HOOK = "https://hooks.partner.example/eyes"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_change_leaves_what_is_not_given() -> None:
    said = done(run("sites", "add", SITE, "--email", "a@partner.example", "--webhook", HOOK, "--language", "ro"))
    assert said == f"{SITE} is told when a story is taken back: a@partner.example, {HOOK}, letters in ro\n"
    said = done(run("sites", "add", SITE, "--email", "b@partner.example"))
    assert said.endswith(f": b@partner.example, {HOOK}, letters in ro\n")
    said = done(run("sites", "add", f"{SITE}/", "--no-webhook"))
    assert said.endswith(": b@partner.example, no webhook, letters in ro\n")
    db.session.expire_all()
    assert [(site.email, site.webhook, site.locale) for site in all_sites()] == [("b@partner.example", None, "ro")]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_would_be_dropped_or_is_missing_is_refused() -> None:
    said = refused(run("sites", "add", f"{SITE}/blog", "--email", "a@partner.example"))
    assert said == f"Error: a site is its origin, without a path: {SITE}\n"
    assert "give the site as https://" in refused(run("sites", "add", "partner.example", "--email", "a@b.example"))
    assert "a new site needs --email" in run("sites", "add", SITE).output
    assert list(all_sites()) == []
