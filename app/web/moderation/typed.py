"""What a reviewer filled in, so that it comes back with every refusal; and the letter to the child made of it."""

from dataclasses import dataclass, field, replace

from flask import request
from flask_babel import LazyString, force_locale, lazy_gettext as _

from app.errors import Conflict, Invalid
from app.moderation.rules import Line, Mark
from app.people.rules import Locale
from app.safeguarding.rules import Level
from app.stories.models import Story
from app.stories.queries import Content
from app.stories.rules import Theme
from app.web.forms import many_lines, one_line, one_of, small_number

OPENINGS: dict[str, LazyString] = {
    "thanks": _("Thank you for telling us your story. We read it with care."),
    "brave": _("It was brave of you to tell this. Your story matters to us."),
    "together": _("We want your story to be seen in a way that keeps you and your family safe."),
}
"""How a letter to a child may begin; it never begins with a refusal."""


@dataclass(frozen=True)
class Typed:
    """The form of a review, as far as it was filled in."""

    version: int = 0
    marks: dict[str, str] = field(default_factory=dict)
    themes: list[str] = field(default_factory=list)
    opening: str = ""
    message: str = ""
    reason: str = ""
    level: Level | None = None
    worry: str = ""
    words: str = ""
    """What is written to the child without deciding."""
    title: str = ""
    text: str = ""
    left_out: tuple[str, ...] = ()
    """The version that protects the child: its words, and the files it leaves out."""
    protects: bool = False
    """Whether that version stood on the page."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return not (self.marks or self.opening or self.message or self.worry or self.words or self.protects)

    @property
    def unanswered(self) -> list[str]:
        """The lines of the list that have no mark yet."""
        return [line.value for line in Line if line.value not in self.marks]

    def about_no_version(self) -> "Typed":
        """What holds of any version: the list and the version that protects the child are about the one seen."""
        return replace(self, version=0, marks={}, title="", text="", left_out=(), protects=False)

    def check_version(self, story: Story) -> None:
        """Refuse a form that stood beside an older version. Raises `Conflict`."""
        if self.version != story.current:
            raise Conflict("older_version")

    def check_unsent(self, current: Content) -> None:
        """Refuse to decide while something stands in the form that another button sends. Raises `Invalid`."""
        for name, code in (("worry", "unsent_worry"), ("words", "unsent_words")):
            if getattr(self, name).strip():
                raise Invalid(code, name)
        as_it_is = (current.title.strip(), current.text.strip(), ())
        if self.protects and (self.title.strip(), self.text.strip(), self.left_out) != as_it_is:
            raise Invalid("unsent_version", "text")

    def letter(self, locale: Locale) -> str:
        """The message to the child, begun as was chosen; empty while the reviewer wrote nothing themselves."""
        if not self.message.strip() or self.opening not in OPENINGS:
            return self.message
        return f"{in_childs_language(locale)[self.opening]}\n\n{self.message.strip()}"


def read_typed() -> Typed:
    """The form that was sent."""
    marks = {line.value: one_of(line.value, Mark) for line in Line}
    return Typed(
        version=small_number("version"),
        marks={line: mark.value for line, mark in marks.items() if mark},
        themes=[theme.value for theme in Theme if theme.value in request.form.getlist("themes")],
        opening=one_line("opening"),
        message=many_lines("message"),
        reason=one_line("reason"),
        level=one_of("level", Level),
        worry=many_lines("worry"),
        words=many_lines("words"),
        title=one_line("title"),
        text=many_lines("text"),
        left_out=tuple(request.form.getlist("left_out")),
        protects="text" in request.form,
    )


def in_childs_language(locale: Locale) -> dict[str, str]:
    """The openings as the child will read them."""
    with force_locale(locale.value):
        return {key: str(words) for key, words in OPENINGS.items()}
