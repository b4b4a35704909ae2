"""Demo mode only: the letters that would have been sent, so that one person can play every part."""

from flask import Blueprint, render_template

from app.adapters import outside
from app.adapters.mailer import FolderMailer
from app.web.guard import Audience, open_to

bp = Blueprint("letters", __name__)


@bp.get("/dev/mail")
@open_to(Audience.OPERATOR)
def index() -> str:
    """Every letter, newest first."""
    mailer = outside().mailer
    letters = mailer.letters() if isinstance(mailer, FolderMailer) else []
    return render_template("letters/index.html", letters=letters)
