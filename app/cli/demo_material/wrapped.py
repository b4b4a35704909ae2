"""Texts of the demo as they are written in its files: wrapped, so that a line has an end."""

from app.people.rules import Locale


def unwrap(text: str, locale: Locale) -> str:
    """A wrapped text as it was told: blank lines part paragraphs, other line ends only wrap."""
    paragraphs = text.strip().split("\n\n")
    joint = "" if locale is Locale.ZH else " "
    unwrapped = (joint.join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)
    return "\n\n".join(unwrapped)
