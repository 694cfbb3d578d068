"""Names read from pictures: which controls are looked at, and what becomes of what was read.

The library itself is optional; one test needs it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from app.labeling import ocr
from app.labeling.rules.derive import derive_labels
from app.workflows.content import Box, StepContent
from tests.labeling.steps import step

BOX = Box(x=100, y=50, width=140, height=40)


@dataclass(frozen=True)
class Said:
    """What the library would answer."""

    txts: Sequence[str] | None
    scores: Sequence[float] | None


class Eyes:
    """Reads the same in every picture, and keeps the pictures."""

    def __init__(self, *lines: tuple[str, float]) -> None:
        self.said = Said([text for text, _ in lines] or None, [sure for _, sure in lines] or None)
        self.seen: list[bytes] = []

    def __call__(self, picture: bytes) -> Said:
        self.seen.append(picture)
        return self.said


def screenshot(text: str = "", width: int = 1280, *, ink: str = "white", paper: str = "#1d4ed8") -> bytes:
    """A page with one button at BOX, drawn for a viewport of 1280 × 720."""
    scale = width / 1280
    page = Image.new("RGB", (width, round(720 * scale)), "white")
    draw = ImageDraw.Draw(page)
    box = [edge * scale for edge in (BOX.x, BOX.y, BOX.x + BOX.width, BOX.y + BOX.height)]
    draw.rectangle(box, fill=paper)
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    draw.text(middle, text, fill=ink, font=ImageFont.load_default(18 * scale), anchor="mm")
    packed = io.BytesIO()
    page.save(packed, "PNG")
    return packed.getvalue()


def nameless(action: str = "click", **facts: Any) -> StepContent:
    element: dict[str, Any] = {"tag": "div", "box": BOX} | facts
    return step(action, **element)


def test_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    with pytest.raises(ocr.OcrMissing, match=r"uv pip install .*\[ocr\]"):
        ocr.names_from_pictures([nameless()], lambda _: screenshot())


def test_nothing_is_needed_where_nothing_is_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    assert ocr.names_from_pictures([nameless(name="Save")], lambda _: screenshot()) == {}


@pytest.mark.parametrize(
    "unread",
    [
        nameless("input", value="hunter22"),
        nameless("paste"),
        nameless(tag="input", attributes={"type": "text"}),
        nameless(tag="textarea"),
        nameless(attributes={"contenteditable": "true"}),
        nameless(role="combobox"),
        nameless(box=Box(x=0, y=40, width=900, height=40)),
        nameless(box=Box(x=50, y=0, width=200, height=400)),
        nameless(box=None, text=" "),
        nameless(text="Save"),
        nameless(attributes={"title": "Save"}),
        step("press", value="Enter"),
        step("navigate"),
    ],
)
def test_fields_areas_and_named_controls_are_not_read(unread: StepContent) -> None:
    eyes = Eyes(("Hunter", 1.0))
    assert ocr.names_from_pictures([unread], lambda _: screenshot("Drawn"), eyes) == {}
    assert eyes.seen == []


@pytest.mark.parametrize("broken", [None, b"", b"no picture", screenshot()[:60]])
def test_a_picture_that_cannot_be_read_costs_only_its_name(broken: bytes | None) -> None:
    pictures = [broken, screenshot("Save")]
    found = ocr.names_from_pictures([nameless(), nameless()], pictures.__getitem__, Eyes(("Save", 0.99)))
    assert found == {1: "Save"}


def test_an_element_outside_its_picture_is_not_read() -> None:
    below = nameless(box=Box(x=0, y=5_000, width=50, height=20))
    assert ocr.names_from_pictures([below], lambda _: screenshot("Save"), Eyes(("Save", 1.0))) == {}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ([], None),
        ([("Sav3", 0.8)], None),
        ([("Save", 0.99), ("|", 0.3)], "Save"),
        ([("Save", 0.9), ("draft", 0.9)], "Save draft"),
        ([("4111 1111 1111 1111", 0.99)], None),
        ([("noor@example.org", 0.99)], None),
        ([("https://x.example/", 0.99)], None),
        ([(">", 0.99)], None),
        ([("X", 0.99)], None),
    ],
)
def test_only_words_that_are_sure_and_fit_become_names(lines: list[tuple[str, float]], name: str | None) -> None:
    found = ocr.names_from_pictures([nameless()], lambda _: screenshot("Drawn"), Eyes(*lines))
    assert found.get(0) == name


@pytest.mark.parametrize("width", [640, 1280, 2560])
def test_the_element_alone_is_read_whatever_the_picture_s_size(width: int) -> None:
    eyes = Eyes()
    ocr.names_from_pictures([nameless()], lambda _: screenshot("Save", width), eyes)
    with Image.open(io.BytesIO(eyes.seen[0])) as part:
        assert part.height == ocr.HEIGHT
        assert 1.5 < part.width / part.height < 4
        corners = {part.getpixel((x, y)) for x in (0, part.width - 1) for y in (0, part.height - 1)}
        assert corners == {(0x1D, 0x4E, 0xD8)}


def test_an_empty_control_is_not_read() -> None:
    eyes = Eyes(("Ghost", 1.0))
    assert ocr.names_from_pictures([nameless()], lambda _: screenshot(), eyes) == {}
    assert eyes.seen == []


def test_a_read_name_is_said_but_trusted_less_than_a_recorded_one() -> None:
    (read,) = derive_labels([nameless()], read={0: "Save draft"})
    (unread,) = derive_labels([nameless()])
    (recorded,) = derive_labels([nameless(name="Save draft")])
    assert (read.field_label, read.instruction) == ("Save draft", 'Click "Save draft".')
    assert unread.confidence is not None
    assert read.confidence is not None
    assert recorded.confidence is not None
    assert unread.confidence < read.confidence < recorded.confidence


def test_a_read_name_replaces_identifiers_and_no_name_that_the_page_gives() -> None:
    by_id = nameless(attributes={"id": "send-reply"})
    assert derive_labels([by_id], read={0: "Send"})[0].field_label == "Send"
    assert derive_labels([nameless(text="Reply")], read={0: "Send"})[0].field_label == "Reply"


@pytest.mark.skipif(not find_spec("rapidocr"), reason="410 MB: uv pip install -e .[ocr] brings it")
def test_the_library_reads_a_button_and_nothing_on_an_empty_one() -> None:
    shots = [screenshot("Save draft"), screenshot(""), screenshot("Sign out", ink="black", paper="#eeeeee")]
    found = ocr.names_from_pictures([nameless()] * 3, shots.__getitem__)
    assert found == {0: "Save draft", 2: "Sign out"}
