"""Building a campaign in a browser without JavaScript: every form, every refusal, and nothing typed is lost."""

import re
from typing import Any

from flask import Flask

from app.campaigns.blocks import digest_of
from app.people.permissions import STAFF_ROLES, Role
from tests.factories.stories import TITLE
from tests.web.building import FORM, HOME, blocks, curator, said_yes, saved
from tests.web.public_side import PARTNER, file_names, say
from tests.web.team import audited, hire

SENTENCE = "On Sundays we fly our kites at the same hour."
PAGE = "/campaigns/here"


def test_only_a_curator_builds(app: Flask) -> None:
    statuses = {role: hire(app, role).get(HOME).status_code for role in STAFF_ROLES}
    assert statuses == {role: 200 if role is Role.CURATOR else 403 for role in STAFF_ROLES}
    assert app.test_client().get(HOME).status_code == 302


def test_a_campaign_is_built_by_forms_alone_and_seen_once_it_is_announced(app: Flask) -> None:
    staff, visitor = curator(app), app.test_client()
    builder = staff.make(
        action_link="https://example.org/sign",
        action_until="2027-03-08",
        partners="A school network https://schools.example\n",
        embedding_sites=f"{PARTNER}/page",
    )
    assert "The title or the text is missing in: Română" in staff.words
    assert "not registered: https://partner.example" in staff.words
    story_id = said_yes(app, pictures=1)
    stories = re.search(rf'"({builder}/blocks/[\w-]{{22}})">', staff.page)
    assert stories is not None
    staff.get(stories[1])
    assert f"{TITLE} Firefly" in staff.words
    assert "The campaign has not begun." in staff.words
    assert staff.send(f"{stories[1]}/stories/choose", stories[1], story_id=story_id) == 303
    quote = staff.add(builder, "quote")
    assert staff.send(quote, f"{quote}?story={story_id}", story_id=story_id, digest=digest_of(SENTENCE)) == 303
    text = staff.add(builder, "text")
    assert staff.send(text, **{"heading-en": "Why", "text-en": "Because.", "text-ro": "Fiindcă."}) == 303
    numbers = {"value-0-en": "61 million", "words-0-en": "children", "source-0": "A census"}
    assert staff.send(staff.add(builder, "numbers"), **numbers) == 303
    staff.add(builder, "partners")
    assert staff.send(f"{builder}/hero", builder, story_id=story_id) == 303

    preview = staff.get(f"{builder}/preview")
    assert preview.headers["Cache-Control"] == "no-store"
    wanted = ("This is a preview", TITLE, SENTENCE, "61 million")
    assert [words for words in wanted if words not in staff.words] == []
    files = previewed(staff.page)
    assert (len(files), file_names(app, story_id)) == (3, [])  # a small picture has one width
    assert [staff.get(file).status_code for file in files] == [200] * 3
    assert visitor.get(PAGE).status_code == 404
    staff.get(builder)
    assert "It needs a title and a text in each of its languages." in staff.words
    assert staff.send(f"{builder}/announce", builder) == 303
    assert visitor.get(PAGE).status_code == 404
    assert staff.send(f"{builder}/settings", **{**FORM, "title-ro": "Sunt aici", "text-ro": "Ascultați."}) == 303
    staff.announce(builder)
    public = visitor.get(PAGE).text
    assert (TITLE in public, f"<p>“{SENTENCE}”</p>" in public) == (True, True)
    assert (staff.id, "story.viewed") in audited(app, story_id)


def test_a_stale_quote_says_which_sentence_a_colleague_chose(app: Flask) -> None:
    first, second = curator(app), curator(app)
    builder = first.make()
    story_id = said_yes(app, text=f"{SENTENCE} We laugh.")
    stories = re.search(rf'"({builder}/blocks/[\w-]{{22}})">', first.page)
    assert stories is not None
    first.send(f"{stories[1]}/stories/choose", stories[1], story_id=story_id)
    quote = first.add(builder, "quote")
    second.get(f"{quote}?story={story_id}")
    typed = {"version": second.hidden("version"), "story_id": story_id, "digest": digest_of("We laugh.")}
    assert first.send(quote, f"{quote}?story={story_id}", story_id=story_id, digest=digest_of(SENTENCE)) == 303
    assert second.post(f"{quote}?story={story_id}", typed).status_code == 409
    assert f"It says now: {SENTENCE}" in second.words
    assert re.search(rf'value="{typed["digest"]}" checked', second.page)


