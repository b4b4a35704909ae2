"""Every letter the product writes, one function each: plain values in, a subject and a body out."""

from collections.abc import Callable
from dataclasses import replace

from flask_babel import force_locale, gettext

from app.adapters.mailer import Letter

ToGuardian = Callable[[str, str, str, str, str], Letter]
"""A letter that brings a guardian a private link: from its id, the address, the language, the child's invented name
(or nothing) and the link."""


def guardian_link(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Asks a guardian to read a child's story and answer."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("A child asks you to read a story"), ""),
            gettext(
                "%(who)s told a story on Eyes on Me and named you as a parent or carer. "
                "Nobody can see it until you answer.",
                who=_who(name),
            ),
            gettext("Please read it and decide, for each place, whether it may be shown there:"),
            url,
            gettext(
                "You can say no to everything. Nothing bad follows, and you can change your mind at any time "
                "with the same link. Keep the link to yourself: whoever has it can answer in your name."
            ),
            gettext("If you do not know what this is about, do nothing. Nothing will be shown."),
        )


def guardian_confirm(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Asks a guardian to say a yes once more, by the fresh link."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("Please confirm your yes"), ""),
            gettext(
                "You said yes to a story by %(who)s. To be sure that it was you, we ask you once more.", who=_who(name)
            ),
            gettext("Please open this new link and confirm, or change your answers:"),
            url,
            gettext("If you do nothing, the story is not shown."),
        )


def guardian_runs_out(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Reminds a guardian that a yes runs out."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("Your yes to a child's story runs out"), ""),
            gettext("A while ago you said yes to a story by %(who)s. Your yes will soon run out.", who=_who(name)),
            gettext("With this link you can give it again, change it or take it back:"),
            url,
            gettext("If you do nothing, the story is no longer shown from that day on."),
        )


def guardian_new_version(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Asks a guardian again, because the story was changed."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("A child's story has changed"), ""),
            gettext(
                "The story by %(who)s has changed since you answered. Your yes counts only for what you have seen.",
                who=_who(name),
            ),
            gettext("Please look at the new version and answer again:"),
            url,
            gettext("Until then the new version is not shown."),
        )


def guardian_new_text(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Asks a guardian again, because our questions were changed."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("We have written our questions anew"), ""),
            gettext(
                "You said yes to a story by %(who)s. Since then we have changed what we ask so much that your "
                "earlier answers no longer count.",
                who=_who(name),
            ),
            gettext("Please read the new questions and answer again:"),
            url,
            gettext("Until then the story is not shown."),
        )


def guardian_own_age(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Tells a guardian that the young person now decides where nobody could recognise them."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("Your child is old enough to decide"), ""),
            gettext(
                "%(who)s has reached the age at which the law lets young people decide about their story themselves.",
                who=_who(name),
            ),
            gettext(
                "We still ask you about their voice, their face and the press until they are of age. "
                "Your answers are here:"
            ),
            url,
        )


def guardian_majority(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Tells a guardian that the young person is of age and decides alone."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("Your child is of age"), ""),
            gettext("%(who)s is of age. From now on only they decide about their story.", who=_who(name)),
            gettext("Thank you for having decided with them. What you answered is still here:"),
            url,
        )


def guardian_asked_again(letter_id: str, to: str, locale: str, name: str, url: str, reason: str) -> Letter:
    """Asks a guardian again, because a form could not be read or a recording not be understood."""
    with force_locale(locale):
        return _with_link(
            Letter(letter_id, to, gettext("We could not read your answers"), ""),
            gettext(
                "Thank you for your answers about a story by %(who)s. We could not use them yet, and are sorry to ask "
                "you once more:",
                who=_who(name),
            ),
            reason,
            gettext("You can answer with this link, or once more together with the person who helped you:"),
            url,
            gettext("Until then the story is not shown."),
        )


def _who(name: str) -> str:
    return name or str(gettext("a child"))


def _with_link(letter: Letter, *paragraphs: str) -> Letter:
    """The letter with a greeting, these paragraphs and our name under it."""
    body = "\n\n".join([gettext("Hello,"), *paragraphs, gettext("The people of Eyes on Me")])
    return replace(letter, body=body)


def guardian_receipt(letter_id: str, to: str, locale: str, answers: list[str], url: str) -> Letter:
    """Confirms what a guardian answered; `answers` are finished sentences."""
    with force_locale(locale):
        subject = gettext("Your answers about a child's story")
        body = "\n\n".join(
            [
                gettext("Thank you. This is what you answered:"),
                "\n".join(f"- {answer}" for answer in answers),
                gettext("You can change or take back every answer here, at any time:"),
                url,
                gettext("The people of Eyes on Me"),
            ]
        )
    return Letter(id=letter_id, to=to, subject=subject, body=body)


def take_down(letter_id: str, to: str, locale: str, addresses: list[str], url: str, *, again: bool) -> Letter:
    """Tells a site that a story was taken back; `again` when it was told before and has not answered."""
    with force_locale(locale):
        subject = gettext("A story was taken back: please take it off your site")
        body = "\n\n".join(
            [
                gettext("Hello,"),
                *([gettext("We wrote to you about this before and have not heard from you.")] if again else []),
                gettext(
                    "A story of Eyes on Me that your site could show may not be shown there any more. "
                    "Please take it off your pages, and out of every copy and cache you keep:"
                ),
                "\n".join(addresses),
                gettext("When you have done so, please tell us here, with one button:"),
                url,
                gettext("A page that embeds a whole campaign can stay: it shows itself anew without the story."),
                gettext("The people of Eyes on Me"),
            ]
        )
    return Letter(id=letter_id, to=to, subject=subject, body=body)
