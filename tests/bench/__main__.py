"""`make bench`: measure, and write docs/benchmarks.md."""

from datetime import UTC, datetime
from pathlib import Path

from tests.bench import media

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"

HEAD = """# What was measured

`make bench` measures and writes this page; this is from {day}. Ratios count, not seconds: the rivals take turns within
one run on one machine of two cores, and each figure is the median of the ratios of each turn. A figure that misses its
target stands here as it is.

## Pictures and recordings

"""


def main() -> None:
    """Measure everything and write the page."""
    measured = media.table(media.rows())
    DOCUMENT.write_text(HEAD.format(day=datetime.now(UTC).date().isoformat()) + measured + "\n", encoding="utf-8")
    print(measured)


if __name__ == "__main__":
    main()
