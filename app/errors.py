"""What can go wrong, in the product's own words. HTTP status codes are the web's business.

Each error carries a short stable `code`; the web turns it into a sentence in the visitor's language.
"""

from collections.abc import Mapping


class EyesError(Exception):
    """The root of everything the domain raises on purpose."""

    code = "error"

    def __init__(self, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(self.code)


class Invalid(EyesError):
    """What was handed in cannot be used; `field` names the form field, where there is one."""

    code = "invalid"

    def __init__(self, code: str | None = None, field: str | None = None) -> None:
        super().__init__(code)
        self.field = field


class Faulty(Invalid):
    """Several things in a form cannot be used: `faults` holds the code of a sentence for each field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        field, code = next(iter(self.faults.items()))
        super().__init__(code, field)


class LoggedOut(EyesError):
    """Whoever acts here is not logged in any more."""

    code = "logged_out"


class NotAllowed(EyesError):
    """This person may not do this to this thing."""

    code = "not_allowed"


class NotFound(EyesError):
    """There is no such thing, or this person may not know that there is."""

    code = "not_found"


class Gone(EyesError):
    """It was here and was taken back."""

    code = "gone"


class Conflict(EyesError):
    """Somebody or something else was first: the page that was acted on is out of date."""

    code = "conflict"


class Undeliverable(EyesError):
    """A letter was refused for good (a 5yz answer, RFC 5321, 4.2.1): to send it again is no use."""

    code = "undeliverable"


class Unavailable(EyesError):
    """A part of the outside (database, store, queue) does not answer; trying again later is right."""

    code = "unavailable"
