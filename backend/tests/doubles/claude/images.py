"""What the pictures of a request are refused for."""

from dataclasses import dataclass

from tests.doubles.claude.conversation import blocks_of
from tests.doubles.claude.errors import invalid
from tests.doubles.claude.requests import Image, Request
from tests.doubles.pictures import NotBase64, Size, UnreadablePicture, measure

MOST_PICTURES = 100
MOST_PICTURE_BYTES = 10 * 1024 * 1024
MANY_PICTURES = 20
MOST_PIXELS = 8000
MOST_PIXELS_OF_MANY = 2000


@dataclass(frozen=True, slots=True)
class Picture:
    """One of a request; `path` as in errors, `sent_bytes` of base64."""

    path: str
    size: Size
    sent_bytes: int


def check_images(request: Request) -> list[Picture]:
    """Raises ApiError; else they."""
    pictures = [_picture(path, block) for path, block in blocks_of(request) if isinstance(block, Image)]
    if len(pictures) > MOST_PICTURES:
        raise invalid(f"messages: too many images: {len(pictures)} > {MOST_PICTURES}")
    many = len(pictures) > MANY_PICTURES
    most = MOST_PIXELS_OF_MANY if many else MOST_PIXELS
    if large := [picture.path for picture in pictures if max(picture.size.width, picture.size.height) > most]:
        which = "max allowed size for many-image requests" if many else "max allowed size"
        details = {"error_code": "image_dimensions_too_large", "max_side_length_pixels": most, "paths": large}
        raise invalid(f"{large[0]}.image.source.base64: image dimensions exceed {which}: {most} pixels", details)
    return pictures


def _picture(path: str, block: Image) -> Picture:
    source, place = block.source, f"{path}.image.source.base64"
    if len(source.data) > MOST_PICTURE_BYTES:
        raise invalid(f"{place}: image exceeds 10 MB maximum: {len(source.data)} bytes > {MOST_PICTURE_BYTES} bytes")
    try:
        size = measure(source.data)
    except NotBase64:
        raise invalid(f"{place}.data: invalid base64 data") from None
    except UnreadablePicture:
        raise invalid(f"{place}: Could not process image") from None
    if size.media_type != source.media_type:
        claim = f"Image does not match the provided media type {source.media_type}"
        raise invalid(f"{place}.data: {claim}")
    return Picture(path, size, len(source.data))
