"""The words for what the code calls by short names: errors, states, reasons, places, themes, marks.

Where the child and the staff need different words for the same thing there are two tables.
"""

from flask_babel import LazyString, lazy_gettext as _

from app.web.staff_words import ERRORS as STAFF_ERRORS

ERRORS: dict[str, LazyString] = {
    "invalid": _("Something in this form cannot be used. Please look at it again."),
    "not_allowed": _("You may not do this."),
    "not_found": _("We cannot find this."),
    "gone": _("This was here, and was taken back. That is how it should be."),
    "erased": _("This story was erased."),
    "conflict": _("Somebody was faster. Please load the page again and look at what has changed."),
    "unavailable": _("Something here is not working right now. Nothing is lost. Please try again in a minute."),
    "stale_form": _(
        "This page was open for a long time, so we could not take what you sent. Please go back and load it again."
    ),
    "stale_telling": _("You were away for a long time, so what you had begun was closed here."),
    "foreign_cursor": _("This place in the list was not given out by this list. Please begin at its head."),
    "client_id": _("This page was not opened in the usual way. Please begin again."),
    "nothing_told": _("Your story is still empty. Add a drawing, some words or a recording."),
    "nothing_left": _("Something must be left of the story: words, a picture or a recording."),
    "title_too_long": _("The title is too long. Please use at most 80 letters."),
    "text_too_long": _("Your text is too long. Please use at most 20,000 letters."),
    "too_many_files": _("You can add six files. Take one away to add another."),
    "message_length": _("Please write something, at most 4,000 letters."),
    "note_length": _("Please write a note, at most 4,000 letters."),
    "card_typo": _("These numbers and the picture do not fit together. Please look at your card again."),
    "card_unknown": _("We cannot open a story with this card. Please look at the numbers and the picture again."),
    "card_second_person": _(
        "You have said so already. Now somebody else must: call a colleague or a safeguarding lead, and tell them the "
        "six numbers and the reference."
    ),
    "card_code": _("These six numbers and this reference do not belong together, or the numbers have run out."),
    "card_waits": _("Your helper has not typed your six numbers yet."),
    "name_like_address": _(
        "This looks like an address. Please make up a name without one, or put a space after each dot."
    ),
    "name_too_long": _("This name is too long. Please use at most 40 letters."),
    "region_too_long": _("This is too long. Please use at most 60 letters."),
    "older_text": _("We have written our questions anew. Please look at them and answer again."),
    "unknown_answer": _("One of the answers is not one we know. Please answer again."),
    "older_version": _("The story has changed since you opened this page. Please look at the new one."),
    "act_too_long": _("A decision cannot hold as long as this. Please look at the longest time again."),
    "not_in_this_state": _("This has already been done, or can no longer be done. Please load the page again."),
    "with_lead": _("This story is with the safeguarding lead. There is nothing that you need to do."),
    "claimed": _("Somebody else is looking at this story now."),
    "claim_lost": _("Your claim on this story has run out or was taken over. Nothing was decided."),
    "not_claimed": _("Nobody else is looking at this story."),
    "media_not_ready": _("A picture or recording is still being prepared. Please wait until you can look at it."),
    "second_person": _("Somebody else must look at this: you took it yourself."),
    "witness": _("Please write the name of the witness who is with you, at most 80 letters."),
    "witness_other": _("The witness must be somebody else than who decides and who helps with it."),
    "call_note": _("Please write a note about the call, at most 1,000 letters."),
    "ask_again_reason": _("Please say why in kind words: the guardian will read them."),
    "only_noes": _(
        "The story or the questions have changed since. What this guardian said no to counts; a yes must be asked for"
        " anew."
    ),
    "left_out": _(
        "It is from before two people agreed that this person does not decide: nothing in it counts. Please ask them"
        " again."
    ),
    "older_form": _("This form is older than the story or than our questions. Please print a new one."),
    "act_note": _("Please write who decided, when, and the number of the act, at most 400 letters."),
    "doubt_reason": _("Please say in a few words why they were named by mistake, at most 400 letters."),
    "act_from": _("Please write a day as in 2027-05-31, before the one on which the decision ends."),
    "act_not_yet": _("This decision does not hold yet. Please tell us of it from its first day on."),
    "act_until": _("Please say until when the act runs. It must be a day to come."),
    "majority_month": _("Please choose a month in the years until the child is 18, or leave it empty."),
    "majority_band": _(
        "This month does not fit the age group that the child told us. Please look at it again. If it is right, "
        "leave it empty: then we go on asking you."
    ),
    "reference_typo": _("This reference is not complete. It has eight signs, like 7KQ2-M9XA."),
    "reason_too_short": _("Please say why, in at least ten letters."),
    "line_unanswered": _("Each line of the list must be answered before a story can be approved."),
    "line_is_a_problem": _("A line names a problem, so the story cannot be approved."),
    "themes": _("Please choose one, two or three themes."),
    "level": _("Please say how urgent it is."),
    "unsent_worry": _("You wrote down a worry. Open a case with it, or empty the field, before you decide."),
    "unsent_words": _("You wrote a message without deciding. Send it, or empty the field, before you decide."),
    "logged_out": _("You were logged out. Log in in another tab, then press the button below again: nothing is lost."),
    "nothing_changed": _("This version says the same. Change words, or leave something out."),
    "unsent_version": _(
        "You changed words or files in the version that protects the child. Make that version, or put back what was"
        " there, before you decide."
    ),
    "second_decliner": _(
        "You have declined this story before, and the child did not agree. Somebody else must look at it."
    ),
    "second_approver": _("You have approved this version already. A second person must look at it."),
    "campaign_languages": _("Please choose at least one language."),
    "campaign_title": _("Please give the campaign a title in one of its languages."),
    "campaign_opens": _("Please say on which day the campaign begins."),
    "campaign_closes": _("The last day cannot be before the first one."),
    "campaign_deadline": _("The deadline cannot be before the first day."),
    "campaign_changed": _(
        "Somebody changed this campaign while your page was open. Nothing you wrote is lost: it stands below. Look at "
        "what has changed, then save again to keep yours."
    ),
    "campaign_moved": _("Somebody changed this campaign while your page was open. Please look at it, then try again."),
    "campaign_untold": _("It needs a title and a text in each of its languages."),
    "campaign_over": _("This campaign is over."),
    "campaign_past": _("Its last day is over."),
    "campaign_empty": _("Its page has no block yet."),
    "untold": _("It is announced, so it needs a title and a text in each of its languages."),
    "not_a_day": _("Please give a day as year-month-day, like 2027-03-08."),
    "not_a_link": _("Please give a whole address that begins with https://."),
    "slug": _("An address has small letters, digits and hyphens, at most 60 signs."),
    "slug_taken": _("Another campaign has this address."),
    "line_too_long": _("This is too long. Please use at most 120 letters."),
    "words_too_long": _("This is too long. Please use at most 4,000 letters."),
    "partner_line": _(
        "Please write each partner on a line of its own: the name, a space, then the address, which begins with "
        "https://. There can be 30."
    ),
    "too_many_sites": _("A campaign can have 50 sites."),
    "block_kind": _("Please choose what the new block shall be."),
    "block_twice": _("There is a block of this kind already."),
    "too_many_blocks": _("A campaign can have 40 blocks."),
    "block_has_rule": _("This block is filled by a rule. Choose by hand first, then you can change its stories."),
    "fill_limit": _("A rule can bring 1 to 48 stories."),
    "figure_half": _("A number needs a value, and words that say what it counts."),
    "figure_value": _("This is too long for a number. Please use at most 24 signs."),
    "figure_source": _("Each number needs a source, at most 120 letters."),
    "too_many_figures": _("A block can have six numbers."),
    "quote_sentence": _("Please choose one of the sentences."),
    "story_chosen": _("This story is in the campaign already."),
    "too_many_stories": _("A campaign can have 96 stories."),
    "not_an_origin": _("Please give each site as https://name.example, one on each line."),
    "too_large": _("This file is too large. A picture can have 25 MB, a recording 60 MB."),
    "too_many_pixels": _(
        "This picture is too big for us. Take it again with a smaller setting, or make a screenshot of it."
    ),
    "too_long": _("This recording is longer than 15 minutes. Please send a shorter one."),
    "not_a_picture": _("This is not a picture. Please choose a photo or a drawing."),
    "not_a_sound": _("This is not a recording. Please choose a sound file, or record it here."),
    "video": _("This is a film. Please send a picture or a sound recording instead."),
    "unsupported": _("We cannot open this kind of file. Please take a photo of it, or record it here."),
    "broken": _("This file is broken. Please take the photo again, or record again."),
    "hostile": _("We cannot use this file. Please take a new photo, or record again."),
    "empty": _("This file is empty. Please choose another one."),
    "storage_full": _("We have no room for files right now. Your words are safe. Please try again tomorrow."),
}

