"""What a form is answered that a script may have sent, so that nothing in it is lost with the connection.

A script is told where to go next, or what is wrong, as JSON (`static/src/js/sending.js`); a browser gets pages.
"""

from collections.abc import Callable, Mapping

from flask import jsonify, redirect
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from app.web.problems import by_script

WRONG = 422


def went_well(address: str) -> ResponseReturnValue:
    """The page at `address` comes next."""
    return jsonify(go=address) if by_script() else redirect(address, 303)


def went_wrong(errors: Mapping[str, LazyString], page: Callable[[], str]) -> ResponseReturnValue:
    """What is wrong, by field: `page` shows the form again with it."""
    if by_script():
        return jsonify(errors={field: str(said) for field, said in errors.items()}), WRONG
    return page(), WRONG