def previewed(page: str) -> list[str]:
    """The addresses of files that only the team can look at."""
    return sorted(set(re.findall(rf"{HOME}/[\w-]+/files/[\w-]+/[\w.-]+", page)))


REFUSED: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({"slug": "No spaces"}, ["An address has small letters, digits and hyphens"]),
    ({"languages": []}, ["Please choose at least one language."]),
    ({"title-en": "x" * 121, "title-ro": ""}, ["Please use at most 120 letters."]),
    ({"opens_on": "soon"}, ["Please give a day as year-month-day"]),
    (
        {"closes_on": "2025-12-31", "partners": "Nobody"},
        ["cannot be before the first", "Please write each partner", "Line 1: Nobody"],
    ),
    ({"action_link": "javascript:alert(1)", "action_until": "31/12"}, ["a whole address", "year-month-day"]),
    (
        {"embedding_sites": "https://a.example\n\nnot a site\nhttps://b.example:0"},
        ["one on each line. Line 3: not a site · Line 4: https://b.example:0"],
    ),
    (
        {"embedding_sites": "no", "slug": "", "title-en": ""},
        ["name.example", "hyphens", "a title in one of"],
    ),
    ({"action_until": "2000-01-01"}, ["The deadline cannot be before the first day."]),
)


def test_every_mistake_is_named_and_nothing_is_lost(app: Flask) -> None:
    staff = curator(app)
    staff.get(f"{HOME}/new")
    for typed, said in REFUSED:
        assert staff.post(f"{HOME}/new", {**FORM, "appeal-ro": "Un cuvânt.", **typed}).status_code == 422
        assert [
            words for words in [*said, "Un cuvânt.", "What you filled in is kept"] if words not in staff.words
        ] == []
        kept = [value for value in typed.values() if isinstance(value, str)]
        assert [value for value in kept if value not in staff.page] == []
    staff.get(HOME)
    assert "There is no campaign yet" in staff.words


def test_a_stale_form_comes_back_with_what_was_typed_and_what_is_there(app: Flask) -> None:
    first, second = curator(app), curator(app)
    builder = first.make()
    for one in (first, second):
        one.get(f"{builder}/settings")
    version = first.hidden("version")
    assert first.post(f"{builder}/settings", {**FORM, "version": version, "title-en": "Hear me"}).status_code == 303
    typed = {**FORM, "version": version, "title-en": "Look at me", "text-ro": "Ascultați."}
    assert second.post(f"{builder}/settings", typed).status_code == 409
    assert "Nothing you wrote is lost" in second.words
    assert 'value="Look at me"' in second.page
    assert "It says now: Hear me" in second.words
    assert "Ascultați." in second.words
    assert saved(app).title == {"en": "Hear me"}
    again = {**typed, "version": second.hidden("version")}
    assert second.post(f"{builder}/settings", again).status_code == 303
    assert saved(app).title == {"en": "Look at me"}


def test_a_stale_block_keeps_its_words_and_a_stale_button_does_nothing(app: Flask) -> None:
    first, second = curator(app), curator(app)
    builder = first.make()
    text = first.add(builder, "text")
    second.get(text)
    old = second.hidden("version")
    assert first.send(text, **{"text-en": "First."}) == 303
    assert second.post(text, {"version": old, "text-en": "Second."}).status_code == 409
    assert "Second." in second.words
    assert "It says now: First." in second.words
    assert blocks(app)[2] == ("text", {"heading": {}, "text": {"en": "First."}})
    assert second.post(f"{text[:-3]}abc", {"version": old, "text-en": "A & B.", "heading-en": ""}).status_code == 409
    assert ("This block is gone" in second.words, ">A &amp; B.</p>" in second.page) == (True, True)
    for act, typed in (("move", {"to": "up"}), ("remove", {})):
        assert second.post(f"{text}/{act}", {"version": old, **typed}).status_code == 303
        second.get(builder)
        assert "Somebody changed this campaign while your page was open" in second.words
    assert [kind for kind, _ in blocks(app)] == ["stories", "action", "text"]


