"""Words that only the team's pages say."""

from flask_babel import LazyString, lazy_gettext as _

LINES: dict[str, LazyString] = {
    "real_name": _("No real name, signature or initials on the drawing"),
    "school": _("No school, teacher, uniform or logo"),
    "place": _("No place finer than the region"),
    "contact": _("No phone number, account, number plate, QR code or screen"),
    "face": _("No face, reflections included"),
    "voice": _("The voice is as the child and guardians agreed; names are not heard"),
    "metadata": _("Metadata is gone and file names are random"),
    "peers": _("Brothers, sisters and friends are safe even with changed names"),
    "jigsaw": _("A villager would not recognise this family"),
    "status": _("The parents' immigration or work status is not exposed"),
    "own_words": _("These are the child's own words; who helped, and how, is said"),
    "dignity": _("The child is shown with dignity and in a true context"),
    "harm": _("No harm is disclosed, or a case was opened first"),
    "always_anonymous": _("Nobody who must always stay anonymous can be identified"),
    "blame": _("No caption blames the parents"),
    "keys": _("The keys are complete for each place"),
    "final_seen": _("The child saw the final version"),
    "translation": _("The translation was checked by a second speaker"),
    "independent": _("I do not know this child"),
    "best_interest": _("This is in the child's best interest, before any advocacy"),
}

MARKS: dict[str, LazyString] = {
    "fine": _("Fine"),
    "not_applicable": _("Does not apply"),
    "problem": _("Problem"),
}

DECISIONS: dict[str, LazyString] = {
    "approve": _("Approved"),
    "ask_changes": _("Changes asked"),
    "decline": _("Declined"),
}

SHOWN: dict[str, LazyString] = {
    "voice-0": _("Voice: not heard"),
    "voice-1": _("Voice: made different"),
    "voice-2": _("Voice: the child's own"),
    "face-0": _("Face: not shown"),
    "face-1": _("Face: only blurred"),
    "name-0": _("Invented name: not shown"),
    "name-1": _("Invented name: shown"),
    "age-0": _("Age: not shown"),
    "age-1": _("Age: the group of ages"),
    "place-0": _("Place: not shown"),
    "place-1": _("Place: the country"),
}
"""How much of the child everybody lets be seen: an attribute and its grade."""

BLOCKS: dict[str, LazyString] = {
    "stories": _("Stories"),
    "quote": _("Quote"),
    "text": _("Text"),
    "numbers": _("Numbers"),
    "map": _("Where the voices come from"),
    "action": _("Call to action"),
    "partners": _("Partners"),
}

REACHED: dict[str, LazyString] = {
    "gallery": _("In the gallery"),
    "campaign": _("On the pages of campaigns"),
    "embed": _("On other sites"),
    "print": _("In exhibitions, openings of the slides"),
    "press": _("Press kits taken along"),
}
"""Where somebody looked."""

LEVELS: dict[str, LazyString] = {
    "red": _("Red: immediate danger"),
    "amber": _("Amber: signs of abuse or neglect"),
    "green": _("Green: sadness, loneliness"),
    "illegal_image": _("Illegal image"),
}

SEEN: dict[str, LazyString] = {
    "distress": _("The child is distressed about it"),
    "risk": _("It may put somebody at risk"),
}
"""Why whoever helps a family has its story suspended."""

BESIDE: dict[str, LazyString] = {
    "caption": _("Caption"),
    "transcript": _("Transcript"),
    "translation": _("Translation"),
    "note": _("Content note"),
}
"""Words that the team puts beside a story."""

STANDINGS: dict[str, LazyString] = {
    "waiting": _("Waits for a second person"),
    "returned": _("Sent back"),
    "checked": _("Printed"),
    "refused": _("The child said no"),
}
"""Where such words stand."""

UNTRANSLATED: dict[str, LazyString] = {
    "refused": _("Not everybody said yes"),
    "unheard": _("Nobody has answered this"),
    "unanswered": _("Not everybody has answered this"),
    "once_more": _("A yes must be said once more"),
}
"""Why a story may not be put into other languages."""

CHECKS: dict[str, LazyString] = {
    "speaks": _("I speak this language, and the words say what the child said or drew: no more, no less."),
    "hides": _(
        "They give nothing away: no real name, school or village, and nothing of what the family keeps hidden (see "
        "beside)."
    ),
    "dignity": _("They blame nobody, and speak of the child with dignity."),
}
"""What a second person answers before such words are printed."""

ERRORS: dict[str, LazyString] = {
    "words_changed": _(
        "Somebody changed these words while your page was open. What you wrote stands below. Look at theirs, then save "
        "again to keep yours."
    ),
    "suspend_why": _("Please choose why it should not be shown."),
    "words_unchecked": _("Please say yes to each line, or send the words back."),
    "own_words": _("You wrote this yourself. A colleague must check it."),
    "not_translatable": _("Not everybody has said yes to translations of this story."),
    "caption_length": _("Please say what the picture shows, in at most 300 letters."),
    "content_note_length": _("Please write one sentence, at most 200 letters."),
    "untranslated": _("This is still missing in the translation."),
    "translated_title_length": _("The title is too long. Please use at most 160 letters."),
    "translated_text_length": _("The text is too long. Please use at most 40,000 letters."),
    "no_cues": _("There is nothing to save yet: write at least one row."),
    "too_many_cues": _("A transcript can have 400 rows and 20,000 letters."),
    "cue_words": _("This row needs words, at most 500 letters."),
    "cue_clock": _("Please write both times as minutes and seconds, like 1:02.5."),
    "cue_backwards": _("This row ends before it begins."),
    "cue_too_late": _("This row ends after the recording."),
    "vtt": _("This is not WebVTT: there is no line like 00:01.000 --> 00:04.000 with words below it."),
}
"""What can be wrong with a form of the team's pages; other errors are in `words`."""
