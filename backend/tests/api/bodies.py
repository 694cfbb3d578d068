"""Bodies to send."""

from typing import Any

from tests.recordings.formats.files import recording, step
from tests.storage.pictures import encoded as encoded_picture
from tests.storage.pictures import page

__all__ = ["PNG", "picture", "recording", "step"]


def picture(shade: int = 255) -> bytes:
    """A small screenshot; each shade is another one."""
    return encoded_picture(page(64, 48, background=f"rgb({shade},{shade},{shade})"), "PNG")


PNG = picture()


def steps(count: int) -> list[dict[str, Any]]:
    return [step(timestamp=None) for _ in range(count)]
