"""What may stand in XML 1.0: a child's keyboard can type more."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(words: str) -> str:
    """`words` with a replacement character for each sign that no XML document may hold."""
    return _FORBIDDEN.sub("\ufffd", words)
