"""Every letter the product writes, one function each: plain values in, a subject and a body out."""

from flask_babel import force_locale, gettext

from app.adapters.mailer import Letter


def guardian_link(letter_id: str, to: str, locale: str, name: str, url: str) -> Letter:
    """Asks a guardian to read a child's story and answer; `name` is the child's invented name, or empty."""
    with force_locale(locale):
        subject = gettext("A child asks you to read a story")
        who = name or gettext("a child")
        body = "\n\n".join(
            [
                gettext("Hello,"),
                gettext(
                    "%(who)s told a story on Eyes on Me and named you as a parent or carer. "
                    "Nobody can see it until you answer.",
                    who=who,
                ),
                gettext("Please read it and decide, for each place, whether it may be shown there:"),
                url,
                gettext(
                    "You can say no to everything. Nothing bad follows, and you can change your mind at any time "
                    "with the same link. Keep the link to yourself: whoever has it can answer in your name."
                ),
                gettext("If you do not know what this is about, do nothing. Nothing will be shown."),
                gettext("The people of Eyes on Me"),
            ]
        )
    return Letter(id=letter_id, to=to, subject=subject, body=body)


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
