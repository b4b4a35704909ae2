"""From a picture to what can be shown, in this process."""

import base64
import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.media import images
from app.media.renditions import Made
from app.media.rules import Format, Purpose, Refusal, Refused
from tests.factories import media

SMALL = [Purpose.IMAGE_320, Purpose.IMAGE_JPEG, Purpose.IMAGE_AVIF_320]
MIDDLE = [Purpose.IMAGE_800, *SMALL[:2], Purpose.IMAGE_AVIF_800, Purpose.IMAGE_AVIF_320]
ALL = [Purpose.IMAGE_1600, *MIDDLE]


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", images.IMAGE_PIXELS)
    images.prepare()


def render(data: bytes, form: Format) -> Made:
    return images.render(io.BytesIO(data), form)


def shown(made: Made, purpose: Purpose) -> Image.Image:
    content = next(each.content for each in made.renditions if each.purpose is purpose)
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", media.PICTURES)
def test_each_format_becomes_every_size(form: Format) -> None:
    made = render(media.PICTURES[form](), form)
    assert [each.purpose for each in made.renditions] == ALL
    assert (made.width, made.height) == (900, 600)
    sizes = [(each.width, each.height) for each in made.renditions]
    assert sizes == [(900, 600), (800, 533), (320, 213), (800, 533), (800, 533), (320, 213)]
    assert [shown(made, purpose).size for purpose in ALL] == sizes
    reference = np.asarray(media.photograph().resize((320, 213), Image.Resampling.LANCZOS), float)
    for purpose in (Purpose.IMAGE_320, Purpose.IMAGE_AVIF_320):
        difference = np.abs(np.asarray(shown(made, purpose).convert("RGB"), float) - reference)
        assert difference.mean() < 8


@pytest.mark.parametrize("form", media.PICTURES)
def test_nothing_but_pixels_gets_through(form: Format) -> None:
    data = media.PICTURES[form]()
    assert any(canary in data for canary in media.CANARIES)
    for rendition in render(data, form).renditions:
        assert [canary for canary in media.CANARIES if canary in rendition.content] == []
        kept = Image.open(io.BytesIO(rendition.content)).info.keys()
        assert kept & {"exif", "xmp", "icc_profile", "comment", "photoshop"} == set()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [media.jpeg, media.webp, media.heic, media.avif, media.png])
def test_every_orientation_stands_upright(orientation: int, make: object) -> None:
    form = next(form for form, known in media.PICTURES.items() if known is make)
    turned = media.photograph(120, 80)
    undo = images.TURNS.get(orientation)
    back = {
        Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
        Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
    }
    if undo is not None:
        turned = turned.transpose(back.get(undo, undo))
    made = render(make(turned, orientation=orientation), form)  # type: ignore[operator]
    assert (made.width, made.height) == (120, 80)
    red, _, blue = shown(made, Purpose.IMAGE_320).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert red > 150
    assert blue < 90


def test_a_large_photograph_is_shrunk_not_cropped() -> None:
    made = render(media.jpeg(media.photograph(2400, 1800)), Format.JPEG)
    sizes = [(1600, 1200), (800, 600), (320, 240), (800, 600), (800, 600), (320, 240)]
    assert [(each.width, each.height) for each in made.renditions] == sizes
    assert (made.width, made.height) == (2400, 1800)


@pytest.mark.parametrize(
    ("size", "purposes"),
    [
        ((801, 10), ALL),
        ((800, 10), MIDDLE),
        ((320, 320), SMALL),
        ((1, 1), SMALL),
        ((1, 2000), ALL),
    ],
)
def test_nothing_is_made_larger(size: tuple[int, int], purposes: list[Purpose]) -> None:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    made = render(out.getvalue(), Format.PNG)
    assert [each.purpose for each in made.renditions] == purposes
    assert made.renditions[0].width == min(size[0], 1600)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_keeps_its_brightness(mode: str) -> None:
    grey = Image.linear_gradient("L")
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        picture = grey.convert("RGB").convert(mode) if mode == "P" else grey.convert(mode)
    out = io.BytesIO()
    picture.save(out, "PNG")
    result = np.asarray(shown(render(out.getvalue(), Format.PNG), Purpose.IMAGE_320).convert("L"), float)
    assert np.abs(result.mean(axis=1) - np.arange(256)).mean() < 6


def test_black_ink_on_nothing_lies_on_white() -> None:
    drawing = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    drawing.paste((0, 0, 0, 255), (0, 40, 100, 60))
    out = io.BytesIO()
    drawing.save(out, "PNG")
    result = shown(render(out.getvalue(), Format.PNG), Purpose.IMAGE_320).convert("RGB")
    assert result.getpixel((50, 10)) == (255, 255, 255)
    assert max(result.getpixel((50, 50))) < 12  # type: ignore[type-var, arg-type]


def test_cmyk_is_converted() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (50, 50), (0, 255, 255, 0)).save(out, "JPEG", quality=95)
    red, green, blue = shown(render(out.getvalue(), Format.JPEG), Purpose.IMAGE_320).convert("RGB").getpixel((25, 25))  # type: ignore[misc]
    assert red > 230
    assert max(green, blue) < 40


def test_a_foreign_profile_is_converted_and_a_broken_one_ignored() -> None:
    """In a profile with red and blue exchanged, red must come out blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    assert swapped != profile
    for icc, channel in ((swapped, 2), (profile, 0), (b"no profile at all", 0)):
        out = io.BytesIO()
        Image.new("RGB", (50, 50), (255, 0, 0)).save(out, "PNG", icc_profile=icc)
        pixel = shown(render(out.getvalue(), Format.PNG), Purpose.IMAGE_320).convert("RGB").getpixel((25, 25))
        assert pixel.index(max(pixel)) == channel  # type: ignore[union-attr, type-var, arg-type]


def test_the_placeholder_is_a_tiny_picture() -> None:
    placeholder = render(media.jpeg(), Format.JPEG).placeholder or ""
    assert len(placeholder) <= 400
    head, data = placeholder.split(",")
    assert head == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (24, 16)


def test_one_format_does_not_open_another() -> None:
    with pytest.raises(Refused) as caught:
        render(media.png(), Format.JPEG)
    assert caught.value.reason is Refusal.BROKEN