def test_blocks_move_by_buttons_and_by_the_place_they_were_dropped_at(app: Flask) -> None:
    staff = curator(app)
    builder = staff.make()
    text = staff.add(builder, "text")
    for to, order in (
        ("up", ["stories", "text", "action"]),
        ("0", ["text", "stories", "action"]),
        ("999", ["stories", "action", "text"]),
        ("nowhere", ["stories", "action", "text"]),
    ):
        assert staff.send(f"{text}/move", builder, to=to) == 303
        assert [kind for kind, _ in blocks(app)] == order
    assert staff.send(f"{text}/remove", builder) == 303
    assert staff.get(text).status_code == 404
    assert staff.send(f"{text}/move", builder, to="up") == 404
    for campaign in ("A" * 22, "%00", "here"):
        assert staff.send(f"{HOME}/{campaign}/announce", builder) == 404


UNFIT: tuple[tuple[str, dict[str, str], str], ...] = (
    ("text", {"heading-en": "x" * 121}, "at most 120 letters"),
    ("numbers", {"value-0-en": "7"}, "words that say what it counts"),
    ("numbers", {"value-0-en": "7", "words-0-en": "hens"}, "Each number needs a source"),
    ("stories", {"fill": "rule", "limit": "49"}, "A rule can bring 1 to 48 stories."),
    ("stories", {"fill": "rule", "limit": "-1"}, "A rule can bring 1 to 48 stories."),
    ("quote", {"story_id": "A" * 22, "digest": "0" * 64}, "Choose stories with words for this campaign first"),
)


def test_a_block_that_cannot_be_kept_comes_back(app: Flask) -> None:
    staff = curator(app)
    builder = staff.make()
    for kind, typed, said in UNFIT:
        assert staff.send(staff.add(builder, kind), builder, **typed) == 422
        assert said in staff.words
        words = [value for name, value in typed.items() if name.endswith("-en")]
        assert [value for value in words if f'value="{value}"' not in staff.page] == []
    assert [content for _, content in blocks(app)] == [{}] * (2 + len(UNFIT))


def test_stories_are_searched_chosen_ordered_and_taken_out(app: Flask) -> None:
    staff = curator(app)
    builder = staff.make()
    ids = [said_yes(app, title=title) for title in ("A kite", "Three hens")]
    said_yes(app, title="Elsewhere", country="LV")
    block = staff.add(builder, "stories")
    staff.get(f"{block}?q=KITE&country=RO&theme=nonsense&after=%00")
    assert re.findall(r"pick__title[^>]*><bdi>([^<]*)", staff.page) == ["A kite"]
    for story_id in ids:
        assert staff.send(f"{block}/stories/choose", block, story_id=story_id) == 303
    assert staff.send(f"{block}/stories/move", block, story_id=ids[1], to="up") == 303
    staff.get(block)
    assert re.findall(r"pick__title[^>]*><bdi>([^<]*)", staff.page) == ["Three hens", "A kite", "Elsewhere"]
    assert staff.send(f"{block}/stories/unchoose", block, story_id=ids[0]) == 303
    assert staff.send(f"{block}/stories/choose", block, story_id=ids[1]) == 303
    staff.get(block)
    assert "This story is in the campaign already." in staff.words
    for unknown in ("A" * 22, "%00", ""):
        assert staff.send(f"{block}/stories/choose", block, story_id=unknown) == 404
    rule = {"fill": "rule", "country": "LV", "limit": "5", "heading-en": "From afar"}
    assert staff.send(block, **rule) == 303
    staff.get(block)
    assert re.findall(r"pick__title[^>]*><bdi>([^<]*)", staff.page) == ["Elsewhere"]
    assert staff.send(f"{block}/stories/unchoose", block, story_id=ids[1]) == 303
    staff.get(block)
    assert "This block is filled by a rule." in staff.words


def test_a_story_that_was_closed_says_nothing_more_to_a_curator(app: Flask) -> None:
    staff = curator(app)
    builder = staff.make()
    story_id = said_yes(app, pictures=1)
    block = staff.add(builder, "stories")
    assert staff.send(f"{block}/stories/choose", block, story_id=story_id) == 303
    staff.get(f"{builder}/preview")
    files = previewed(staff.page)
    assert len(files) == 3
    say(app, story_id, **{f"campaign:{saved(app).id}": "no"})
    for address in (block, builder, f"{builder}/preview"):
        assert staff.get(address).status_code == 200
        assert (TITLE in staff.page, "said no" in staff.words) == (False, False)
    staff.get(block)
    assert "A story that cannot be shown here now" in staff.words
    for file in (*files, f"{builder}/files/{story_id}/made-up.webp", f"{builder}/files/%00/x"):
        assert staff.get(file).status_code == 404