STATUS: dict[int, LazyString] = {
    400: _("We could not understand that."),
    403: _("This page is not for you."),
    404: _("There is nothing at this address."),
    405: _("This page cannot be used in that way."),
    409: _("Somebody was faster. Please load the page again."),
    410: _("This was here, and was taken back. That is how it should be."),
    413: _("That was too large. A picture can have 25 MB, a recording 60 MB."),
    429: _("That was a little too fast. Please wait a minute and try again."),
    500: _("Something went wrong on our side. Nothing you handed in is lost."),
    503: _("We cannot answer right now. Nothing is lost. Please try again in a minute."),
}


def sentence(code: str, status: int = 400) -> LazyString:
    """The sentence for an error's code, else for its status."""
    return ERRORS.get(code) or STAFF_ERRORS.get(code) or STATUS.get(status) or STATUS[500 if status >= 500 else 400]


STATES_FOR_CHILD: dict[str, LazyString] = {
    "draft": _("You have not sent it yet."),
    "submitted": _("It is waiting. Somebody from our team will read it soon."),
    "in_review": _("Somebody from our team is reading it now."),
    "changes_asked": _("It is being changed. Nobody can see it until you send it and we have read it."),
    "approved": _("Our team has read it and said yes."),
    "declined": _("We will not show it. Please read our message; you can tell us if you do not agree."),
    "erased": _("It is erased."),
    "hidden": _("Your story is hidden. Nobody can see it now."),
    "leaving": _("You asked us to erase it."),
    "leaving-guardian": _("Somebody who decides for you asked us to erase your story."),
    "leaving-team": _("Our team decided to erase your story."),
}

