"""The addresses of manifests and collections. A long list is a collection whose last part is the rest of it."""

import json

from flask import Response, request
from flask_babel import gettext as _

from app import clock
from app.campaigns.queries import public_campaign
from app.errors import NotFound
from app.release import elsewhere
from app.release.elsewhere import Stretch
from app.release.queries import Filters
from app.web.absolute import absolute
from app.web.cursors import day_place, numbered_place, seal_place
from app.web.guard import Audience, open_to
from app.web.iiif import bp
from app.web.iiif.manifests import CONTEXT, Node, common, in_languages, label_of, manifest_of
from app.web.templating import tag_of

PAGE = 100
GALLERY = "iiif gallery"


@bp.get("/stories/<story_id>/manifest")
@open_to(Audience.PUBLIC)
def manifest(story_id: str) -> Response:
    """One story; 410 once it was taken back."""
    return answer(manifest_of(elsewhere.story(story_id)))


@bp.get("/collections/gallery")
@open_to(Audience.PUBLIC, query=("after",))
def gallery() -> Response:
    """The gallery's stories that other sites may show too, newest first."""
    after = request.args.get("after")
    stretch = elsewhere.listed(Filters(), day_place(GALLERY, after), PAGE)
    following = seal_place(GALLERY, stretch.last)
    label = in_languages(lambda: _("Eyes on Me"))
    rest = absolute("iiif.gallery", after=following) if following else None
    return answer(collection(absolute("iiif.gallery", after=after), label, stretch, rest))


@bp.get("/campaigns/<slug>")
@open_to(Audience.PUBLIC, query=("after",))
def campaign(slug: str) -> Response:
    """A campaign's stories, in the curator's order."""
    found, after = public_campaign(slug, clock.now()), request.args.get("after")
    if found is None:
        raise NotFound
    list_name = f"iiif campaign {found.id}"
    stretch = elsewhere.in_campaign(found.id, numbered_place(list_name, after), PAGE)
    following = seal_place(list_name, stretch.last)
    label = {tag_of(code): [words] for code, words in found.title.items()}
    rest = absolute("iiif.campaign", slug=slug, after=following) if following else None
    return answer(collection(absolute("iiif.campaign", slug=slug, after=after), label, stretch, rest))


def collection(address: str, label: Node, stretch: Stretch, rest: str | None) -> Node:
    """A list of manifests; `rest` is the address of the collection that goes on."""
    items: list[Node] = [
        {"id": absolute("iiif.manifest", story_id=item.story_id), "type": "Manifest", "label": label_of(item)}
        for item in stretch.items
    ]
    if rest:
        items.append({"id": rest, "type": "Collection", "label": in_languages(lambda: _("Show more"))})
    return {"@context": CONTEXT, "id": address, "type": "Collection", "label": label, **common(), "items": items}


def answer(node: Node) -> Response:
    """A node as JSON-LD of this version of the specification."""
    return Response(json.dumps(node, ensure_ascii=False), content_type=f'application/ld+json;profile="{CONTEXT}"')
