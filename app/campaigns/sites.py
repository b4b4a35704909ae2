"""What happens to a site that embeds: it is registered with its contacts, signed for with a secret, and removed."""

import secrets

from app import clock
from app.adapters import outside
from app.adapters.sealing import open_bytes, seal_bytes
from app.audit.actions import record
from app.audit.rules import Verb
from app.campaigns.models import EmbeddingSite
from app.campaigns.queries import site_at
from app.campaigns.rules import embedding_origin
from app.errors import Invalid, NotFound
from app.extensions import db, new_id
from app.people.keys import create_key
from app.people.rules import Locale, is_email

SECRET_BYTES = 32


def save_site(actor: str, typed: str, email: str, webhook: str | None, locale: Locale) -> EmbeddingSite:
    """Register a site, or change the contacts of one. Raises `Invalid` for what cannot be reached."""
    origin = embedding_origin(typed)
    if not is_email(email):
        raise Invalid("email", "email")
    if webhook is not None:
        outside().webhook.check(webhook)
    site = site_at(origin) or _add_site(origin)
    if not site.active:
        site.active, site.registered_at = True, clock.now()
    site.email, site.webhook, site.locale = email, webhook, locale
    db.session.add(site)
    db.session.flush()
    record(actor, Verb.SITE_SAVED, site.id, origin=origin)
    return site


def _add_site(origin: str) -> EmbeddingSite:
    """A site with a data key, which seals its letters while they wait."""
    site = EmbeddingSite(id=new_id(), origin=origin, active=True)
    create_key(site.id)
    _give_secret(site)
    return site


def _give_secret(site: EmbeddingSite) -> None:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    site.secret_sealed = seal_bytes(outside().keyring.secret("site-signing"), secret.encode(), site.id.encode())


def signing_secret(site: EmbeddingSite) -> str:
    """What signs the calls to this site."""
    return open_bytes(outside().keyring.secret("site-signing"), site.secret_sealed, site.id.encode()).decode()


def read_secret(actor: str, typed: str) -> str:
    """The signing secret, for somebody to hand to the site. Raises `NotFound`."""
    site = find_site(typed)
    record(actor, Verb.SITE_KEY_READ, site.id)
    return signing_secret(site)


def rotate_secret(actor: str, typed: str) -> str:
    """A new signing secret; the old one signs nothing more. Raises `NotFound`."""
    site = find_site(typed)
    _give_secret(site)
    record(actor, Verb.SITE_KEY_ROTATED, site.id)
    return signing_secret(site)


def remove_site(actor: str, typed: str) -> None:
    """The site is told about nothing that ends from now on. Raises `NotFound`."""
    site = find_site(typed)
    site.active = False
    record(actor, Verb.SITE_REMOVED, site.id)


def find_site(typed: str) -> EmbeddingSite:
    """The site of this origin, however it was typed. Raises `NotFound`."""
    site = site_at(embedding_origin(typed))
    if site is None:
        raise NotFound("no_such_site")
    return site
