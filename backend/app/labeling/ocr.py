"""Reads the name of a control from its picture, where the page gives it none: optional, off by default (`OCR=true`).

Only the worker does this: it takes some hundredths of a second a control. The models come in the wheel; nothing is
fetched. A control is read as one line of text, which is quicker and surer than looking for lines first.
"""

import io
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Protocol

import structlog
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from app.core.errors import AppError
from app.labeling.rules.controls import control_of
from app.labeling.rules.names import HOLDS_CONTENT, Evidence, control_name, fit
from app.labeling.rules.use import is_written_into
from app.workflows.content import WITHOUT_TARGET, Action, Box, StepContent

log = structlog.get_logger(__name__)

LEAST_SURE = 0.85
"""A reading that the model trusts less than this is none."""
SHORTEST = 2
"""Letters and digits; icons without any text read as one: a cross as X, three lines as 三."""
LARGEST = (480.0, 64.0)
"""CSS pixels; what is larger is an area with texts in it, not a control with a name on it."""
HEIGHT = 48
"""Pixels of a line of text that the model was made for."""
BORDER = 2
"""CSS pixels at the control's edge that are left out: its border is no letter."""
CONTRAST = 40
"""Difference from the background, of 255, that makes a pixel part of the text."""
INSTALL = 'Install the extra: uv pip install "workflow-platform[ocr]". Or set OCR=false.'


class OcrMissing(AppError):
    """OCR is switched on, but the libraries that read pictures are not installed."""

    status_code = 503


class Reading(Protocol):
    """What RapidOCR answers; None where it found nothing."""

    @property
    def txts(self) -> Sequence[str] | None: ...
    @property
    def scores(self) -> Sequence[float] | None: ...


def require() -> None:
    """OcrMissing: it could not read, and how to mend that."""
    if not (find_spec("rapidocr") and find_spec("onnxruntime")):
        raise OcrMissing(f"{OcrMissing.__doc__} {INSTALL}")


def reader() -> Callable[[bytes], Reading]:
    """What reads. Raises OcrMissing."""
    require()
    return _read


def names_from_pictures(
    steps: Sequence[StepContent],
    pictures: Callable[[int], bytes | None],
    read: Callable[[bytes], Reading] | None = None,
) -> dict[int, str]:
    """Names by the steps' indexes, of the controls that have none, or one that only a program knows.

    `pictures` gives the screenshot of the step at an index, whole and in any size. Raises OcrMissing.
    """
    wanted = [index for index, step in enumerate(steps) if is_wanted(step)]
    if not wanted:
        return {}
    reading = read or reader()
    found = {index: _name(steps[index], pictures(index), reading) for index in wanted}
    return {index: name for index, name in found.items() if name}


def is_wanted(step: StepContent) -> bool:
    """Whether the page says no name. What is written into is never read: its text is what somebody typed."""
    target = step.target
    if target is None or target.box is None or step.page.viewport is None or step.action in WITHOUT_TARGET:
        return False
    if step.action is Action.SCROLL or is_written_into(step):
        return False
    if target.box.width > LARGEST[0] or target.box.height > LARGEST[1]:
        return False
    control = control_of(target)
    if control in HOLDS_CONTENT:
        return False
    return control_name(target, control).evidence in {Evidence.NONE, Evidence.IDENTIFIER}


def _name(step: StepContent, picture: bytes | None, read: Callable[[bytes], Reading]) -> str:
    if picture is None or step.target is None or step.target.box is None or step.page.viewport is None:
        return ""
    try:
        cropped = crop(picture, step.target.box, step.page.viewport.width)
    except (UnidentifiedImageError, OSError) as error:
        log.warning("picture_not_read", screenshot_id=step.screenshot_id, error=type(error).__name__)
        return ""
    return _text(read(cropped)) if cropped else ""


def _text(reading: Reading) -> str:
    lines = zip(reading.txts or (), reading.scores or (), strict=True)
    name = fit(" ".join(text for text, sure in lines if sure >= LEAST_SURE))
    return name if sum(map(str.isalnum, name)) >= SHORTEST else ""


def crop(picture: bytes, box: Box, viewport_width: int) -> bytes | None:
    """The text on the element as one line, as PNG; None if nothing is on it, or it lies outside the picture."""
    with Image.open(io.BytesIO(picture)) as whole:
        scale = whole.width / viewport_width
        left, top = max(0, round((box.x + BORDER) * scale)), max(0, round((box.y + BORDER) * scale))
        right = min(whole.width, round((box.x + box.width - BORDER) * scale))
        bottom = min(whole.height, round((box.y + box.height - BORDER) * scale))
        if right - left < BORDER or bottom - top < BORDER:
            return None
        part = whole.crop((left, top, right, bottom)).convert("RGB")
    line = _trimmed(part)
    if line is None:
        return None
    packed = io.BytesIO()
    ImageOps.scale(line, HEIGHT / line.height, Image.Resampling.BICUBIC).save(packed, "PNG", compress_level=1)
    return packed.getvalue()


def _trimmed(part: Image.Image) -> Image.Image | None:
    """Without most of the background around the text; None if there is only background."""
    background = part.getpixel((part.width // 2, 0))
    differs = ImageChops.difference(part, Image.new("RGB", part.size, background)).convert("L")
    inked = differs.point(lambda value: 255 * (value > CONTRAST)).getbbox()
    if inked is None:
        return None
    margin = max(BORDER, (inked[3] - inked[1]) // 4)
    return part.crop(
        (
            max(0, inked[0] - margin),
            max(0, inked[1] - margin),
            min(part.width, inked[2] + margin),
            min(part.height, inked[3] + margin),
        )
    )


_one_at_a_time = Lock()


def _read(picture: bytes) -> Reading:
    with _one_at_a_time:
        return _engine()(picture, use_det=False, use_cls=False)


@cache
def _engine() -> Callable[..., Reading]:
    """One for the process, on one core: the worker has as many processes as it should use cores."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra, and slow to load

    engine: Callable[..., Reading] = RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return engine
