"""A drawing as it reaches us: photographed on a table with a phone, or laid flat on a scanner."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter

from app.cli.demo_material.drawings.paper import blotches

LONG, SHORT = 1680, 1260
_TURN_RIGHT = 6
"""EXIF orientation of a phone held upright: the stored rows are columns of the picture."""

Corners = list[tuple[float, float]]


def scan(drawing: Image.Image) -> bytes:
    """The flat drawing as JPEG."""
    larger = LONG / max(drawing.size)
    return _jpeg(drawing.resize((round(drawing.width * larger), round(drawing.height * larger))), None)


def photograph(drawing: Image.Image, rng: np.random.Generator) -> bytes:
    """The drawing on a table: slightly from the side, its shadow, the lamp, the phone's noise."""
    upright = drawing.height > drawing.width
    size = (SHORT, LONG) if upright else (LONG, SHORT)
    corners = _corners(drawing.size, size, rng)
    picture = _table(size, rng)
    picture = _shadowed(picture, corners, rng)
    laid = drawing.transform(
        size, Image.Transform.PERSPECTIVE, _coefficients(corners, drawing.size), Image.Resampling.BILINEAR
    )
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    picture.paste(laid, (0, 0), mask.filter(ImageFilter.BoxBlur(1)))
    picture = _lit(picture, rng)
    if upright:
        return _jpeg(picture.transpose(Image.Transpose.ROTATE_90), _TURN_RIGHT)
    return _jpeg(picture, 1)


def _corners(drawing: tuple[int, int], size: tuple[int, int], rng: np.random.Generator) -> Corners:
    """Where the sheet's corners lie in the photograph, from the upper left one clockwise."""
    fit = min(size[0] / drawing[0], size[1] / drawing[1]) * rng.uniform(0.9, 0.96)
    half_x, half_y = drawing[0] * fit / 2, drawing[1] * fit / 2
    turn = rng.normal(0, 0.016)
    narrow = rng.uniform(0.0, 0.03)
    found: Corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        across = x * half_x * (1 - narrow * (y < 0)) + rng.normal(0, 5)
        down = y * half_y + rng.normal(0, 5)
        found.append(
            (
                size[0] / 2 + across * np.cos(turn) - down * np.sin(turn),
                size[1] / 2 + across * np.sin(turn) + down * np.cos(turn),
            )
        )
    return found


def _coefficients(corners: Corners, drawing: tuple[int, int]) -> list[float]:
    """The eight numbers with which Pillow looks up, for a pixel of the photograph, one of the drawing."""
    width, height = drawing
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    solved = np.linalg.solve(np.asarray(rows, dtype=float), np.asarray(values, dtype=float))
    return [float(value) for value in solved]


def _table(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    kind = rng.choice(["wood", "wood", "cloth", "desk", "dots"])
    small = (size[0] // 3, size[1] // 3)
    if kind == "wood":
        shades = _wood(small, rng)
    elif kind == "cloth":
        shades = _checked(small, rng)
    elif kind == "dots":
        shades = _dotted(small, rng)
    else:
        plain = np.asarray([rng.uniform(88, 150), rng.uniform(120, 150), rng.uniform(130, 160)])
        shades = np.ones((small[1], small[0], 3)) * plain
    shades = shades + rng.standard_normal((small[1], small[0], 1)) * 4
    return Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)


def _wood(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    width, height = size
    rough = rng.standard_normal((height, width // 40 + 3))
    wide = Image.fromarray((rough * 40 + 128).clip(0, 255).astype(np.uint8))
    fibres = np.asarray(wide.resize(size, Image.Resampling.BILINEAR), dtype=float) / 255 - 0.5
    rings = np.sin(np.arange(height)[:, None] * 0.11 + blotches(size, 90, rng) * 9) * 0.12
    boards = np.where((np.arange(height) % 150 < 2)[:, None], -0.5, 0.0)
    tone = np.asarray([168, 118, 74]) * rng.uniform(0.75, 1.15)
    grained: NDArray[np.float64] = tone * (1 + (fibres * 0.5 + rings + boards)[:, :, None] * 0.5)
    return grained


def _checked(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    width, height = size
    stripe = int(rng.integers(20, 34))
    across = (np.arange(width) // stripe % 2)[None, :]
    down = (np.arange(height) // stripe % 2)[:, None]
    colour = np.asarray([(196, 66, 62), (74, 116, 170), (92, 140, 92)][int(rng.integers(3))], dtype=float)
    share = ((across + down) / 2)[:, :, None]
    weave: NDArray[np.float64] = np.asarray([238.0, 234, 226]) * (1 - share) + colour * share
    return weave


def _dotted(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    cloth = Image.new("RGB", size, [(206, 222, 214), (244, 222, 190), (228, 214, 232)][int(rng.integers(3))])
    draw = ImageDraw.Draw(cloth)
    colours = [(204, 84, 84), (226, 158, 66), (96, 142, 104)]
    for row, y in enumerate(range(0, size[1], 34)):
        for x in range(17 * (row % 2), size[0], 34):
            colour = colours[int(rng.integers(3))]
            for dx, dy in ((-4, 0), (4, 0), (0, -4), (0, 4)):
                draw.ellipse((x + dx - 4, y + dy - 4, x + dx + 4, y + dy + 4), fill=colour)
            draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=(250, 230, 140))
    return np.asarray(cloth, dtype=float)


def _shadowed(picture: Image.Image, corners: Corners, rng: np.random.Generator) -> Image.Image:
    shift = (rng.uniform(6, 16), rng.uniform(8, 20))
    small = Image.new("L", (picture.width // 6, picture.height // 6), 255)
    ImageDraw.Draw(small).polygon([((x + shift[0]) / 6, (y + shift[1]) / 6) for x, y in corners], fill=96)
    soft = small.filter(ImageFilter.GaussianBlur(3)).resize(picture.size, Image.Resampling.BILINEAR)
    return Image.composite(picture, Image.new("RGB", picture.size, (24, 18, 14)), soft)


def _lit(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Light from one side, a warm or a cool lamp, a soft lens and a grainy sensor."""
    width, height = picture.size
    toward = rng.uniform(-1, 1, 2)
    x, y = np.meshgrid(np.linspace(-1, 1, 24), np.linspace(-1, 1, 24))
    light = 0.97 + 0.05 * (x * toward[0] + y * toward[1]) - 0.03 * (x**2 + y**2)
    tint = np.asarray([1.0, 0.988, 0.955] if rng.random() < 0.6 else [0.975, 0.992, 1.0])
    lamp = np.clip(light[:, :, None] * tint * 255, 0, 255).astype(np.uint8)
    wide = Image.fromarray(lamp).resize(picture.size, Image.Resampling.BILINEAR)
    shaded = ImageChops.multiply(picture.filter(ImageFilter.BoxBlur(0.4)), wide)
    speckles = rng.integers(0, 7, (height // 2 + 1, width // 2 + 1), dtype=np.uint8)
    noise = Image.fromarray(speckles).resize(picture.size, Image.Resampling.NEAREST)
    return ImageChops.add(shaded, Image.merge("RGB", [noise] * 3), offset=-3)


def _jpeg(picture: Image.Image, orientation: int | None) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Software] = "Eyes on Me demo drawing"
    if orientation is not None:
        exif[ExifTags.Base.Orientation] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86, exif=exif)
    return out.getvalue()
