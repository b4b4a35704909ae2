"""Story cards, age bands, the months of growing up, and the words for where a child lives: plain rules about people."""

import re
import secrets
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Self

from app.errors import Invalid

CARD_DIGITS = 16
PICTURES = ("sun", "fish", "house", "tree", "boat", "bird", "star", "flower", "bicycle", "moon")
NAME_MAX = 40
REGION_MAX = 60
GUARDIAN_NAME_MAX = 80
ACT_NOTE_MAX = 400
ASKED_BY_LINK_MAX = 6
"""Up to how many, wrong addresses among them, others can be named by link: whoever has one could write to strangers."""
MAJORITY = 18
"""Years; the same in every country that a child can name."""
EMAIL_MAX = 254
GUARDIAN = "guardian:"
"""How the audit log's name of a guardian begins; their id follows."""

_ATOM, _LABEL = r"[\w!#$%&'*+/=?^`{|}~-]+", r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}", re.ASCII)
"""A dot-atom and a name of the internet's (RFC 5322, 3.4.1; RFC 5321, 4.1.2): one address, and no group or route."""
_LINKED = re.compile(r"://|@|\bwww\.|\w\.[^\W\d_]{2,}(?!\w|\.\w)|\b\d+(\.\d+){3}\b", re.IGNORECASE)


class AgeBand(StrEnum):
    """The only age we ask for."""

    SIX_TO_NINE = "6-9"
    TEN_TO_TWELVE = "10-12"
    THIRTEEN_TO_FIFTEEN = "13-15"
    SIXTEEN_SEVENTEEN = "16-17"

    @property
    def youngest(self) -> int:
        """Years of the youngest children in it."""
        return int(self.partition("-")[0])

    @property
    def oldest(self) -> int:
        """Years of the oldest."""
        return int(self.partition("-")[2])


class Locale(StrEnum):
    """The languages of every screen, letter and consent text."""

    EN = "en"
    ZH = "zh"
    RO = "ro"
    IT = "it"


class Helper(StrEnum):
    """Who sat beside the child."""

    NOBODY = "nobody"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    TEACHER = "teacher"
    FRIEND = "friend"
    OTHER = "other"


class Help(StrEnum):
    """What the helper did: supporting somebody to speak is not speaking for them."""

    NONE = "none"
    READ_ALOUD = "read_aloud"
    TYPED_MY_WORDS = "typed_my_words"
    TECHNICAL = "technical"
    GAVE_IDEAS = "gave_ideas"
    TOLD_FOR_ME = "told_for_me"


@dataclass(frozen=True, slots=True)
class Since:
    """When something of growing up comes: a moment, and an entry of the audit log, because a clock may be wrong."""

    begins: datetime
    seq: int

    def covers(self, at: datetime, said_seq: int) -> bool:
        """Whether something was said after it."""
        return at >= self.begins and said_seq >= self.seq

    def asks_again(self, at: datetime, said_seq: int, now: datetime) -> bool:
        """Whether it has come, and something was said before it."""
        return self.begins <= now and not self.covers(at, said_seq)


class Asking(NamedTuple):
    """That a child who grows up is asked everything anew: on which day, and from when they can have answered."""

    day: date
    begins: datetime
    came_seq: int | None = None
    """After which entry of the audit log it was seen to have come, by a sure clock."""

    @classmethod
    def read(cls, kept: Sequence[str | int | None]) -> Self:
        """One out of the values that `written` made."""
        day, begins, came_seq = kept
        seq = None if came_seq is None else int(came_seq)
        return cls(date.fromisoformat(str(day)), datetime.fromisoformat(str(begins)), seq)

    @property
    def written(self) -> list[str | int | None]:
        """As JSON keeps it."""
        return [self.day.isoformat(), self.begins.isoformat(), self.came_seq]

    @property
    def since(self) -> Since:
        """What an answer must be later than."""
        return Since(self.begins, self.came_seq or 0)


