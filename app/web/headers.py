"""The headers of every answer: what may run, who may frame, what may be kept."""

from collections.abc import Iterable
from functools import lru_cache

from flask import g, request
from flask.wrappers import Response

from app.adapters import outside
from app.web.guard import is_public
from app.web.templating import csp_nonce

POLICY, SCRIPTS = "Content-Security-Policy", "script-src"
NOBODY = "'none'"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNFRAMED = {"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"}


def allow_framing(sites: Iterable[str]) -> None:
    """Let these origins frame this one answer (the embed pages)."""
    g.frame_ancestors = tuple(sites)


def allow_own_frames() -> None:
    """Let this one answer hold frames of our own pages."""
    g.frames = "frame-src 'self'"


def secure(response: Response) -> Response:
    """Set what every answer carries; a view that set a header already keeps its own."""
    static = request.endpoint == "static" and response.status_code < 400
    public = is_public() and response.status_code < 400
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  (a list of pairs, not a mapping)
    if public and "vary" in there:
        response.vary.add("Accept-Language")
    if static:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # a sandboxed frame counts as another origin,
        response.headers["Access-Control-Allow-Origin"] = "*"  # and asks for fonts and for the drawings of masks as one
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable"  # the names hold a hash of the content
        )
        there |= {"cross-origin-resource-policy", "cache-control"}
    usual = usual_headers(g.get("frame_ancestors"), public=public, tls=outside().settings.served_over_tls)
    response.headers.extend([pair for pair in usual if pair[0].lower() not in there])
    if POLICY.lower() not in there and "frames" in g:
        response.headers[POLICY] += f"; {g.frames}"
    if POLICY.lower() not in there and (nonce := csp_nonce()):
        response.headers[POLICY] = response.headers[POLICY].replace(f"{SCRIPTS} 'self'", f"{SCRIPTS} 'nonce-{nonce}'")
    return response


@lru_cache(maxsize=256)
def usual_headers(sites: tuple[str, ...] | None, *, public: bool, tls: bool) -> list[tuple[str, str]]:
    """What is said of an answer that does not say it itself."""
    headers = {POLICY: content_security_policy(sites or ())} | EVERYWHERE
    headers |= {"Cache-Control": "no-cache", "Vary": "Accept-Language"} if public else {"Cache-Control": "no-store"}
    if sites is None:
        headers |= UNFRAMED
    if tls:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return list(headers.items())


def content_security_policy(sites: Iterable[str]) -> str:
    """Nothing from elsewhere, no inline script or style; framing only by `sites`.

    A page for everybody is kept and shown again, so its scripts are known by where they lie; on any other page a nonce
    takes the place of that (docs/adr/0008).
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"{SCRIPTS} 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(sites) or NOBODY}",
        ]
    )
