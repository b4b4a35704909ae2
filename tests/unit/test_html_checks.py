"""The check every fetched page passes finds what it is there to find."""

import pytest

from tests.web.html_checks import complaints

POLICY = "default-src 'none'; script-src 'nonce-abc'"
PAGE = (
    '<!doctype html><html lang="en"><head><title>Title</title></head>'
    '<body><h1>Heading</h1><label for="f">Name</label><input id="f"><img src="/i.webp" alt=""><br>{}</body></html>'
)


def test_a_good_page_passes() -> None:
    assert complaints(PAGE.format('<script nonce="abc">1</script>'), POLICY) == []


@pytest.mark.parametrize(
    ("flaw", "complaint"),
    [
        ("<h1>Second</h1>", "there are 2 h1 headings, not one"),
        ('<p id="f"></p>', "the id 'f' stands 2 times"),
        ('<img src="/x.webp">', "an image has no alt: {'src': '/x.webp'}"),
        ('<input name="x">', "a field has no label: {'name': 'x'}"),
        ("<select></select>", "a field has no label: {}"),
        ('<label for="nowhere"></label>', "<label> refers to the id 'nowhere', which is not there"),
        ("<script>1</script>", "an inline <script> does not carry the nonce of its answer"),
        ('<style nonce="old"></style>', "an inline <style> does not carry the nonce of its answer"),
        ('<p style="color: red"></p>', "<p> has an inline style"),
        ('<p onclick="x()"></p>', "<p> has an inline onclick"),
        ('<script src="https://example.org/x.js"></script>', "<script> loads from https://example.org/x.js"),
        ("<p><b></p>", "</p> closes inside <b>"),
        ('<p class="a" class="b"></p>', "<p> says class twice"),
        ("<p>\u202egnp.exe</p>", "a sign that turns the direction of words is let out of <p>"),
    ],
)
def test_each_flaw_is_found(flaw: str, complaint: str) -> None:
    assert complaint in complaints(PAGE.format(flaw), POLICY)


def test_the_policy_itself_is_read() -> None:
    assert complaints(PAGE.format(""), "") == ["the answer has no Content-Security-Policy"]
    assert complaints(PAGE.format(""), "style-src 'unsafe-inline'") == [
        "a Content-Security-Policy allows unsafe-inline"
    ]


def test_a_label_around_a_field_counts() -> None:
    assert complaints(PAGE.format('<label>Age <input name="age"></label>'), POLICY) == []


def test_what_turns_direction_may_stand_where_it_stays() -> None:
    kept = '<p dir="auto">\u202ea</p><p><bdi><b>\u2067b</b></bdi></p>'
    assert complaints(PAGE.format(kept).replace("Title", "\u202eTitle"), POLICY) == []
