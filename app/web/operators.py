"""For operators and machines: liveness, readiness, metrics, robots, and whom to tell about a weakness."""

from datetime import timedelta

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app import clock
from app.adapters import outside
from app.errors import Unavailable
from app.people.keys import try_keyring
from app.web.absolute import absolute
from app.web.guard import Audience, open_to
from app.web.locale import CODES

bp = Blueprint("operators", __name__)

NO_AI = (
    "AI2Bot",
    "Amazonbot",
    "anthropic-ai",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ChatGPT-User",
    "Claude-SearchBot",
    "Claude-User",
    "Claude-Web",
    "ClaudeBot",
    "cohere-ai",
    "cohere-training-data-crawler",
    "Diffbot",
    "DuckAssistBot",
    "FacebookBot",
    "Google-CloudVertexBot",
    "Google-Extended",
    "GPTBot",
    "ImagesiftBot",
    "Meta-ExternalAgent",
    "Meta-ExternalFetcher",
    "MistralAI-User",
    "OAI-SearchBot",
    "omgili",
    "PanguBot",
    "Perplexity-User",
    "PerplexityBot",
    "Timpibot",
    "YouBot",
)
"""Collectors for AI by the names they go by; only those that keep to this file can be refused by it."""
NOT_FOR_SEARCH = ("/tell", "/my-story", "/consent", "/staff", "/embed", "/help", "/api", "/feeds", "/iiif", "/oai")
SECURITY_TXT_DAYS = 180


@bp.get("/healthz")
@open_to(Audience.OPERATOR)
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@open_to(Audience.OPERATOR)
def readyz() -> Response:
    """Everything this process needs answers."""
    try:
        try_keyring()
        list(outside().public.names("readiness-probe/"))
    except Unavailable:
        return Response("unavailable\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@bp.get("/metrics")
@open_to(Audience.OPERATOR)
def metrics() -> Response:
    """Prometheus metrics, for this machine only; a reverse proxy has no business here."""
    if request.remote_addr not in ("127.0.0.1", "::1"):
        abort(404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@bp.get("/robots.txt")
@open_to(Audience.OPERATOR)
def robots() -> Response:
    """Search engines see the public pages; collectors for AI see nothing."""
    lines = [line for name in NO_AI for line in (f"User-agent: {name}", "Disallow: /", "")]
    lines += ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH), ""]
    lines += [f"Sitemap: {absolute('sitemap.index')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.get("/.well-known/security.txt")
@open_to(Audience.OPERATOR)
def security_txt() -> Response:
    """Whom to tell about a weakness (RFC 9116)."""
    settings = outside().settings
    expires = (clock.now() + timedelta(days=SECURITY_TXT_DAYS)).replace(microsecond=0).isoformat()
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(CODES)}",
        f"Canonical: {settings.public_url}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
