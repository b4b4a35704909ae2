"""Paper that a parent sends back: a form, filled in by hand."""

from app.cli.demo_material.drawings import lines
from app.cli.demo_material.drawings.letters import write
from app.cli.demo_material.drawings.page import Page
from app.cli.demo_material.drawings.tools import BLACK, BLUE, FINE_FELT, GREY, PENCIL

TICKED = (0, 0, 1, 0, 2, 0, 1, 0, 0, 1)
"""Which box of each question is ticked: yes, no, not sure."""


def consent_form(page: Page) -> None:
    """Questions with three boxes each, ticks, a signature that is nobody's, and that all of it is made up."""
    write(page, "A MADE UP FORM", 50, 50, 36, BLACK, FINE_FELT)
    for corner in ((560, 45), (622, 45), (560, 107)):
        page.stroke(lines.box(*corner, 40, 40), BLACK, tool=FINE_FELT)
        page.stroke(lines.box(corner[0] + 14, corner[1] + 14, 12, 12), BLACK, tool=FINE_FELT, width=2)
    for row, ticked in enumerate(TICKED):
        _question(page, 200 + row * 62, ticked)
    for y in (850, 920):
        page.stroke(lines.line([(50, y), (640, y)]), GREY, tool=PENCIL)
    name = "70,0 84,-34 98,0 112,-20 126,0 146,-14 160,0 190,-30 200,4 230,-10 262,0 310,-18 330,-2"
    page.stroke(lines.curve(lines.points(name, 0, 846)), BLUE, tool=FINE_FELT)
    page.stroke(lines.curve(lines.points(name, 40, 914)), BLUE, tool=FINE_FELT)


def _question(page: Page, y: float, ticked: int) -> None:
    for line, end in ((0, 430), (16, 300)):
        page.stroke(lines.line([(50, y + line), (end, y + line)]), GREY, tool=PENCIL, width=1.6)
    for box in range(3):
        x = 490 + box * 62
        page.stroke(lines.box(x, y - 8, 30, 30), BLACK, tool=PENCIL)
        if box == ticked:
            page.stroke(
                lines.line([(x - 2, y + 4), (x + 12, y + 22), (x + 40, y - 18)]), BLUE, tool=FINE_FELT, width=1.3
            )
