"""A sheet of paper that takes strokes.

Things in front are drawn first and *kept*: what is drawn later goes round them and leaves a thin white halo,
which is how children colour a background. Colour reaches the paper through its grain, so wax looks like wax.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.cli.demo_material.drawings.lines import Path, hatch, unsteady
from app.cli.demo_material.drawings.paper import blotches, grain
from app.cli.demo_material.drawings.tools import Colour, Hand, Tool

SCALE = 1.5
"""Pixels for one page unit."""

Box = tuple[int, int, int, int]


class Page:
    """A sheet with a hand above it. Coordinates are page units; `wide` and `high` say how many there are."""

    def __init__(self, sheet: Image.Image, hand: Hand, rng: np.random.Generator) -> None:
        self.hand = hand
        self.rng = rng
        self.wide, self.high = sheet.width / SCALE, sheet.height / SCALE
        self._pixels = np.ascontiguousarray(np.asarray(sheet, dtype=np.float32).transpose(2, 0, 1)) / 255
        self._kept = Image.new("L", sheet.size)
        self._grain = grain(sheet.size, rng)
        self._pressure = blotches(sheet.size, 60, rng)

    def image(self) -> Image.Image:
        """What the page looks like now."""
        planes = (np.clip(plane * np.float32(255), 0, 255).astype(np.uint8) for plane in self._pixels)
        return Image.merge("RGB", [Image.fromarray(plane) for plane in planes])

    def stroke(
        self,
        path: Path,
        colour: Colour,
        *,
        width: float = 1.0,
        tool: Tool | None = None,
        over: bool = True,
        keep: bool = False,
    ) -> None:
        """Draw along a path; `width` in widths of the tool. `over=False` stays behind what was kept."""
        tool = tool or self.hand.outline
        wide = max(2, round(tool.width * width * SCALE))
        points = self._trembled(path, 1.0) * SCALE
        around = self._around(points, wide)
        if around is None:
            return
        mask = Image.new("L", (around[2] - around[0], around[3] - around[1]))
        draw = ImageDraw.Draw(mask)
        local = [(x - around[0], y - around[1]) for x, y in points]
        draw.line(local, fill=242, width=wide, joint="curve")
        for x, y in (local[0], local[-1]):
            draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=225)
        self._lay(mask, around, colour, tool, over=over)
        if keep:
            self._keep(points, wide, closed=False)

    def fill(
        self,
        outline: Path,
        colour: Colour,
        *,
        angle: float | None = None,
        dense: float = 1.0,
        tool: Tool | None = None,
        over: bool = False,
    ) -> None:
        """Colour an area in with back-and-forth lines, round whatever was kept."""
        tool = tool or self.hand.filling
        if tool.wash:
            self._wash(outline, colour, tool, over=over)
            return
        angle = self.rng.normal(-0.8, 0.25) if angle is None else angle
        self._scribble(outline, colour, tool, angle, dense, over=over)
        if tool.tooth > 0.5 and np.ptp(outline, axis=0).min() > tool.width * 5:
            self._scribble(outline, colour, tool, angle + self.rng.normal(0.35, 0.2), dense * 0.62, over=over)

    def _scribble(self, outline: Path, colour: Colour, tool: Tool, angle: float, dense: float, *, over: bool) -> None:
        """One layer of filling lines."""
        wide = max(2, round(tool.width * SCALE))
        rows = hatch(outline, angle, tool.width * self.hand.gap / dense, self.rng)
        around = self._around(outline * SCALE, wide + int(self.hand.spill * SCALE))
        if around is None or not rows:
            return
        mask = Image.new("L", (around[2] - around[0], around[3] - around[1]))
        draw = ImageDraw.Draw(mask)
        last: tuple[float, float] | None = None
        for row in rows:
            spill = self.rng.normal(-tool.width * 0.3, self.hand.spill * 0.6, 2)
            along = (row[2] - row[0]) / (np.hypot(*(row[2] - row[0])) + 1e-6)
            drawn = np.stack([row[0] - along * spill[0], row[1], row[2] + along * spill[1]]) * SCALE
            local = [(x - around[0], y - around[1]) for x, y in drawn]
            if last and np.hypot(last[0] - local[0][0], last[1] - local[0][1]) < wide * 2.6:
                local.insert(0, last)
            draw.line(local, fill=int(self.rng.uniform(*tool.push)), width=wide, joint="curve")
            last = local[-1]
        self._lay(mask, around, colour, tool, over=over)

    def _wash(self, outline: Path, colour: Colour, tool: Tool, *, over: bool) -> None:
        """A wet brush: a pool of colour, uneven inside and darker where it dried at the edge."""
        points = (outline + self.rng.normal(0, 1.2, 2)) * SCALE
        around = self._around(points, 12)
        if around is None:
            return
        mask = Image.new("L", (around[2] - around[0], around[3] - around[1]))
        ImageDraw.Draw(mask).polygon([(x - around[0], y - around[1]) for x, y in points], fill=235)
        inner = mask.filter(ImageFilter.BoxBlur(9))
        edge = ImageChops.subtract(mask, inner)
        pooled = ImageChops.add(
            mask.point(lambda value: int(value * 0.68)), edge.point(lambda value: int(value * 0.62))
        )
        self._lay(pooled, around, colour, tool, over=over)

    def shape(
        self,
        outline: Path,
        filling: Colour | None,
        *,
        ink: Colour | None = None,
        angle: float | None = None,
        dense: float = 1.0,
        width: float = 1.0,
        keep: bool = True,
    ) -> None:
        """An outlined, coloured thing behind what was kept; then it is kept itself."""
        outline = self._trembled(outline, 0.8)
        if filling is not None:
            self.fill(outline, filling, angle=angle, dense=dense)
        self.stroke(outline, ink or self.ink(filling), width=width, over=False)
        if keep:
            self._keep(outline * SCALE, 4, closed=True)

    def patch(self, outline: Path, colour: Colour, *, dense: float = 1.2, angle: float | None = None) -> None:
        """A coloured thing without an outline, kept."""
        self.fill(outline, colour, angle=angle, dense=dense)
        self._keep(outline * SCALE, 2, closed=True)

    def ink(self, filling: Colour | None) -> Colour:
        """The colour this hand outlines with: its own pen, or a darker shade of the filling."""
        if filling is None or not self.hand.coloured_outlines:
            return self.hand.ink
        red, green, blue = (int(part * 0.62) for part in filling)
        return red, green, blue

    def _trembled(self, path: Path, share: float) -> Path:
        """The path in this hand; small things are drawn with more care than large ones."""
        extent = float(np.ptp(path, axis=0).max())
        return unsteady(path, min(self.hand.wobble, 0.3 + extent * 0.03) * share, self.rng)

    def _keep(self, points: Path, wide: int, *, closed: bool) -> None:
        draw = ImageDraw.Draw(self._kept)
        corners = [(float(x), float(y)) for x, y in points]
        if closed:
            draw.polygon(corners, fill=255)
        draw.line(corners, fill=255, width=wide, joint="curve")

    def _around(self, points: Path, margin: int) -> Box | None:
        """The pixels that a drawing along `points` can touch, or none when all of it is off the page."""
        height, width = self._pixels.shape[1:]
        low, high = points.min(axis=0) - margin - 3, points.max(axis=0) + margin + 3
        left, top = max(0, int(low[0])), max(0, int(low[1]))
        right, bottom = min(width, int(high[0])), min(height, int(high[1]))
        return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None

    def _lay(self, mask: Image.Image, around: Box, colour: Colour, tool: Tool, *, over: bool) -> None:
        left, top, right, bottom = around
        here = (slice(top, bottom), slice(left, right))
        soft = mask.filter(ImageFilter.BoxBlur(tool.width * SCALE * tool.soft * 1.2))
        press = np.asarray(soft, dtype=np.float32) * np.float32(1 / 255)
        press *= 1 - tool.uneven / 2 + tool.uneven * self._pressure[here]
        if not over:
            kept = self._kept.crop(around)
            press *= 1 - np.asarray(kept, dtype=np.float32) * np.float32(1 / 255)
        wax = _through_grain(press, self._grain[here], tool)
        shade = self.rng.normal(0, 0.012)
        for plane, part in zip(self._pixels, colour, strict=True):
            pigment = part / 255 + shade
            below = plane[here]
            below *= 1 - wax * np.float32(1 - pigment * (1 - tool.cover))
            below += wax * np.float32(tool.cover * pigment)


def _through_grain(press: NDArray[np.float32], pores: NDArray[np.float32], tool: Tool) -> NDArray[np.float32]:
    """How much colour stays: light pressure only reaches the high points of the paper."""
    if tool.wash:
        pool: NDArray[np.float32] = press * (1 - pores * np.float32(0.3)) * np.float32(tool.strength)
        return pool
    reach = press * np.float32(1 + 0.55 * tool.tooth) - pores * np.float32(tool.tooth)
    reach *= np.float32(2.1 + 0.4 * tool.tooth)
    wax = np.clip(reach, 0, 1) * np.float32(tool.strength)
    stays: NDArray[np.float32] = np.minimum(wax, press * np.float32(1.6))
    return stays
