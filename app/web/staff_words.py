"""Words that only the team's pages say."""

from flask_babel import LazyString, lazy_gettext as _

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
