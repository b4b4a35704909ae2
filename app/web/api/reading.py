"""Taking a query apart: what the schema allows becomes values, anything else a problem that names the parameter."""

from typing import NoReturn, TypeVar

from flask import abort, request
from flask_babel import gettext as _
from pydantic import ValidationError

from app.web.api.schema import NO_WORD, Query
from app.web.problems import problem

Asked = TypeVar("Asked", bound=Query)


def read(query: type[Asked]) -> Asked:
    """The query of this request. Aborts with 400 and a sentence for each parameter that cannot be used."""
    given = request.args.to_dict(flat=False)
    twice = {name: _("This parameter stands here more than once.") for name, values in given.items() if len(values) > 1}
    if twice:
        refuse(twice)
    try:
        return query.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        refuse({str(fault["loc"][0]): words_of(fault["type"], fault["msg"]) for fault in error.errors()})


def words_of(kind: str, message: str) -> str:
    """What the schema says against a value; of what it does not say itself in words of our own."""
    if kind == NO_WORD:
        return str(_("There is no word in it to look for."))
    return str(_("There is no such parameter.") if kind == "extra_forbidden" else f"{message}.")


def refuse(faults: dict[str, str]) -> NoReturn:
    """Answer 400, with what is wrong with each parameter."""
    errors = [{"parameter": name, "detail": detail} for name, detail in faults.items()]
    abort(problem(400, " ".join(f"{name}: {detail}" for name, detail in faults.items()), "invalid_query", errors))