class Relation(StrEnum):
    """What a guardian is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    COURT_CARER = "court_carer"
    INSTITUTION = "institution"


class Basis(StrEnum):
    """By what a party may decide (rights §1). The young person's own right needs no act: it is their age."""

    PARENT = "parent"
    COURT_ACT = "court_act"
    INSTITUTION = "institution"
    YOUNG_PERSON = "young_person"


BASIS_OF_RELATION = {
    Relation.MOTHER: Basis.PARENT,
    Relation.FATHER: Basis.PARENT,
    Relation.COURT_CARER: Basis.COURT_ACT,
    Relation.INSTITUTION: Basis.INSTITUTION,
}

REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Signs that are not taken for one another when somebody reads them aloud or writes them by hand."""
REFERENCE_LENGTH = 8

COUNTRIES = ("RO", "MD", "LV", "CN", "IT", "DE", "GB", "FR", "BE")


@dataclass(frozen=True)
class CardNumber:
    """A story card's secret: 16 random digits (53 bits) and a check digit that is also a picture."""

    digits: str

    @property
    def check(self) -> int:
        """The check digit, 0 to 9, by the Luhn algorithm (ISO/IEC 7812-1, annex B)."""
        return luhn(self.digits)

    @property
    def picture(self) -> str:
        """The name of the picture that stands for the check digit."""
        return PICTURES[self.check]

    @property
    def groups(self) -> list[str]:
        """The digits in groups of four, as they are printed."""
        return [self.digits[start : start + 4] for start in range(0, CARD_DIGITS, 4)]


def luhn(digits: str) -> int:
    """The check digit that makes `digits` followed by it divisible by ten in the Luhn sum."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def new_card() -> CardNumber:
    """A fresh random card."""
    return CardNumber("".join(secrets.choice("0123456789") for _ in range(CARD_DIGITS)))


def new_reference() -> str:
    """A fresh storyteller's reference, in two groups: it names, and opens nothing."""
    signs = "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(REFERENCE_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def read_reference(typed: str) -> str:
    """A reference as it was typed or read from paper, in its own form. Raises `Invalid("reference_typo")`."""
    signs = "".join(sign for sign in typed.upper() if sign in REFERENCE_SIGNS)
    if len(signs) != REFERENCE_LENGTH:
        raise Invalid("reference_typo", "reference")
    return f"{signs[:4]}-{signs[4:]}"


def card_digits(typed: str) -> str:
    """The digits of what somebody typed, in any script's numerals, as 0 to 9."""
    return "".join(str(int(sign)) for sign in typed if sign.isdecimal())


def read_card(typed: str, picture: int | None = None) -> CardNumber:
    """The card somebody typed: 16 digits and a picture, or 17 digits as the QR code holds them.

    Raises `Invalid("card_typo")` when digits are missing or the check does not fit; nothing is looked up.
    """
    digits = card_digits(typed)
    if len(digits) == CARD_DIGITS + 1 and picture is None:
        digits, picture = digits[:-1], int(digits[-1])
    if len(digits) != CARD_DIGITS or picture != luhn(digits):
        raise Invalid("card_typo", "card")
    return CardNumber(digits)


def first_of_next_month(day: date) -> date:
    """The first day of the month after the one of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def fits_band(band: AgeBand, told_on: date, majority: date) -> bool:
    """Whether a child who was in this band when they told so can come of age in the month of `majority`.

    A month's doubt is in the child's favour: neither the day of the birthday nor that of the telling is known.
    """
    months = 12 * MAJORITY - 12 * (majority.year - told_on.year) - (majority.month - told_on.month)
    return band.youngest <= (months + 1) // 12 and (months - 1) // 12 <= band.oldest


def months_later(day: date, months: int) -> date:
    """The same day so many months after; in a month that is too short for it, the last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def years_earlier(day: date, years: int) -> date:
    """The same day `years` before; for a 29 February that the year does not have, 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def is_address_like(name: str) -> bool:
    """Whether a mail program would make a link of a name: it stands in letters to people who never asked for them."""
    return _LINKED.search(name) is not None


def is_email(typed: str) -> bool:
    """Whether a letter could reach this address."""
    return len(typed) <= EMAIL_MAX and _EMAIL.fullmatch(typed) is not None
