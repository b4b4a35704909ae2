"""Every letter the product writes: plain values in, a subject and a body out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import LazyString, force_locale, gettext, lazy_gettext as _

from app.adapters.mailer import Letter

ToGuardian = Callable[[str, str, str, str, str], Letter]
"""A letter that brings a guardian a private link: from its id, the address, the language, the child's invented name
(or nothing) and the link."""


@dataclass(frozen=True)
class WithLink:
    """A letter that brings a guardian a private link, which stands after what it `asks`. `%(who)s` is the child."""

    subject: LazyString
    tells: LazyString
    asks: LazyString
    ends: tuple[LazyString, ...] = ()

    def __call__(self, letter_id: str, to: str, locale: str, name: str, url: str, reason: str = "") -> Letter:
        """The letter; a `reason` in somebody's own words stands before what it asks."""
        with force_locale(locale):
            tells = str(self.tells) % {"who": name or gettext("a child")}
            paragraphs = [gettext("Hello,"), tells, *([reason] if reason else []), self.asks, url, *self.ends]
            body = "\n\n".join(map(str, [*paragraphs, gettext("The people of Eyes on Me")]))
            return Letter(letter_id, to, str(self.subject), body)


guardian_link = WithLink(
    _("A child asks you to read a story"),
    _("%(who)s told a story on Eyes on Me and named you as a parent or carer. Nobody can see it until you answer."),
    _("Please read it and decide, for each place, whether it may be shown there:"),
    (
        _(
            "You can say no to everything. Nothing bad follows, and you can change your mind at any time "
            "with the same link. Keep the link to yourself: whoever has it can answer in your name."
        ),
        _("If you do not know what this is about, do nothing. Nothing will be shown."),
    ),
)
"""Asks a guardian to read a child's story and answer."""

guardian_confirm = WithLink(
    _("Please confirm your yes"),
    _("You said yes to a story by %(who)s. To be sure that it was you, we ask you once more."),
    _("Please open this new link and confirm, or change your answers:"),
    (_("If you do nothing, the story is not shown."),),
)
"""Asks a guardian to say a yes once more, by the fresh link."""

guardian_runs_out = WithLink(
    _("Your yes to a child's story runs out"),
    _("A while ago you said yes to a story by %(who)s. Your yes will soon run out."),
    _("With this link you can give it again, change it or take it back:"),
    (_("If you do nothing, the story is no longer shown from that day on."),),
)
"""Reminds a guardian that a yes runs out."""

guardian_new_version = WithLink(
    _("A child's story has changed"),
    _("The story by %(who)s has changed since you answered. Your yes counts only for what you have seen."),
    _("Please look at the new version and answer again:"),
    (_("Until then the new version is not shown."),),
)
"""Asks a guardian again, because the story was changed."""

guardian_new_text = WithLink(
    _("We have written our questions anew"),
    _(
        "You said yes to a story by %(who)s. Since then we have changed what we ask so much that your "
        "earlier answers no longer count."
    ),
    _("Please read the new questions and answer again:"),
    (_("Until then the story is not shown."),),
)
"""Asks a guardian again, because our questions were changed."""

guardian_own_age = WithLink(
    _("Your child is old enough to decide"),
    _(
        "%(who)s has reached the age at which the law lets young people decide about their story themselves. We ask "
        "them everything anew. Until they have answered, what you said still counts."
    ),
    _("We still ask you about their voice, their face and the press until they are of age. Your answers are here:"),
)
"""Tells a guardian that the young person decides where nobody could recognise them, once they have answered anew."""

guardian_majority = WithLink(
    _("Your child is of age"),
    _(
        "%(who)s is of age. We ask them everything anew, and once they have answered only they decide about their "
        "story. Until then what you said still counts."
    ),
    _("Thank you for having decided with them. What you answered is still here:"),
)
"""Tells a guardian that the young person is of age, and decides alone once they have answered anew."""

guardian_written_down = WithLink(
    _("Your answers are written down"),
    _("A person from our team has written down what you answered about a story by %(who)s."),
    _("With this link you can read your answers, change them or take them back:"),
    (_("Keep the link to yourself: whoever has it can answer in your name."),),
)
"""Tells a guardian who answered on paper, by voice or in a call what was written down."""

guardian_erasing = WithLink(
    _("A child's story is going to be erased"),
    _("You asked us to erase a story by %(who)s. Nobody can see it any more, and in seven days it is gone for ever."),
    _("Was it not you, or did you change your mind? Until then you can stop it with this link:"),
)
"""Tells a guardian what was asked in their name: whoever has a link can."""

guardian_asked_again = WithLink(
    _("We could not read your answers"),
    _(
        "Thank you for your answers about a story by %(who)s. We could not use them yet, and are sorry to ask "
        "you once more:"
    ),
    _("You can answer with this link, or once more together with the person who helped you:"),
    (_("Until then the story is not shown."),),
)
"""Asks a guardian again, because a form could not be read or a recording not be understood."""


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


@dataclass(frozen=True)
class TakeDown:
    """What a site is asked to take away: a story wherever it stands, or, when not `altogether`, out of campaigns."""

    site: str
    """The name of its host: one person may receive the letters of several."""
    story: str
    campaigns: Sequence[str]
    altogether: bool

    @property
    def addresses(self) -> list[str]:
        """Where the story may not be shown any more, as far as the site may have framed it."""
        return [self.story, *self.campaigns] if self.altogether else [*self.campaigns]


def take_down(letter_id: str, to: str, locale: str, asked: TakeDown, url: str, *, again: bool) -> Letter:
    """Tells a site that a story was taken back; `again` when it was told before and has not answered.

    Without a `url` to answer at, its webhook has said already that it is done.
    """
    with force_locale(locale):
        subject, asks = (_altogether if asked.altogether else _out_of_campaigns)(asked)
        answer = [gettext("When you have done so, please tell us here, with one button:"), url]
        if not url:
            answer = [gettext("Your website has told us that it is done. Please see to what people keep besides, too.")]
        body = "\n\n".join(
            [
                gettext("Hello,"),
                *([gettext("We wrote to you about this before and have not heard from you.")] if again else []),
                *asks,
                "\n".join(asked.addresses),
                *answer,
                gettext("A page that embeds a whole campaign can stay: it shows itself anew without the story."),
                gettext("The people of Eyes on Me"),
            ]
        )
    return Letter(id=letter_id, to=to, subject=subject, body=body)


def _altogether(asked: TakeDown) -> tuple[str, list[str]]:
    return gettext("A story was taken back: please take it off %(site)s", site=asked.site), [
        gettext(
            "A story of Eyes on Me that %(site)s could show may not be shown there any more. Please take it off your "
            "pages, and out of every copy and cache you keep, whether it stood by itself, in a campaign or among "
            "other stories:",
            site=asked.site,
        )
    ]


def _out_of_campaigns(asked: TakeDown) -> tuple[str, list[str]]:
    return gettext("A story was taken back from a campaign that %(site)s could show", site=asked.site), [
        gettext(
            "A story of Eyes on Me that %(site)s could show as part of a campaign may not be shown there any more. "
            "By itself you may go on showing it. This is the story:",
            site=asked.site,
        ),
        asked.story,
        gettext("Please take it out of every copy and cache you keep of this campaign:"),
    ]
