"""What other sites load beside a frame: the script of the web component, its words, and a colour as a stylesheet."""

from pathlib import Path
from re import fullmatch

from flask import Response, current_app, jsonify, request
from flask_babel import gettext as _

from app.adapters import outside
from app.errors import NotFound
from app.web import words
from app.web.embed import bp
from app.web.embed.colours import HEX, stylesheet
from app.web.guard import Audience, open_to
from app.web.locale import page_code
from app.web.templating import asset, page_direction, page_language

SHORTLY = "public, max-age=600"
FOREVER = "public, max-age=31536000, immutable"


@bp.get("/embed.js")
@open_to(Audience.PUBLIC)
def script() -> Response:
    """The module that makes `<eyes-on-me>` work, and frames as high as what they hold. Its address never changes."""
    zipped = request.accept_encodings.quality("gzip") > 0
    made = Path(current_app.static_folder or "", "dist", asset("embed.js").rpartition("/")[2])
    file = made.with_name(f"{made.name}.gz") if zipped else made
    response = Response(file.read_bytes(), mimetype="text/javascript")
    response.set_etag(file.name)
    response.headers["Cache-Control"] = SHORTLY
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    for_any_site(response).make_conditional(request)
    return response


@bp.get("/embed/accent/<colour>.css")
@open_to(Audience.PUBLIC)
def accent(colour: str) -> Response:
    """A colour of somebody's choice, as it can be read on our paper."""
    if not fullmatch(HEX, colour):
        raise NotFound
    response = Response(stylesheet(colour.lower()), mimetype="text/css")
    response.headers["Cache-Control"] = FOREVER
    return for_any_site(response)


@bp.get("/embed/words.json")
@open_to(Audience.PUBLIC)
def component_words() -> Response:
    """What the web component says in this language, and where its styles lie."""
    base = outside().settings.public_url
    return for_any_site(
        jsonify(
            code=page_code(),
            language=page_language(),
            direction=page_direction(),
            styles=base + asset("embed.css"),
            night=base + asset("night.css"),
            ages={band: str(said) for band, said in words.AGES.items()},
            untitled=_("A story without a title"),
            child=_("A child"),
            drawing=_("A drawing by %(name)s", name="{name}"),
            recording=words.MEDIA["sound"],
            open=_("Open the story"),
            said=_("What is said"),
            aloud=_("This was told aloud. The voice stays with the child; here are the words."),
            told=_("as it was told"),
            translation=_("translation"),
            listen=_("Listen to %(name)s", name="{name}"),
            stories=_("Stories of children whose parents work far away"),
            nothing=_("No story is shown here now. The children decide, and they may change their minds."),
            over=f"{_('This campaign is over')}. {_('Thank you for looking. Its stories are no longer shown here.')}",
            few=_("There are stories like this, but so few that a child could be recognised."),
            more=_("See it on Eyes on Me"),
            demo=_("Demo: every story is made up") if outside().settings.demo else "",
        )
    )


def for_any_site(response: Response) -> Response:
    """Let every site's page load this."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
