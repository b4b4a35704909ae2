"""The headers of every answer: what may run, who may frame, what may be kept."""

from flask import g, request
from flask.wrappers import Response

from app.adapters import outside
from app.web.guard import is_public
from app.web.templating import csp_nonce

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
UNFRAMED = {"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"}


def allow_framing(sites: list[str]) -> None:
    """Let these origins frame this one answer (the embed pages)."""
    g.frame_ancestors = sites


def secure(response: Response) -> Response:
    """Set what every answer carries; a view that set a header already keeps its own."""
    sites = g.get("frame_ancestors")
    static = request.endpoint == "static" and response.status_code < 400
    public = is_public() and response.status_code < 400
    if public:
        response.vary.add("Accept-Language")
    headers = {"Content-Security-Policy": content_security_policy(sites)} | EVERYWHERE
    headers["Cache-Control"] = "no-cache" if public else "no-store"
    if sites is None:
        headers |= UNFRAMED
    if outside().settings.served_over_tls:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if static:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # a sandboxed frame counts as another origin,
        headers["Access-Control-Allow-Origin"] = "*"  # and asks for fonts and for the drawings of masks as one
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable"  # the names hold a hash of the content
        )
    there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  (a list of pairs, not a mapping)
    response.headers.extend({name: value for name, value in headers.items() if name.lower() not in there})
    return response


def content_security_policy(sites: list[str] | None) -> str:
    """Nothing from elsewhere, no inline script or style; framing only by `sites`.

    A page for everybody is kept and shown again, so its scripts are known by where they lie, not by a nonce
    (docs/adr/0008).
    """
    nonce = csp_nonce()
    ancestors = " ".join(sites) if sites else "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'" if nonce else "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )
