"""`flask sites`: the sites that embed, and what they were told about stories that were taken back."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from app.campaigns.queries import all_sites, site_at, unregistered_origins
from app.campaigns.rules import embedding_origin, is_only_origin, is_origin
from app.campaigns.sites import read_secret, remove_site, rotate_secret, save_site
from app.cli.writing import transaction
from app.errors import Invalid, NotFound
from app.people.rules import Locale
from app.release.telling import Unfinished, unfinished

ACTOR = "cli"
MISTAKES = {
    "not_an_origin": "give the site as https://name.example",
    "email": "this does not look like an e-mail address",
    "not_a_webhook": "give the webhook as https://name.example/path, on port 443 or 8443",
    "no_such_site": "there is no site of this origin",
}

sites = AppGroup("sites", help="Register sites that embed, and see what they were told.")


@contextmanager
def in_words() -> Iterator[None]:
    """Say what was wrong with what was typed, instead of raising it."""
    try:
        yield
    except (Invalid, NotFound) as error:
        raise click.ClickException(MISTAKES[error.code]) from error


@sites.command("add")
@click.argument("origin")
@click.option("--email", help="Who takes a story off that site; a new one needs it.")
@click.option("--webhook", help="Address that is called before a letter is written.")
@click.option("--no-webhook", is_flag=True, help="Call no address any more.")
@click.option("--language", type=click.Choice([locale.value for locale in Locale]), help="Of its letters; en at first.")
def add_command(origin: str, email: str | None, webhook: str | None, language: str | None, *, no_webhook: bool) -> None:
    """Register ORIGIN, or change its contacts: what is not given stays. `secret` prints what signs its calls."""
    if webhook and no_webhook:
        raise click.UsageError("either --webhook or --no-webhook")
    if is_origin(origin) and not is_only_origin(origin):
        raise click.ClickException(f"a site is its origin, without a path: {embedding_origin(origin)}")
    with in_words(), transaction():
        known = site_at(embedding_origin(origin))
        if not email and known is None:
            raise click.UsageError("a new site needs --email")
        called = None if no_webhook else webhook or (known.webhook if known else None)
        spoken = Locale(language) if language else known.locale if known else Locale.EN
        site = save_site(ACTOR, origin, email or (known.email if known else ""), called, spoken)
        told = f"{site.email}, {site.webhook or 'no webhook'}, letters in {site.locale.value}"
    click.echo(f"{embedding_origin(origin)} is told when a story is taken back: {told}")


@sites.command("list")
def list_command() -> None:
    """Every site, and a warning for each that embeds and cannot be told."""
    registered = all_sites()
    if not registered:
        click.echo("no site is registered", err=True)
    for site in registered:
        state = "" if site.active else " (removed)"
        click.echo(f"{site.origin}{state} {site.email} {site.webhook or 'no webhook'}")
    for origin in unregistered_origins():
        click.echo(f"warning: {origin} may embed a campaign and is not registered: it cannot be told", err=True)


@sites.command("secret")
@click.argument("origin")
def secret_command(origin: str) -> None:
    """Print the secret that signs the calls to ORIGIN, for its people to check them by."""
    with in_words(), transaction():
        secret = read_secret(ACTOR, origin)
    click.echo(secret)


@sites.command("rotate")
@click.argument("origin")
def rotate_command(origin: str) -> None:
    """Make and print a new secret for ORIGIN; the old one signs nothing from now on."""
    with in_words(), transaction():
        secret = rotate_secret(ACTOR, origin)
    click.echo(secret)


@sites.command("remove")
@click.argument("origin")
def remove_command(origin: str) -> None:
    """Tell ORIGIN about nothing more; what it was to be told already, it still is."""
    with in_words(), transaction():
        remove_site(ACTOR, origin)
    click.echo("removed; take it out of its campaigns too, or it can still frame them")


@sites.command("notices")
def notices_command() -> None:
    """What sites have not answered, oldest first; for `unanswered` somebody has to write or call."""
    for item in unfinished():
        click.echo(f"{item.notice.created_at:%Y-%m-%d %H:%M} {item.origin} {item.notice.story_id} {state_of(item)}")


def state_of(item: Unfinished) -> str:
    """How far the telling came, in a word or two."""
    notice = item.notice
    if item.unanswered:
        return "unanswered"
    if notice.chases:
        return f"asked again {notice.chases} times" if notice.chases > 1 else "asked again once"
    return "told" if notice.told_at or notice.mailed_at else "waiting"
