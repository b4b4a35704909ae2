"""`make bench`: measure, and write docs/benchmarks.md."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import consent, gallery, lighthouse, media, search, submission, takedown, webp

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PARTS = {
    "Pictures and recordings": media.rows,
    "WebP at several qualities, and AVIF": webp.rows,
    "The gallery": gallery.rows,
    "Pages on a slow telephone": lighthouse.rows,
    "Finding": search.rows,
    "Taking back": takedown.rows,
    "Handing in": submission.rows,
    "Consent": consent.rows,
}
HEAD = """# What was measured

`make bench` measures and writes this page; this is from {day}. Ratios count, not seconds: the rivals take turns within
one run on one machine of two cores, and each ratio is the median of the ratios of each turn. A figure that misses its
target stands here as it is.
"""


def main() -> None:
    """Measure everything and write the page; each part is printed as it is done, since the whole takes half an hour."""
    page = HEAD.format(day=datetime.now(UTC).date().isoformat())
    for title, rows in PARTS.items():
        part = f"\n## {title}\n\n{media.table(rows())}\n"
        sys.stdout.write(part)
        sys.stdout.flush()
        page += part
    DOCUMENT.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