STATES: dict[str, LazyString] = {
    "draft": _("Draft"),
    "submitted": _("Waiting"),
    "in_review": _("In review"),
    "changes_asked": _("Changes asked"),
    "approved": _("Approved"),
    "declined": _("Declined"),
    "erased": _("Erased"),
}

REASONS: dict[str, LazyString] = {
    "not_submitted": _("It has not been handed in."),
    "waiting_for_review": _("A moderator has not approved it yet."),
    "changes_asked": _("The child is changing it."),
    "declined": _("It was declined."),
    "erased": _("It was erased."),
    "leaving": _("It is going to be erased."),
    "held": _("A safeguarding case is open, or somebody asked to stop showing it."),
    "evidence_waiting": _("A guardian's form or recording has not been checked yet."),
    "media_not_ready": _("Its pictures or sound are still being prepared."),
    "nothing_to_show": _("It is a recording, and the child's voice may not be heard."),
    "approvals_missing": _("A second person must approve it for this place."),
    "cooling_off": _("It is approved; the time to think again has not passed yet."),
    "final_not_accepted": _("The child has not accepted the final version yet."),
    "final_refused": _("The child said no to the final version."),
    "kept_private": _("The child keeps it private."),
    "child_silent": _("The child has not answered about this place."),
    "child_no": _("The child said no."),
    "child_unsure": _("The child is not sure, which counts as no."),
    "child_expired": _("The child's yes has run out."),
    "child_grew_up": _("The young person was asked again when they grew up, and has not answered."),
    "child_older_text": _("Our questions have changed since the child answered."),
    "no_key": _("No parent or carer with the right to decide has answered."),
    "key_gone": _("Somebody answered who holds no key now: an act has ended, or waits to be accepted."),
    "guardian_missing": _("Somebody else who may decide has not answered."),
    "guardian_silent": _("The parent or carer has not answered about this place."),
    "guardian_no": _("The parent or carer said no."),
    "guardian_unsure": _("The parent or carer is not sure, which counts as no."),
    "guardian_unconfirmed": _("The parent or carer said yes, and has not confirmed it yet."),
    "guardian_no_stands": _("The parent or carer said no, then yes, and has not confirmed it yet."),
    "guardian_expired": _("The parent's or carer's yes has run out."),
    "guardian_older_version": _("The parent or carer answered about an older version."),
    "guardian_older_text": _("Our questions have changed since the parent or carer answered."),
    "not_elsewhere": _("Archives only take what the gallery and other sites may both show."),
    "not_in_campaign": _("It was not chosen for this campaign."),
    "campaign_not_open": _("The campaign has not begun."),
    "campaign_over": _("The campaign is over."),
}

