"""What the team wrote beside my story, in plain words; and taking each of it away."""

from dataclasses import dataclass

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, lazy_gettext as _

from app.stories.models import Story
from app.stories.rules import Standing
from app.stories.wordings import Written, refuse_words, written_beside
from app.web.child_words import BESIDE, BESIDE_STANDS
from app.web.forms import one_line, only_fields
from app.web.guard import Audience, open_to
from app.web.my_story import bp
from app.web.my_story.mine import my_story
from app.web.templating import LANGUAGES
from app.web.transaction import writes


@dataclass(frozen=True)
class Told:
    """One thing that somebody wrote, as the child reads it."""

    written: Written
    what: LazyString
    stands: LazyString
    tag: str

    @property
    def can_be_refused(self) -> bool:
        """Whether the child has not said no to it yet."""
        return self.written.standing is not Standing.REFUSED


def told_beside(story: Story) -> list[Told]:
    """Everything that was written beside the newest version, and was not sent back."""
    return [
        Told(each, BESIDE[each.kind], BESIDE_STANDS[each.standing], LANGUAGES[each.locale][0])
        for each in written_beside(story)
        if each.version == story.current and each.standing is not Standing.RETURNED
    ]


@bp.post("/my-story/words/no")
@open_to(Audience.CHILD)
@writes
def refuse_beside() -> ResponseReturnValue:
    """The child does not want these words: from the commit on they are printed nowhere."""
    only_fields("wording")
    refuse_words(my_story(lock=True), one_line("wording"))
    flash(_("We took it away. Nobody reads it any more."), "good")
    return redirect(url_for("my_story.home", _anchor="beside"))
