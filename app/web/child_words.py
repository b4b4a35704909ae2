"""The words of a child's own pages, beside those that other readers share: what waits, what comes, what was changed."""

from flask_babel import LazyString, lazy_gettext as _

from app.consent.rules import Again
from app.people.rules import Relation
from app.stories.rules import Beside, Change, Standing

AGAIN: dict[Again, LazyString] = {
    Again.OWN_AGE: _("You are old enough to decide yourself now. Please answer again."),
    Again.OLDER: _("You are older now, so we ask you again. What you said before counts for 90 days only."),
    Again.NEW_TEXT: _("We have written our questions anew. Please answer again."),
    Again.RUNS_OUT: _("You said yes a long time ago. It ends soon, or has ended. You can say it again."),
}
"""Why the child is asked again."""

NEXT_FOR_CHILD: dict[str, LazyString] = {
    "draft": _("Finish it and send it, whenever you like."),
    "submitted": _("You do not have to do anything. Come back with your card to see what happened."),
    "in_review": _("You do not have to do anything. Come back with your card to see what happened."),
    "changes_asked": _("Change what you like, and what we asked about. Then send it."),
    "approved": _("It is shown wherever both you and your parent or carer said yes."),
    "approved-nowhere": _("It is shown as soon as all of you have said yes to a place. Below you see what is missing."),
    "again": _(
        "Come back with your card soon: a new link will wait here, so that your parent or carer can say yes once more."
    ),
    "waits": "",
    "approved-grown": _(
        "You decide alone where it is shown. Only about your own voice, your face and newspapers do we still ask your "
        "parent or carer, until you are 18."
    ),
    "approved-nearly_of_age": _(
        "You are 18. Until you have answered anew, your parent or carer still has a say about your own voice, your "
        "face and newspapers."
    ),
    "approved-of_age": _("You decide alone where it is shown."),
    "declined": _("Your story stays safe with us, just for you. You can also erase it."),
    "erased": "",
    "hidden": "",
    "leaving": "",
    "leaving-guardian": "",
    "leaving-team": "",
}
"""What is said about the time to come; nothing where there is nothing to say."""

CHANGES: dict[Change, LazyString] = {
    Change.TITLE: _("We changed the title."),
    Change.WORDS: _("We changed some of your words."),
    Change.PICTURE_OUT: _("We left out a picture."),
    Change.PICTURE_CHANGED: _("We changed a picture."),
    Change.SOUND_OUT: _("We left out a recording."),
    Change.SOUND_CHANGED: _("We made a voice sound different, or left out some words of a recording."),
}
"""What was changed to protect the child."""

LINK_FOR: dict[Relation | None, LazyString] = {
    Relation.MOTHER: _("A new link for your mother"),
    Relation.FATHER: _("A new link for your father"),
    Relation.COURT_CARER: _("A new link for your carer"),
    Relation.INSTITUTION: _("A new link for your carer"),
    None: _("A link for your parent or carer"),
}
"""For whom a link waits; whoever has not said what they are to the child is a parent or carer."""

LINK_OF: dict[Relation | None, LazyString] = {
    Relation.MOTHER: _("The link that your mother has"),
    Relation.FATHER: _("The link that your father has"),
    Relation.COURT_CARER: _("The link that your carer has"),
    Relation.INSTITUTION: _("The link that your carer has"),
    None: _("The link that your parent or carer has"),
}
"""Whose link it is that was answered with."""

NO_LINK_OF: dict[Relation | None, LazyString] = {
    Relation.MOTHER: _("The link of your mother does not open any more. To look again she needs a new one."),
    Relation.FATHER: _("The link of your father does not open any more. To look again he needs a new one."),
    Relation.COURT_CARER: _("The link of your carer does not open any more. To look again they need a new one."),
    Relation.INSTITUTION: _("The link of your carer does not open any more. To look again they need a new one."),
    None: _("The link of your parent or carer does not open any more. To look again they need a new one."),
}
"""Whose link it was that has run out."""

SHOWN_FOR_CHILD: dict[str, LazyString] = {
    "voice-0": _("Nobody hears your voice."),
    "voice-1": _("People hear your voice, made different."),
    "voice-2": _("People hear your own voice."),
    "face-0": _("No face is shown."),
    "face-1": _("A face is only shown blurred, so that nobody knows whose it is."),
    "name-0": _("No name is shown."),
    "name-1": _("The name you made up is shown."),
    "age-0": _("Your age is not shown."),
    "age-1": _("Your age group is shown, never your birthday."),
    "place-0": _("Where you live is not shown."),
    "place-1": _("Your country is shown, never your village."),
}
"""How much of the child is shown: an attribute and its grade."""

BESIDE: dict[Beside, LazyString] = {
    Beside.CAPTION: _("What your picture shows, for people who cannot see it"),
    Beside.TRANSCRIPT: _("What you say in your recording, written down"),
    Beside.TRANSLATION: _("Your story in another language"),
    Beside.NOTE: _("What your story is about, so that nobody is startled by it"),
}
"""Words that the team puts beside a story."""

BESIDE_STANDS: dict[Standing, LazyString] = {
    Standing.WAITING: _("A second person still has to look at it."),
    Standing.RETURNED: _("It is being written anew."),
    Standing.CHECKED: _("People can read it wherever your story is shown."),
    Standing.REFUSED: _("You said no. Nobody reads it."),
}
"""Where they stand."""
