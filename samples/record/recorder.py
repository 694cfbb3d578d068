"""Does a person's actions in a page and notes each as a recorded step with its picture."""

import io
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Locator, Page

CAPTURE_JS = Path(__file__).with_name("capture.js")
INTO_VIEW_JS = """element => {
    const box = element.getBoundingClientRect();
    const isNearEdge = box.top < 90 || box.bottom > innerHeight - 90;
    if (isNearEdge) element.scrollIntoView({ block: "center", behavior: "instant" });
}"""
STARTED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PICTURE_TYPE = "webp"

Kind = Literal["text", "email", "password"]

SECONDS = {"navigate": 0, "click": 3, "input": 7, "select": 4, "check": 3, "submit": 4}
"""How long a person takes for each; fixed, so that two recordings carry the same times."""


@dataclass
class Recorder:
    """Steps and pictures of one recording. `origin` is where the application runs, `shown_as` what the steps say."""

    page: Page
    origin: str
    shown_as: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    _clock: datetime = STARTED

    def go_to(self, path: str) -> None:
        """Open a page by its address."""
        self.page.goto(self.origin + path)
        self._note("navigate", None)

    def click(self, locator: Locator) -> None:
        """Note the element, then click it."""
        self._point_at(locator)
        self._note("click", locator)
        locator.click()

    def submit(self, locator: Locator) -> None:
        """Note the button, then send its form; button and form are one step."""
        self._point_at(locator)
        self._note("submit", locator)
        locator.click()

    def check(self, locator: Locator) -> None:
        """Note the box while it is empty, then tick it."""
        self._point_at(locator)
        self._note("check", locator)
        locator.check()

    def enter(self, locator: Locator, text: str, *, kind: Kind = "text") -> None:
        """Type, then note the field once with its last value; a password's value is never kept."""
        self._point_at(locator)
        locator.click()
        locator.press_sequentially(text)
        self._note("input", locator, value=None if kind == "password" else text, kind=kind)

    def select(self, locator: Locator, option: str) -> None:
        """Choose, then note the list with the chosen option as it reads."""
        self._point_at(locator)
        locator.focus()
        locator.select_option(label=option)
        self._note("select", locator, value=option, kind="option")

    def _point_at(self, locator: Locator) -> None:
        """Bring the element into the middle of the view when it is near the edge, and put the mouse over it."""
        locator.wait_for(state="visible")
        locator.evaluate(INTO_VIEW_JS)
        locator.hover()
        self._settle()

    def _settle(self) -> None:
        """Wait until nothing loads and two pictures in a row are alike, so that no animation is caught half-way."""
        self.page.wait_for_load_state("networkidle")
        deadline = time.monotonic() + 10
        before = b""
        while (now := self.page.screenshot(caret="hide")) != before and time.monotonic() < deadline:
            before = now
            self.page.wait_for_timeout(150)

    def _note(self, action: str, locator: Locator | None, *, value: str | None = None, kind: str | None = None) -> None:
        self._settle()
        self._clock += timedelta(seconds=SECONDS[action])
        stem = f"{len(self.steps) + 1:02}-{action}"
        target = None if locator is None else locator.evaluate("element => window.capture(element)")
        self.pictures[stem] = _as_webp(self.page.screenshot(caret="hide"))
        self.steps.append(
            {
                "action": action,
                "timestamp": self._clock.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "target": self._renamed(target),
                "value": value,
                "value_kind": kind,
                "page": {
                    "url": self._renamed(self.page.url),
                    "title": self.page.title(),
                    "viewport": self.page.viewport_size,
                },
                "screenshot_id": stem,
            }
        )

    def _renamed(self, noted: Any) -> Any:
        """The same with the published address in place of the one on this machine."""
        if isinstance(noted, str):
            return noted.replace(self.origin, self.shown_as)
        if isinstance(noted, list):
            return [self._renamed(item) for item in noted]
        if isinstance(noted, dict):
            return {key: self._renamed(item) for key, item in noted.items()}
        return noted


def _as_webp(png: bytes) -> bytes:
    packed = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(packed, "WEBP", lossless=True, quality=100, method=6)
    return packed.getvalue()
