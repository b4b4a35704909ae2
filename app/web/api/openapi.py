"""The OpenAPI 3.1 document: made from the shapes in `schema`, and from one table of the addresses."""

from functools import cache
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.web import problems
from app.web.api.schema import Campaign, CampaignPage, ListQuery, Problem, Query, Story, StoryPage, StoryQuery
from app.web.programs import A_MINUTE

VERSION = "1.0.0"
ROOT = "/api/v1"


class Operation(NamedTuple):
    """One address: what it is for, what it may be asked, what it answers, and what can go wrong there."""

    path: str
    name: str
    summary: str
    query: type[Query]
    answer: type[BaseModel]
    refusals: tuple[int, ...] = ()


OPERATIONS = (
    Operation(
        "/stories",
        "listStories",
        "Stories, newest first, found by words and narrowed by filters.",
        StoryQuery,
        StoryPage,
    ),
    Operation("/stories/{story_id}", "getStory", "One story, while it may be taken.", Query, Story, (404, 410)),
    Operation("/campaigns", "listCampaigns", "The campaigns that run now.", Query, CampaignPage),
    Operation("/campaigns/{slug}", "getCampaign", "One campaign, from its first day on.", Query, Campaign, (403, 404)),
    Operation(
        "/campaigns/{slug}/stories",
        "listCampaignStories",
        "A campaign's stories, in the curator's order.",
        ListQuery,
        StoryPage,
        (403, 404),
    ),
)
PARTS = {"story_id": "The id of a story: 22 letters, digits, `-` and `_`.", "slug": "The name of a campaign."}
EVERYWHERE = (400, 406, 429)
REFUSALS = {
    400: "A parameter is unknown, stands twice or cannot be used; `detail` says which.",
    403: "A script on this site may not read this campaign: its curators allow others.",
    404: "There never was anything here for you.",
    406: "Only JSON is answered.",
    410: "The story was taken back. Please drop every copy of it.",
    429: "Too many requests in this minute; `Retry-After` says how long to wait.",
}
Made = tuple[type[BaseModel], Literal["serialization"]]
SHAPES: list[Made] = [(shape, "serialization") for shape in (Story, StoryPage, Campaign, CampaignPage, Problem)]
DESCRIPTION = f"""\
Read-only. What is listed here may be shown in the gallery *and* on other sites, at this moment: a child may take a
story back on any day, and then it answers 410. Ask again before each use; a `304` costs nothing.

Lists are pages: follow `next` (also in the `Link` header) until it is null. Each address may ask {A_MINUTE} times a
minute; `RateLimit` says what is left. Any site's script may ask, for a campaign those of the sites that its curators
allow (programs that are no page of a site, always). Every error is `{problems.MEDIA_TYPE}` (RFC 9457).
"""


@cache
def document(server: str) -> dict[str, Any]:
    """The whole document, for the deployment at this address."""
    _, made = models_json_schema(SHAPES, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Eyes on Me",
            "version": VERSION,
            "summary": "Stories of children whose parents work far away.",
            "description": DESCRIPTION,
        },
        "servers": [{"url": server + ROOT}],
        "paths": {operation.path: {"get": described(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": made["$defs"],
            "responses": {str(status): refusal(status) for status in REFUSALS},
            "headers": {
                "RateLimit": {"description": "What is left of the minute.", "schema": {"type": "string"}},
                "Link": {"description": 'The next page: `<…>; rel="next"`.', "schema": {"type": "string"}},
            },
        },
    }


def described(operation: Operation) -> dict[str, Any]:
    """One address, as OpenAPI says it."""
    headers = {"RateLimit": {"$ref": "#/components/headers/RateLimit"}}
    if issubclass(operation.query, ListQuery):
        headers["Link"] = {"$ref": "#/components/headers/Link"}
    responses: dict[str, Any] = {
        "200": {"description": "OK", "headers": headers, "content": {"application/json": shape(operation.answer)}}
    }
    for status in sorted((*EVERYWHERE, *operation.refusals)):
        responses[str(status)] = {"$ref": f"#/components/responses/{status}"}
    parts = [
        {"name": name, "in": "path", "required": True, "description": words, "schema": {"type": "string"}}
        for name, words in PARTS.items()
        if f"{{{name}}}" in operation.path
    ]
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*parts, *parameters(operation.query)],
        "responses": responses,
    }


def parameters(query: type[Query]) -> list[dict[str, Any]]:
    """What may be asked: each field of the query with its schema, where null stands for leaving it out."""
    made = query.model_json_schema(ref_template="#/components/schemas/{model}")
    return [{"name": name, "in": "query", **parameter(field, made)} for name, field in made["properties"].items()]


def parameter(field: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """The description and the schema of one field."""
    kind = dict(next((kind for kind in field.get("anyOf", [field]) if kind.get("type") != "null"), {}))
    words = kind.pop("description", "")
    named = kind.pop("$ref", "").rpartition("/")[2]
    if named:
        kind = {key: value for key, value in made["$defs"][named].items() if key in ("type", "enum")}
    return {"description": words, "schema": {key: value for key, value in kind.items() if key != "title"}}


def refusal(status: int) -> dict[str, Any]:
    """An error, as OpenAPI says it."""
    return {
        "description": f"{HTTPStatus(status).phrase}. {REFUSALS[status]}",
        "content": {problems.MEDIA_TYPE: shape(Problem)},
    }


def shape(model: type[BaseModel]) -> dict[str, Any]:
    """A reference to the shape of an answer."""
    return {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