REASONS_FOR_CHILD: dict[str, LazyString] = REASONS | {
    "not_submitted": _("You have not sent it yet."),
    "waiting_for_review": _("Our team has not finished reading it."),
    "changes_asked": _("It is being changed. Send it when you are ready."),
    "declined": _("Our team decided not to show it."),
    "held": _("Our team is taking extra care of this story. You can write to us."),
    "evidence_waiting": _("Somebody from our team must first read or hear what your parent or carer said."),
    "media_not_ready": _("We are still preparing your picture or your recording."),
    "nothing_to_show": _("It is a recording, and your voice may not be heard."),
    "approvals_missing": _("A second person from our team must read it first."),
    "cooling_off": _("It will be shown soon. Until then you can think again."),
    "final_not_accepted": _("You have not looked at the final version yet."),
    "final_refused": _("You said no to the final version. Write to us if you would like it to be different."),
    "kept_private": _("You keep it private."),
    "child_silent": _("You have not answered about this place."),
    "child_no": _("You said no."),
    "child_unsure": _("You were not sure, so we do not show it."),
    "child_expired": _("Your yes was given a long time ago. You can say yes again."),
    "child_grew_up": _("You are older now. What you said before does not count any more. Please answer again."),
    "child_older_text": _("We have written our questions anew. Please answer again."),
    "no_key": _("Your parent or carer has not answered yet."),
    "key_gone": _("Your carer has answered, but may not decide for you at the moment."),
    "guardian_missing": _("Another grown-up who decides for you has not answered yet."),
    "guardian_silent": _("Your parent or carer has not answered yet."),
    "guardian_no": _("Your parent or carer said no. You can keep it private, or talk about it."),
    "guardian_unsure": _("Your parent or carer is not sure yet."),
    "guardian_unconfirmed": _("Your parent or carer said yes. They must say it once more with a new link."),
    "guardian_no_stands": _("Your parent or carer said yes. They must say it once more with a new link."),
    "guardian_expired": _("Your parent's or carer's yes was given a long time ago."),
    "guardian_older_version": _("Your parent or carer has not seen your new version yet."),
    "guardian_older_text": _("We have written our questions anew. Your parent or carer must answer again."),
    "not_elsewhere": _("Archives only keep what our gallery and other websites may both show."),
    "not_in_campaign": _("It was not chosen for this campaign."),
}

