"""The audiences: each owns its screens; the guard, the transaction and the headers are shared."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.extensions import csrf, db, limiter
from app.release import hook as hook  # connects the projection to the session
from app.release.watch import Watch
from app.web import (
    addresses,
    built,
    embedding,
    errors,
    fragments,
    guard,
    headers,
    login as login,
    marking,
    observing,
    operators,
    phrases,
    readings,
    share_pictures,
    shared_phone,
    staff_words,
    structured,
    telling_here,
    templating,
    transaction,
    words,
)
from app.web.account import bp as account
from app.web.admin import bp as admin
from app.web.api import bp as api
from app.web.campaigns import bp as campaigns
from app.web.consent import bp as consent
from app.web.consent_desk import bp as consent_desk
from app.web.consent_texts import bp as consent_texts
from app.web.curation import bp as curation
from app.web.embed import bp as embed
from app.web.feeds import bp as feeds
from app.web.framing import Framing
from app.web.gallery import bp as gallery
from app.web.iiif import bp as iiif
from app.web.impact import bp as impact
from app.web.letters import bp as letters
from app.web.locale import keep_language, select_locale
from app.web.moderation import bp as moderation
from app.web.my_story import bp as my_story
from app.web.oai import bp as oai
from app.web.programs import Programs
from app.web.reach import Reach
from app.web.safeguarding import bp as safeguarding
from app.web.sessions import Sessions
from app.web.showcase_cache import ShowcaseCache
from app.web.sitemap import bp as sitemap
from app.web.spelling import Spelling
from app.web.spool import Request
from app.web.tell import bp as tell
from app.web.turnstile import Turnstile
from app.web.wording import bp as wording

__all__ = ["Request", "Sessions", "init_app", "select_locale"]

BLUEPRINTS = (
    gallery,
    campaigns,
    embed,
    api,
    feeds,
    iiif,
    oai,
    sitemap,
    tell,
    my_story,
    consent,
    consent_texts,
    account,
    consent_desk,
    moderation,
    safeguarding,
    curation,
    wording,
    impact,
    admin,
    operators.bp,
)


def init_app(app: Flask) -> None:
    """Connect every audience, then refuse to start if a view was forgotten."""
    settings = app.extensions["eyes"].settings
    stand_in_front(app, settings)
    observing.init_app(app)
    addresses.init_app(app)
    app.before_request(transaction.declare_writing)
    shared_phone.init_app(app)
    telling_here.init_app(app)
    app.before_request(guard.check_access)
    csrf.init_app(app)  # after the guard: who may not come in is told so, not that a form is stale
    app.after_request(headers.secure)
    app.teardown_request(transaction.stop_writing)
    app.url_defaults(keep_language)
    errors.init_app(app)
    for printed in (phrases, templating, fragments, marking, share_pictures, structured):
        printed.connect(app)
    app.jinja_env.globals.update(
        discovery=embedding.discovery,
        words=words,
        staff_words=staff_words,
        contact=settings.contact,
        demo=settings.demo,
        public_url=settings.public_url,
        title_beside=readings.title_beside,
    )
    built.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(letters)
    guard.refuse_unmarked(app)


def stand_in_front(app: Flask, settings: Settings) -> None:
    """What a request meets before Flask: the counter of reach, programs, frames, the cache and the turnstile."""
    app.wsgi_app = Turnstile(app.wsgi_app)  # type: ignore[method-assign]
    if settings.cache_mb:  # before the turnstile: who is answered from memory waits for nobody
        with app.app_context():
            watch = Watch(db.engine, direct=settings.database_direct)
        cache = ShowcaseCache(app, watch, settings.cache_mb * 2**20, settings.public_url)
        app.extensions["showcase_cache"] = cache
        app.wsgi_app = cache  # type: ignore[method-assign]
    app.wsgi_app = Programs(  # type: ignore[method-assign]
        Framing(app.wsgi_app, settings.public_url), limiter, settings.public_url
    )
    with app.app_context():
        app.extensions["reach"] = Reach(app.wsgi_app, db.engine, settings.public_url)
    app.wsgi_app = Spelling(app.extensions["reach"])  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
