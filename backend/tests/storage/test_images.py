"""What is sent as a screenshot is a picture and nothing else afterwards, or it is refused with a reason."""

import io
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from app.storage import images
from app.storage.images import (
    BrokenImage,
    EncodedImage,
    ImageTooLarge,
    ImageTooManyPixels,
    UnsupportedImage,
)
from tests.missing import left_out
from tests.storage.pictures import encoded, opened, page, pixel, png, png_chunk, webp_of_size

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def re_encode(data: bytes, *, max_bytes: int = 20_000_000, max_pixels: int = 40_000_000) -> EncodedImage:
    return images.re_encode(data, max_bytes=max_bytes, max_pixels=max_pixels)


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Payload.class", "malicious")
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just text in a file named .png",
        SVG,
        b"\xef\xbb\xbf" + SVG,
        b"%PDF-1.7",
        encoded(page(), "GIF"),
        encoded(page(), "GIF") + zipped(),
        encoded(page(), "BMP"),
        encoded(page(), "TIFF"),
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
    ],
    ids=["empty", "text", "svg", "svg-bom", "pdf", "gif", "gifar", "bmp", "tiff", "wav"],
)
def test_what_is_no_png_jpeg_or_webp_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedImage, match="PNG, JPEG or WebP") as refused:
        re_encode(data)
    assert refused.value.status_code == 415


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.9])
def test_a_cut_picture_is_refused(kind: str, kept: float) -> None:
    data = encoded(page(), kind)
    with pytest.raises(BrokenImage, match="cut off or damaged") as refused:
        re_encode(data[: max(12, int(len(data) * kept))])
    assert refused.value.status_code == 422


def test_too_many_bytes_are_refused_with_both_numbers() -> None:
    with pytest.raises(ImageTooLarge, match=r"1,001 bytes, this server takes 1,000\.") as refused:
        re_encode(b"\x89PNG\r\n\x1a\n".ljust(1_001, b"\0"), max_bytes=1_000)
    assert refused.value.status_code == 413


def test_too_many_pixels_are_refused_with_the_size() -> None:
    with pytest.raises(ImageTooManyPixels, match=r"400 × 300 pixels, this server takes 100,000 in all") as refused:
        re_encode(encoded(page(), "PNG"), max_pixels=100_000)
    assert refused.value.status_code == 413


BOMBS: dict[str, Callable[[], bytes]] = {
    "png-50000": lambda: png(50_000, 50_000, png_chunk(b"IDAT", zlib.compress(bytes(100_000)))),
    "png-between-pillows-limits": lambda: png(12_000, 10_000, png_chunk(b"IDAT", zlib.compress(bytes(120_010_000)))),
    "webp-16383": lambda: webp_of_size(16_383, 16_383),
    "webp-between-pillows-limits": lambda: webp_of_size(13_000, 13_000),
    "webp-extended-limit": lambda: webp_of_size(2**24, 2**24),
    "png-text": lambda: png(1, 1, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(300_000_000)))),
    "png-profile": lambda: png(1, 1, png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(300_000_000)))),
}


MEASURE = """
import sys, warnings
from app.core.errors import AppError
from app.storage.images import re_encode

def peak():
    # Not what getrusage says: there a process inherits the peak of its parent.
    return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])

warnings.simplefilter("ignore")
good, bomb = (open(path, "rb").read() for path in sys.argv[1:])
re_encode(good, max_bytes=20_000_000, max_pixels=40_000_000)  # loads what is loaded once
before = peak()
try:
    re_encode(bomb, max_bytes=20_000_000, max_pixels=40_000_000)
    name = "accepted"
except AppError as error:
    name = error.name
print(name, peak() - before)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_takes_memory(name: str, tmp_path: Path) -> None:
    """In a process of its own, whose peak memory the system tells."""
    if not Path("/proc/self/status").exists():
        left_out("Only Linux tells a process's peak memory.")
    good, bomb = tmp_path / "good", tmp_path / "bomb"
    good.write_bytes(encoded(page(), name.partition("-")[0]))
    bomb.write_bytes(BOMBS[name]())
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, good, bomb], capture_output=True, text=True, check=True, timeout=60
    )
    outcome, growth_kilobytes = ran.stdout.split()
    assert outcome in ("ImageTooManyPixels", "BrokenImage")
    assert int(growth_kilobytes) < 30_000


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    """Each scan is a few bytes and a pass over the whole picture."""
    picture = encoded(page(mode="L"), "JPEG", progressive=True)
    start, end = picture.rindex(b"\xff\xda"), picture.rindex(b"\xff\xd9")
    few, many = (picture[:end] + picture[start:end] * times + picture[end:] for times in (5, 100))
    assert re_encode(few).width == 400
    with pytest.raises(BrokenImage):
        re_encode(many)


def with_secrets() -> dict[str, bytes]:
    """One picture of each kind with a place, a name and a profile hidden in every corner that the format has."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 30.0), 29: "SECRET date"}
    text = PngInfo()
    text.add_text("Comment", "SECRET text")
    text.add_itxt("XML:com.adobe.xmp", "SECRET xmp")
    profile = b"SECRET profile".ljust(200, b"\0")
    return {
        "PNG": encoded(page(), "PNG", exif=exif, pnginfo=text, icc_profile=profile) + b"SECRET behind the end",
        "JPEG": encoded(page(), "JPEG", exif=exif, comment=b"SECRET comment", icc_profile=profile) + zipped(),
        "WEBP": encoded(page(), "WEBP", exif=exif, xmp=b"SECRET xmp", icc_profile=profile) + b"SECRET behind",
    }


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_metadata_and_what_is_hidden_behind_the_picture_are_dropped(kind: str) -> None:
    sent = with_secrets()[kind]
    assert b"SECRET" in sent
    kept = re_encode(sent)
    picture = opened(kept.data)
    assert b"SECRET" not in kept.data
    assert not zipfile.is_zipfile(io.BytesIO(kept.data))
    assert not picture.getexif()
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_turned_photograph_is_stored_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees clockwise
    picture = Image.new("RGB", (64, 32), "black")
    picture.paste("white", (0, 0, 16, 32))
    kept = re_encode(encoded(picture, kind, exif=exif))
    assert (kept.width, kept.height) == (32, 64)
    shown = opened(kept.data)
    assert min(pixel(shown, 16, 4)) > 200
    assert max(pixel(shown, 16, 60)[:3]) < 50


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_lossless_stays_lossless(kind: str) -> None:
    picture = page()
    kept = re_encode(encoded(picture, kind, lossless=True))
    assert kept.media_type == "image/webp"
    assert ImageChops.difference(opened(kept.data).convert("RGB"), picture).getbbox() is None


