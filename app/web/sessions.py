"""The session in a signed cookie, as Flask has it, at no cost for whoever brings none."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request


class Sessions(SecureCookieSessionInterface):
    """Flask builds its signature's whole machinery before it looks for a cookie; a public page never has one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        brings_none = "HTTP_COOKIE" not in request.environ or self.get_cookie_name(app) not in request.cookies
        if app.secret_key and brings_none:
            return self.session_class()
        return super().open_session(app, request)
