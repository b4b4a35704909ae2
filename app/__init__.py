"""Eyes on Me: left-behind children tell their own stories, and decide with their guardians where they are seen."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask

from app import adapters, cli, web
from app.config import Settings
from app.errors import Unavailable
from app.extensions import babel, db, limiter, login, prepare_engine

ROOT = Path(__file__).parent.parent
FORM_BYTES = 1_000_000


class PlainFlask(Flask):
    """Flask without async views: asking a dozen functions in each request whether they are costs more than most do."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application: config, extensions, web, cli, in that order."""
    settings = settings or Settings()
    app = PlainFlask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    outside = adapters.connect(settings)
    app.extensions["eyes"] = outside
    app.config.update(flask_settings(settings), SECRET_KEY=session_secret(outside))
    db.init_app(app)
    # There are no async engines to close, and asking an event loop to close none costs 0.7 ms a request.
    app.teardown_appcontext_funcs = [close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)]
    with app.app_context():
        prepare_engine(db.engine)
    limiter.init_app(app)
    # Each limit stands on its view, which asks it; looking for one before every request costs more than the limits do.
    app.before_request_funcs[None].remove(limiter._check_request_limit)  # noqa: SLF001
    login.init_app(app, add_context_processor=False)
    # Nobody is remembered between log-ins, and asking each session whether to would make every page vary by cookie.
    app.after_request_funcs[None].remove(login._update_remember_cookie)  # noqa: SLF001
    app.session_interface = web.Sessions()
    app.request_class = web.Request
    babel.init_app(app, locale_selector=web.select_locale)
    web.init_app(app)
    cli.init_app(app)
    return app


def flask_settings(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions are told."""
    return dict(  # noqa: C408  (names read better than strings)
        SQLALCHEMY_ENGINES={
            "default": {"url": settings.sqlalchemy_url, "pool_pre_ping": settings.database_is_a_server},
        },
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-eyes" if settings.served_over_tls else "eyes",
        SESSION_COOKIE_SECURE=settings.served_over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=settings.queue_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # without the shared count each process counts for itself
        RATELIMIT_SWALLOW_ERRORS=True,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
        BABEL_DEFAULT_LOCALE="en",
    )


def session_secret(outside: adapters.Outside) -> bytes | None:
    """What signs the session cookie; None before `flask keys create` made a keyring, and then no session works."""
    try:
        return outside.keyring.secret("web-sessions")
    except Unavailable:
        return None
