"""From a picture as it was handed in to the pictures that can be shown. Runs in the decode process.

One decode serves every size: a JPEG is decoded at a fraction of its size (`draft`), then shrunk in a
cascade. What leaves was encoded from pixels alone: orientation is applied, colours are converted to sRGB,
transparency lies on white, and no metadata is carried along.
"""

import base64
import io
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import pillow_heif
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFilter,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from app.media.renditions import Made, Rendered
from app.media.rules import IMAGE_BYTES, IMAGE_PIXELS, IMAGE_SIDE, Format, Purpose, Refusal, Refused

PLUGINS = (
    AvifImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""Imported here because Pillow loads them late, and a locked process can load nothing."""

LARGEST = 1600
SIZES = ((Purpose.IMAGE_1600, LARGEST), (Purpose.IMAGE_800, 800), (Purpose.IMAGE_320, 320))
"""Longest sides in pixels."""
JPEG_SIDE = 800
"""The fallback is for old telephones, mail programs and link previews: 800 px serve them, 1600 would only
cost."""
WEBP_QUALITY = 80
"""A drawing stays above 35 dB from here on, and 85 would weigh a quarter more (docs/benchmarks.md)."""
WEBP_METHOD = 2
JPEG_QUALITY = 80
AVIF = {Purpose.IMAGE_800: Purpose.IMAGE_AVIF_800, Purpose.IMAGE_320: Purpose.IMAGE_AVIF_320}
"""The sizes that a telephone shows, once more in fewer bytes; the large one would take longer than all the others."""
AVIF_QUALITY, AVIF_SPEED = 64, 10
"""As near to the picture as the WebP, within 1 dB, in a fifth fewer bytes for a drawing (docs/benchmarks.md)."""
PLACEHOLDER_SIDES = (24, 16, 8)
PLACEHOLDER_CHARACTERS = 400

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""From the orientation of EXIF 2.3, 4.6.4 to the turn that undoes it."""
SIDEWAYS = {TURNS[5], TURNS[6], TURNS[7], TURNS[8]}

DECODE_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
)
"""What Pillow's decoders raise on damaged input (LookupError and the like come from half-read structures)."""

SRGB = ImageCms.createProfile("sRGB")


def prepare() -> None:
    """Set Pillow up for hostile input; called once, before the process is locked."""
    Image.preinit()
    pillow_heif.register_heif_opener(thumbnails=False)
    pillow_heif.options.DECODE_THREADS = 1
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = IMAGE_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def render(file: IO[bytes], form: Format) -> Made:
    """Decode `file`, which must be of format `form`, and make everything from it. Raises `Refused`."""
    try:
        # In memory, because libtiff would ask the operating system about a real file.
        with Image.open(io.BytesIO(file.read(IMAGE_BYTES)), formats=[form.value.upper()]) as opened:
            if opened.width * opened.height > IMAGE_PIXELS or max(opened.size) > IMAGE_SIDE:
                raise Refused(Refusal.TOO_MANY_PIXELS)
            turn = turn_of(opened)
            width, height = opened.size[::-1] if turn in SIDEWAYS else opened.size
            image = decode(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.TOO_MANY_PIXELS) from error
    except DECODE_ERRORS as error:
        raise Refused(Refusal.BROKEN) from error
    if turn is not None:
        image = image.transpose(turn)
    image.info.clear()
    pictures = list(cascade(image))
    return Made(encode_all(pictures), width=width, height=height, placeholder=placeholder(pictures[-1][1]))


def turn_of(opened: Image.Image) -> Image.Transpose | None:
    """How the picture must be turned to stand upright, from EXIF or XMP; damaged metadata turn nothing."""
    try:
        return TURNS.get(opened.getexif().get(ORIENTATION, 1))
    except DECODE_ERRORS:
        return None


def decode(opened: Image.Image) -> Image.Image:
    """The first picture of the file: at most 1600 px, RGB, in sRGB, on white."""
    profile = opened.info.get("icc_profile")
    target = fitted(opened.size, LARGEST)
    opened.draft("RGB", target)
    image = plain(opened)
    if image.size != target:
        image = image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return in_srgb(on_white(image), profile)


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size whose longest side is `side`, or the same size where that is smaller."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def plain(image: Image.Image) -> Image.Image:
    """The pixels in a mode that can be shrunk: palettes are resolved, 16 bits become 8."""
    image.load()
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("1", "F"):
        return image.convert("L")
    return image.convert("RGBA") if "transparency" in image.info else image


def on_white(image: Image.Image) -> Image.Image:
    """Without transparency: black ink on nothing must stay readable on a dark page."""
    if not image.has_transparency_data:
        return image
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB as browsers show it; a profile that is damaged or does not fit is as good as none."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, *DECODE_ERRORS):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")


def cascade(image: Image.Image) -> Iterator[tuple[Purpose, Image.Image]]:
    """The pictures to encode, largest first; a size is left out where a smaller one already shows every
    pixel."""
    smaller_sides = [side for _, side in SIZES[1:]] + [0]
    for (purpose, side), smaller in zip(SIZES, smaller_sides, strict=True):
        if max(image.size) > smaller:
            if max(image.size) > side:
                image = image.resize(fitted(image.size, side), Image.Resampling.LANCZOS)
            yield purpose, image


def encode_all(pictures: list[tuple[Purpose, Image.Image]]) -> list[Rendered]:
    """Every rendition; Pillow encodes outside the interpreter lock, so two at a time."""
    fallback = next(image for _, image in pictures if max(image.size) <= JPEG_SIDE)
    again = [(AVIF[purpose], image) for purpose, image in pictures if purpose in AVIF]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(lambda pair: encode(*pair), [*pictures, (Purpose.IMAGE_JPEG, fallback), *again]))


def encode(purpose: Purpose, image: Image.Image) -> Rendered:
    """One rendition."""
    out = io.BytesIO()
    if purpose is Purpose.IMAGE_JPEG:
        image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    elif purpose in AVIF.values():
        image.save(out, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED)
    else:
        image.save(out, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return Rendered(purpose, out.getvalue(), image.width, image.height)


def placeholder(image: Image.Image) -> str:
    """A blurred miniature as a `data:` address of at most 400 characters."""
    address = ""
    for side in PLACEHOLDER_SIDES:
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.BOX)
        out = io.BytesIO()
        small.filter(ImageFilter.GaussianBlur(1)).save(out, "WEBP", quality=20, method=6)
        address = "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
        if len(address) <= PLACEHOLDER_CHARACTERS:
            break
    return address
