"""Words that break careless software, for every field and every address."""

TAG = "x-canary"
"""An element and an attribute that no page of ours has; markup with it must stay words."""

NAMES = (
    f"<{TAG} {TAG}=1 onload=alert(1)>",
    f"\"'><{TAG}>{{{{7*7}}}}",
    f"</title></textarea></script><{TAG}>",
    "${7*7}{% raw %}#{7*7}",
    "'; DROP TABLE story; --",
    "\u202egnp exe\u2066",
    "اسم \u200fשם",
    "👩\u200d👧\u200d👦🏽 Z\u0335\u0316\u0317a\u0310",
    "%s%n%00../../etc/passwd",
    "=1+1|cmd",
)
"""Each fits into the shortest field a person can fill in, and stays as it is there."""

CONTROLS = "\x00\x07\x1b[31m\r\nSet-Cookie: a=b\x85\ufffe"
"""What no field keeps, or only as white space."""

EVERYTHING = " ".join([*NAMES, CONTROLS, "x" * 300])
"""All of it at once, and too long for most fields."""
