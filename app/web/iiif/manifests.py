"""A story as a IIIF manifest: each picture a canvas, the recording a canvas with a length, the text beside the first.

https://iiif.io/api/presentation/3.0/
"""

from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import force_locale, gettext as _

from app.release.beside import told_in_words
from app.release.queries import Item
from app.web import words
from app.web.absolute import RIGHTS, absolute, file_address
from app.web.locale import CODES
from app.web.templating import LANGUAGES, by_width, country_name

Node = dict[str, Any]
CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SHEET = 1000
"""The sides of the canvas of a story that is words only: it has no size of its own."""


def in_languages(say: Callable[[], object]) -> dict[str, list[str]]:
    """A language map: what `say` says in each of our languages."""
    found = {}
    for code in CODES:
        with force_locale(code):
            found[LANGUAGES[code][0]] = [str(say())]
    return found


def told(item: Item, value: str) -> dict[str, list[str]]:
    """A language map of one of the child's own words."""
    return {LANGUAGES[item.locale][0]: [value]}


def label_of(item: Item) -> dict[str, list[str]]:
    """What a story is called."""
    return told(item, item.title) if item.title else in_languages(lambda: _("A story without a title"))


def common() -> Node:
    """What is said of everything: whose it is, what must be shown beside it, and who provides it."""
    ours = absolute("gallery.home")
    return {
        "rights": RIGHTS,
        "requiredStatement": {
            "label": in_languages(lambda: _("Please show this with it")),
            "value": in_languages(
                lambda: _("Told on Eyes on Me. The child may take it back on any day; then please delete your copy.")
            ),
        },
        "provider": [
            {
                "id": ours,
                "type": "Agent",
                "label": in_languages(lambda: _("Eyes on Me")),
                "homepage": [
                    {"id": ours, "type": "Text", "label": in_languages(lambda: _("Eyes on Me")), "format": "text/html"}
                ],
            }
        ],
    }


def manifest_of(item: Item) -> Node:
    """The manifest of one story."""
    address = absolute("iiif.manifest", story_id=item.story_id)
    page = absolute("gallery.story", story_id=item.story_id)
    canvases = list(canvases_of(item, address))
    if told_in_words(item.body):
        beside = canvases[0].get("annotations", [])
        canvases[0]["annotations"] = [text_page(item, canvases[0]["id"]), *beside]
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "Manifest",
        "label": label_of(item),
        **warned(item),
        "metadata": list(metadata_of(item)),
        **common(),
        "homepage": [{"id": page, "type": "Text", "label": label_of(item), "format": "text/html"}],
        "items": canvases,
    }


def warned(item: Item) -> Node:
    """What the story touches, in each language in which that is said: it stands before everything else."""
    notes: dict[str, str] = item.body.get("notes", {})
    return {"summary": {LANGUAGES[code][0]: [note] for code, note in notes.items()}} if notes else {}


def metadata_of(item: Item) -> Iterator[Node]:
    """The lines of a museum label, with the words for each."""
    by = item.invented_name
    lines: list[tuple[Callable[[], object], Callable[[], object]]] = [
        (lambda: _("Told by"), lambda: by or _("A child")),
        (lambda: _("Shown since"), lambda: item.shown_on),
        (lambda: _("Language"), lambda: LANGUAGES[item.locale][1]),
    ]
    if item.age_band:
        lines.append((lambda: _("Age"), lambda: words.AGES[item.age_band]))
    if item.country:
        lines.append((lambda: _("From"), lambda: country_name(item.country)))
    if item.themes:
        lines.append((lambda: _("About"), lambda: ", ".join(str(words.THEMES[theme]) for theme in item.themes)))
    lines.append((lambda: _("Beside the child"), lambda: words.helped(item.helper, item.help)))
    yield from ({"label": in_languages(label), "value": in_languages(value)} for label, value in lines)


def canvases_of(item: Item, address: str) -> Iterator[Node]:
    """A canvas for each picture and each recording; an empty sheet for a story that is words only."""
    for number, image in enumerate(item.images, 1):
        yield picture_canvas(f"{address}/picture/{number}", image) | captioned(image)
    for number, sound in enumerate(item.sounds, 1):
        canvas = f"{address}/sound/{number}"
        yield sound_canvas(canvas, sound) | transcribed(canvas, sound)
    if not item.images and not item.sounds:
        yield {"id": f"{address}/text", "type": "Canvas", "width": SHEET, "height": SHEET, "items": []}


def picture_canvas(address: str, image: Node) -> Node:
    """A picture in its largest form that every viewer opens, with its smaller forms as thumbnails."""
    best = (by_width(image, "image/jpeg") or by_width(image, "image/webp"))[-1]
    return {
        "id": address,
        "type": "Canvas",
        "width": best["width"],
        "height": best["height"],
        "thumbnail": [picture(made) for made in by_width(image, "image/webp")],
        "items": [painting(address, picture(best))],
    }


def picture(made: Node) -> Node:
    """One rendition of a picture."""
    return {
        "id": file_address(made["name"]),
        "type": "Image",
        "format": made["media_type"],
        "width": made["width"],
        "height": made["height"],
    }


def sound_canvas(address: str, sound: Node) -> Node:
    """The recording, in the forms a viewer may choose from."""
    seconds = sound["duration_ms"] / 1000
    forms = [
        {"id": file_address(made["name"]), "type": "Sound", "format": made["media_type"], "duration": seconds}
        for made in sound["sources"]
    ]
    return {
        "id": address,
        "type": "Canvas",
        "duration": seconds,
        "items": [painting(address, {"type": "Choice", "items": forms})],
    }


def captioned(image: Node) -> Node:
    """What a picture shows, as a canvas says it."""
    alts = image.get("alts", {})
    return {"summary": {LANGUAGES[code][0]: [alt] for code, alt in alts.items()}} if alts else {}


def transcribed(canvas: str, sound: Node) -> Node:
    """What is said in a recording: a page of annotations for each language, each with its moments."""
    said = sound.get("transcripts", {})
    pages = [cue_page(f"{canvas}/said/{code}", canvas, LANGUAGES[code][0], cues) for code, cues in said.items()]
    return {"annotations": pages} if pages else {}


def cue_page(address: str, canvas: str, tag: str, cues: list[list[Any]]) -> Node:
    """What is said in one language."""
    items = [
        {
            "id": f"{address}/{number}",
            "type": "Annotation",
            "motivation": "supplementing",
            "body": {"type": "TextualBody", "value": text, "format": "text/plain", "language": tag},
            "target": f"{canvas}#t={start / 1000},{end / 1000}",
        }
        for number, (start, end, text) in enumerate(cues, 1)
    ]
    return {"id": address, "type": "AnnotationPage", "items": items}


def painting(canvas: str, body: Node) -> Node:
    """What fills a canvas."""
    return annotation_page(canvas, "painting", body)


def text_page(item: Item, canvas: str) -> Node:
    """The child's words, beside a canvas."""
    body = {
        "type": "TextualBody",
        "value": told_in_words(item.body),
        "format": "text/plain",
        "language": LANGUAGES[item.locale][0],
    }
    return annotation_page(canvas, "supplementing", body)


def annotation_page(canvas: str, motivation: str, body: Node) -> Node:
    """A page with one annotation on a canvas."""
    address = f"{canvas}/{motivation}"
    annotation = {"id": f"{address}/1", "type": "Annotation", "motivation": motivation, "body": body, "target": canvas}
    return {"id": address, "type": "AnnotationPage", "items": [annotation]}
