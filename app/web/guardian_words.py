"""Why a story is not shown, as a guardian is told: in words that blame nobody."""

from flask_babel import LazyString, lazy_gettext as _

from app.web.words import REASONS

REASONS_FOR_GUARDIAN: dict[str, LazyString] = REASONS | {
    "not_submitted": _("The child has not handed it in."),
    "waiting_for_review": _("Our team has not finished reading it."),
    "changes_asked": _("The child is changing something."),
    "declined": _("Our team decided not to show it."),
    "erased": _("The story was taken back."),
    "leaving": _("The story was taken back."),
    "held": _("It is not shown at the moment."),
    "evidence_waiting": _("A second person has not listened to the recording, or read the form, yet."),
    "media_not_ready": _("We are still preparing its pictures or its sound."),
    "approvals_missing": _("A second person from our team reads it first."),
    "cooling_off": _("It will be shown soon. Until then everybody can think again."),
    "final_not_accepted": _("The child has not looked at the final version yet."),
    "final_refused": _("The child does not want to show the final version; then it is not shown, and that is fine."),
    "kept_private": _("The child keeps it private, and that is fine."),
    "child_no": _("The child said no about this place; then it is not shown, and that is fine."),
    "child_unsure": _("The child is not sure about this place; then it is not shown, and that is fine."),
    "child_expired": _("The child's yes has run out. We ask the child again."),
    "child_grew_up": _("The child is older now and has not answered anew yet."),
    "child_older_text": _("Our questions have changed, and the child has not answered the new ones yet."),
    "no_key": _("Nobody who has the right to decide has answered yet."),
    "key_gone": _("Whoever answered may not decide for the child at the moment."),
    "guardian_missing": _("Another parent has not been asked, or has not answered yet."),
    "guardian_silent": _("The other parent has not answered yet."),
    "guardian_no": _("Not everybody who decides said yes; then it is not shown, and that is fine."),
    "guardian_unsure": _("Not everybody who decides said yes; then it is not shown, and that is fine."),
    "guardian_unconfirmed": _("The other parent has not said it a second time yet."),
    "guardian_no_stands": _("The other parent has not said it a second time yet."),
    "guardian_expired": _("The other parent's yes has run out."),
    "guardian_older_version": _("The other parent has not seen the new version yet."),
    "guardian_older_text": _("Our questions have changed, and the other parent has not answered the new ones yet."),
}
"""For one guardian, who sees no more of what another one answered than that it is not shown, and why."""

REASONS_OF_MINE: dict[str, LazyString] = {
    "guardian_silent": _("You have not said anything about this place."),
    "guardian_no": _("You said no; then it is not shown, and that is fine."),
    "guardian_unsure": _("You are not sure; then it is not shown, and that is fine."),
    "guardian_unconfirmed": _("You said yes. Please say it once more by the fresh link."),
    "guardian_no_stands": _("You said yes. Please say it once more by the fresh link."),
    "key_gone": _("You cannot say yes for the child now: the decision by which you decide has run out, or waits."),
    "guardian_expired": _("Your yes has run out. You can say it again."),
    "guardian_older_version": _("The child has changed the story. You have not answered about the new version yet."),
    "guardian_older_text": _("Our questions have changed. You have not answered the new ones yet."),
}
"""Where it is the reader's own answer that is missing."""

DECIDES_ALONE: LazyString = _("The child is old enough to decide about this alone.")
"""Where the reader is not asked any more."""