def test_lossy_webp_stays_lossy_and_jpeg_stays_jpeg() -> None:
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    webp = re_encode(encoded(noise, "WEBP", quality=80))
    assert b"VP8 " in webp.data[:64]
    jpeg = re_encode(encoded(noise, "JPEG"))
    assert (jpeg.media_type, opened(jpeg.data).format) == ("image/jpeg", "JPEG")


def test_a_picture_too_tall_for_webp_is_kept_as_png() -> None:
    kept = re_encode(encoded(page(40, 17_000), "PNG"))
    assert (kept.media_type, kept.width, kept.height) == ("image/png", 40, 17_000)


def test_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [page(background=color) for color in ("white", "red", "blue")]
    for kind in ("WEBP", "PNG"):
        kept = re_encode(encoded(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True))
        shown = opened(kept.data)
        assert getattr(shown, "n_frames", 1) == 1
        assert ImageChops.difference(shown.convert("RGB"), frames[0]).getbbox() is None


def test_cmyk_jpeg_becomes_rgb() -> None:
    kept = re_encode(encoded(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG"))
    red, green, blue, _ = pixel(opened(kept.data), 10, 10)
    assert red > 200
    assert max(green, blue) < 60


def test_16_bit_grey_keeps_its_brightness() -> None:
    kept = re_encode(encoded(Image.new("I;16", (20, 20), 0x8000), "PNG"))
    assert pixel(opened(kept.data), 10, 10) == (128, 128, 128, 255)


def test_a_palette_with_transparency_keeps_both() -> None:
    picture = Image.new("P", (20, 20), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.paste(1, (10, 0, 20, 20))
    shown = opened(re_encode(encoded(picture, "PNG", transparency=0)).data)
    assert pixel(shown, 5, 5)[3] == 0
    assert pixel(shown, 15, 5) == (0, 255, 0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png_is_taken(mode: str) -> None:
    kept = re_encode(encoded(page(mode=mode), "PNG"))
    assert opened(kept.data).size == (kept.width, kept.height) == (400, 300)


SEEDS = [
    *with_secrets().values(),
    encoded(page(60, 40), "PNG", interlace=1),
    encoded(page(60, 40, mode="P"), "PNG", transparency=0),
    encoded(page(60, 40), "JPEG", progressive=True),
    encoded(page(60, 40), "WEBP", save_all=True, append_images=[page(60, 40, background="red")]),
]


@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12),
    head=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6),
    kept=st.floats(0.1, 1),
)
@example(seed=SEEDS[0], changes=[], head=[(19, 255)], kept=1)
@settings(max_examples=300, deadline=None)
def test_damaged_pictures_raise_nothing_but_our_own_errors(
    seed: bytes, changes: list[tuple[float, int]], head: list[tuple[int, int]], kept: float
) -> None:
    damaged = bytearray(seed)
    for where, value in changes:
        damaged[int(where * len(damaged))] = value
    for place, value in head:
        damaged[place] = value
    try:
        result = re_encode(bytes(damaged[: int(len(damaged) * kept)]), max_pixels=1_000_000)
    except (UnsupportedImage, BrokenImage, ImageTooManyPixels):
        return
    assert b"SECRET" not in result.data
