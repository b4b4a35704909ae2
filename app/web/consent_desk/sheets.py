"""Forms to print: the text in the guardian's language, a box for each answer, and a code that leads back to here."""

from dataclasses import dataclass

from flask import render_template, request
from flask_babel import force_locale
from markupsafe import Markup

from app.adapters import outside
from app.errors import Invalid
from app.extensions import limiter
from app.people.permissions import Permission
from app.people.queries import guardians_of
from app.stories.queries import version_of
from app.web import questions
from app.web.consent_desk import bp
from app.web.consent_desk.asking import Asking, ask_now, open_asking
from app.web.consent_desk.children import brake, look_up, number_of
from app.web.guard import Audience, open_to
from app.web.qr import qr
from app.web.transaction import writes
from app.web.words import RELATIONS

STACK_MAX = 40
"""References in one stack: a class."""


@dataclass(frozen=True)
class Stack:
    """The forms of several children, whom of their guardians to leave in peace, and the references of nobody to ask."""

    sheets: list[Markup]
    printed: list[str]
    unknown: list[str]
    nobody: list[str]
    in_peace: list[tuple[Asking, int]]
    """Whoever said no a short time ago, and which of the child's guardians they are."""


@bp.get("/ask/<token>/form")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
def form(token: str) -> str:
    """One guardian's form."""
    asking = open_asking(token)
    return render_template("consent_desk/form.html", sheets=[draw(asking)], asking=asking)


def draw(asking: Asking) -> Markup:
    """The sheet, in the guardian's language whatever the page's is."""
    address = f"{outside().settings.public_url}/staff/consent/ask/{asking.token}/photo"
    with force_locale(asking.guardian.locale.value):
        drawn = render_template(
            "consent_desk/_sheet.html",
            asking=asking,
            number=number_of(asking.guardian),
            questions=questions.ask(asking.text, version_of(asking.story), asking.shown_at),
            relations=RELATIONS,
            code=qr(address),
        )
    return Markup(drawn)  # noqa: S704 (made by our template, which escaped what it was given)


@bp.get("/stack")
@brake
@limiter.limit("20 per minute")
@open_to(Audience.STAFF, Permission.CONSENT_TAKE)
@writes
def stack() -> str:
    """The forms of a whole workshop, one after the other, behind a list of them; `?references=` holds one on a line."""
    typed = request.args.get("references", "").split()[:STACK_MAX]
    return render_template("consent_desk/stack.html", stack=_gather(list(dict.fromkeys(typed))), most=STACK_MAX)


def _gather(typed: list[str]) -> Stack:
    made = Stack([], [], [], [], [])
    for one in typed:
        try:
            story = look_up(one)
        except Invalid:
            story = None
        if story is None:
            made.unknown.append(one)
            continue
        guardians, reference = guardians_of(story.storyteller_id), story.storyteller.reference or ""
        askings = [ask_now(story, guardian) for guardian in guardians]
        made.sheets.extend(map(draw, askings))
        made.in_peace.extend((asking, number_of(asking.guardian)) for asking in askings if asking.peace)
        (made.printed if guardians else made.nobody).append(reference)
    return made