PLACES: dict[str, LazyString] = {
    "gallery": _("Our gallery"),
    "embed": _("Other websites"),
    "print": _("Exhibitions"),
    "press": _("Newspapers and television"),
    "counts": _("Statistics"),
    "research": _("Research"),
    "archive": _("Archives"),
}

THEMES: dict[str, LazyString] = {
    "migration": _("Why parents go"),
    "rights": _("Rights and belonging"),
    "education": _("School and learning"),
    "feelings": _("Feelings"),
    "family": _("Family and care"),
    "heard": _("Being heard"),
}

MEDIA: dict[str, LazyString] = {"drawing": _("Drawing"), "text": _("Text"), "sound": _("Recording")}

AGES: dict[str, LazyString] = {
    "6-9": _("6 to 9 years"),
    "10-12": _("10 to 12 years"),
    "13-15": _("13 to 15 years"),
    "16-17": _("16 or 17 years"),
}

HELPERS: dict[str, LazyString] = {
    "nobody": _("Nobody, I did it alone"),
    "parent": _("My mother or father"),
    "grandparent": _("My grandmother or grandfather"),
    "teacher": _("A teacher"),
    "friend": _("A friend, brother or sister"),
    "other": _("Somebody else"),
}

HELP: dict[str, LazyString] = {
    "none": _("Nothing, they were just there"),
    "read_aloud": _("Read the questions to me"),
    "typed_my_words": _("Wrote down my words"),
    "technical": _("Helped with the phone or computer"),
    "gave_ideas": _("Gave me ideas"),
    "told_for_me": _("Told the story for me"),
}

RELATIONS: dict[str, LazyString] = {
    "mother": _("Mother"),
    "father": _("Father"),
    "court_carer": _("Carer appointed by a court or authority"),
    "institution": _("Guardian institution"),
}

ANSWERS: dict[str, LazyString] = {"yes": _("Yes"), "no": _("No"), "unsure": _("Not sure")}

METHODS: dict[str, LazyString] = {
    "link": _("by private link"),
    "paper": _("on paper"),
    "voice": _("by voice"),
    "live": _("in a call"),
}

BASES: dict[str, LazyString] = {
    "court_act": _("A court's or an authority's decision"),
    "institution": _("A guardian institution"),
}

ASKERS: dict[str, LazyString] = {
    "guardian": _("A guardian"),
    "carer": _("Somebody who looks after the child"),
    "desk": _("Whoever helps the family at the desk"),
    "restore": _("A restore from a backup"),
}

ROLES: dict[str, LazyString] = {
    "facilitator": _("Facilitator"),
    "moderator": _("Moderator"),
    "safeguarding_lead": _("Safeguarding lead"),
    "curator": _("Curator"),
    "administrator": _("Administrator"),
}


HELPER_ROLES: dict[str, LazyString] = {
    "parent": _("a parent"),
    "grandparent": _("a grandparent"),
    "teacher": _("a teacher"),
    "friend": _("a friend or a brother or sister"),
    "other": _("somebody"),
}

HELPED: dict[str, LazyString] = {
    "none": _("Beside the child: %(who)s."),
    "read_aloud": _("Read the questions aloud: %(who)s."),
    "typed_my_words": _("Wrote down the child's words: %(who)s."),
    "technical": _("Helped with the phone or computer: %(who)s."),
    "gave_ideas": _("Gave ideas: %(who)s."),
    "told_for_me": _("Told the story for the child: %(who)s."),
}


def helped(helper: str, how: str) -> str:
    """Who supported the child, and how, for the public: supporting is not speaking for somebody."""
    if helper not in HELPER_ROLES:
        return str(_("The child made this alone."))
    return str(HELPED.get(how, HELPED["none"])) % {"who": HELPER_ROLES[helper]}
