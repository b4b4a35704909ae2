"""Where the link in a letter to a site leads: one button says that the story was taken away."""

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response as Redirect

from app.errors import NotFound
from app.extensions import csrf
from app.release.models import TakedownNotice
from app.release.telling import acknowledge, asked_in, by_token
from app.web.embed import bp
from app.web.forms import only_fields
from app.web.guard import Audience, open_to
from app.web.transaction import writes


@bp.get("/embed/acknowledge/<token>")
@open_to(Audience.PUBLIC)
def notice(token: str) -> ResponseReturnValue:
    """What the site was asked to take away, and the button; looking at it says nothing yet."""
    found = _find(token)
    page = render_template("embed/acknowledge.html", token=token, notice=found, asked=asked_in(found))
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/embed/acknowledge/<token>")
@open_to(Audience.PUBLIC)
@writes
def confirm(token: str) -> Redirect:
    """The site has done it."""
    only_fields()
    acknowledge(_find(token, lock=True))
    return redirect(url_for("embed.notice", token=token))


csrf.exempt(confirm)  # nobody is logged in here: whoever has the token may press the button


def _find(token: str, *, lock: bool = False) -> TakedownNotice:
    found = by_token(token, lock=lock)
    if found is None:
        raise NotFound
    return found
