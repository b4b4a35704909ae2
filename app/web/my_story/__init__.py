"""What became of a story, for the child who holds its card; and help."""

from flask import Blueprint, request

from app.web import intake
from app.web.guard import Audience, access_of
from app.web.locale import remember_language

bp = Blueprint("my_story", __name__)


@bp.url_value_preprocessor
def allow_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Larger bodies for the addresses that take files, before the token in the form is looked for."""
    intake.widen(
        request,
        forms=("my_story.save_change", "my_story.remove_file"),
        files=("my_story.receive_file",),
    )


@bp.before_request
def keep_language() -> None:
    """The help page is public: it sets no cookie, so it remembers nothing."""
    access = access_of(request.endpoint or "")
    if access is not None and access.audience is not Audience.PUBLIC:
        remember_language()


from app.web.my_story import (  # noqa: E402  (views)
    aloud as aloud,
    another_way as another_way,
    answers as answers,
    beside as beside,
    change as change,
    correct as correct,
    enter as enter,
    erase as erase,
    helplines as helplines,
    home as home,
    look as look,
    lost as lost,
    need_help as need_help,
    take_along as take_along,
)
