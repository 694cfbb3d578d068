"""Does the right thing on a page of MiniWoB++ and notes each action as a step, with its picture and its gold label.

What is noted about an element comes from the samples' own `capture.js`; its role and its accessible name are those
that Chromium computes for assistive technology, so they owe nothing to this project's code.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import files
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from app.core.config import BACKEND

CAPTURE_JS = BACKEND.parent / "samples" / "record" / "capture.js"
VIEWPORT = ViewportSize(width=320, height=240)
SHOWN_AS = "https://miniwob.example"
ACTION_MILLISECONDS = 5_000
BEGIN_JS = """seed => {
    Math.seedrandom(String(seed));
    core.EPISODE_MAX_TIME = 3600000;
    core.startEpisodeReal();
    // What the task is, and how it is rewarded, is no part of the page that a person would see.
    for (const id of ["query", "reward-display", "click-canvas"]) document.getElementById(id).style.display = "none";
}"""
_VERB = re.compile(r"^(?:(?:On|In|Under|Next to) [^,]*, )?(?P<verb>(?:[a-z]+-click|turn o(?:n|ff)|\w+(?: to)?))", re.I)


@dataclass
class Recording:
    """One task on one page, as it is being done."""

    name: str
    page: Page
    utterance: str
    steps: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)

    def quoted(self) -> list[str]:
        """What stands in quotation marks in the task."""
        return re.findall(r'"([^"]+)"', self.utterance)

    def told(self, pattern: str) -> str:
        """The part of the task that the pattern's group matches."""
        match = re.search(pattern, self.utterance)
        assert match, (pattern, self.utterance)
        return match[1]

    def click(self, where: str | Locator, gold: str, name: str | None, control: str = "button") -> None:
        """Note the element, then click it."""
        self._at(where, "click", gold, name, control).click()

    def trigger(self, where: str | Locator, gold: str, name: str | None, control: str) -> None:
        """Note the element, then click it by script: some pages do not take a mouse that moves at once."""
        self._at(where, "click", gold, name, control).dispatch_event("click")

    def check(self, where: str | Locator, gold: str, name: str | None, control: str = "checkbox") -> None:
        """Note the box or the option while it is empty, then tick it."""
        self._at(where, "check", gold, name, control).check()

    def hover(self, where: str | Locator, gold: str, name: str | None, control: str = "menu item") -> None:
        """Note the element, then move the mouse over it."""
        self._at(where, "hover", gold, name, control).hover()

    def drag(
        self, where: str | Locator, to: str | Locator, gold: str, name: str | None, *, value: str | None = None
    ) -> None:
        """Note the element, then drag it; `value` is what the destination is called."""
        element = self._at(where, "drag", gold, name, "item", value=value)
        target = self.find(to).bounding_box()
        assert target
        element.hover()
        self.page.mouse.down()
        self.page.mouse.move(target["x"] + 4, target["y"] + 4, steps=8)
        self.page.mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=8)
        self.page.mouse.up()

    def enter(
        self,
        where: str | Locator,
        text: str,
        gold: str,
        name: str | None,
        *,
        kind: str = "text",
        control: str = "field",
    ) -> None:
        """Type, then note the field once with its last value; a password's value is never kept."""
        element = self.find(where)
        if kind == "date":
            element.fill(text)
        else:
            element.fill("")
            element.press_sequentially(text)
        self._note("input", element, gold, name, control, value=None if kind == "password" else text, kind=kind)

    def select(self, where: str | Locator, option: str | list[str], gold: str, name: str | None, control: str) -> None:
        """Choose, then note the list with the chosen option as it reads."""
        element = self.find(where)
        element.select_option(label=option)
        value = option if isinstance(option, str) else ", ".join(option)
        self._note("select", element, gold, name, control, value=value, kind="option")

    def set(self, where: str | Locator, value: str, gold: str, name: str | None, by: Callable[[Locator], None]) -> None:
        """Move a slider, then note it with its value."""
        element = self.find(where)
        by(element)
        self._note("input", element, gold, name, "slider", value=value, kind="number")

    def note(self, action: str, where: str, gold: str, name: str | None, *, value: str) -> None:
        """Note a field that was filled in some other way."""
        self._note(action, self.find(where), gold, name, "field", value=value, kind="text")

    def press(self, key: str) -> None:
        """Press a key wherever the focus is."""
        self._note("press", None, f"Press {key}.", None, "key", value=key)
        self.page.keyboard.press(key)

    def copy(self, where: str | Locator, gold: str, name: str | None) -> str:
        """Note the field whose whole text is copied; returns the text."""
        element = self.find(where)
        text = element.input_value()
        element.focus()
        element.press("Control+A")
        self._note("copy", element, gold, name, "field", value=text, kind="text")
        element.press("Control+C")
        return text

    def paste(self, where: str | Locator, text: str, gold: str, name: str | None) -> None:
        """Paste, then note the field."""
        element = self.find(where)
        element.focus()
        element.press("Control+V")
        if element.input_value() != text:  # a headless browser may have no clipboard
            element.fill(text)
        self._note("paste", element, gold, name, "field", value=text, kind="text")

    def find(self, where: str | Locator) -> Locator:
        """The first visible element."""
        found = self.page.locator(where) if isinstance(where, str) else where
        return found.locator("visible=true").first

    def _at(self, where: str | Locator, action: str, gold: str, name: str | None, control: str, **more: Any) -> Locator:
        """The element, noted before anything is done to it."""
        element = self.find(where)
        element.scroll_into_view_if_needed()
        self._note(action, element, gold, name, control, **more)
        return element

    def _note(
        self,
        action: str,
        element: Locator | None,
        gold: str,
        name: str | None,
        control: str,
        *,
        value: str | None = None,
        kind: str | None = None,
    ) -> None:
        self.page.wait_for_timeout(60)
        stem = f"{self.name}-{len(self.steps) + 1}"
        target = self._target(element) if element else None
        self.pictures[stem] = as_webp(self.page.screenshot(caret="hide", animations="disabled"), quality=60)
        self.steps.append(
            {
                "content": {
                    "action": action,
                    "target": target,
                    "value": value,
                    "value_kind": kind,
                    "page": {
                        "url": f"{SHOWN_AS}/{self.page.url.rpartition('/')[2]}",
                        "title": self.page.title(),
                        "viewport": VIEWPORT,
                    },
                    "screenshot_id": stem,
                },
                "gold": {
                    "verb": verb_of(gold),
                    "control": control,
                    "name": name,
                    "accessible": bool(target and target["name"]),
                    "instruction": gold,
                },
            }
        )

    def _target(self, element: Locator) -> dict[str, Any]:
        noted: dict[str, Any] = element.evaluate("element => window.capture(window.noted = element)")
        noted["role"], noted["name"] = self._as_assistive_technology_sees_it()
        path = (Path(self.page.url.removeprefix("file://")).parent).as_posix()
        renamed: dict[str, Any] = json.loads(json.dumps(noted).replace(f"file://{path}", SHOWN_AS))
        return renamed

    def _as_assistive_technology_sees_it(self) -> tuple[str | None, str | None]:
        session = self.page.context.new_cdp_session(self.page)
        handle = session.send("Runtime.evaluate", {"expression": "window.noted"})["result"]["objectId"]
        node = session.send("Accessibility.getPartialAXTree", {"objectId": handle, "fetchRelatives": False})["nodes"][0]
        session.detach()
        role = node.get("role", {}).get("value", "")
        name = node.get("name", {}).get("value", "").strip()[:500]
        return (role if role.islower() and role not in {"generic", "none"} else None), name or None


def verb_of(sentence: str) -> str:
    """The verb that a sentence written by hand begins with, behind a place phrase."""
    match = _VERB.match(sentence)
    assert match, sentence
    verb = match["verb"]
    lead = verb.partition(" ")[2]
    if lead == "to" and verb.lower() not in {"go to", "point to", "scroll to"}:
        verb = verb.partition(" ")[0]
    return verb[0].upper() + verb[1:]


def open_page(browser: Browser, page_name: str, seed: int) -> Page:
    """The page with the problem that the seed gives, just begun."""
    page = browser.new_page(viewport=VIEWPORT, locale="en-US", timezone_id="UTC", reduced_motion="reduce")
    page.set_default_timeout(ACTION_MILLISECONDS)
    page.add_init_script(path=CAPTURE_JS)
    page.goto((pages() / f"{page_name}.html").as_uri())
    page.evaluate(BEGIN_JS, seed)
    page.wait_for_timeout(80)
    return page


def utterance_of(page: Page) -> str:
    """The task in words; some pages give its parts beside them."""
    told = page.evaluate("core.getUtterance()")
    return str(told["utterance"] if isinstance(told, dict) else told)


def pages() -> Path:
    """Where the package keeps its pages; it is not imported, for that would load much of what is not needed."""
    return next(_places())


def _places() -> Iterator[Path]:
    for file in files("miniwob") or ():
        if file.match("miniwob/html/miniwob/click-button.html"):
            yield Path(str(file.locate())).parent


def as_webp(picture: bytes, *, quality: int) -> bytes:
    """The picture, much smaller."""
    packed = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(packed, "WEBP", quality=quality, method=6)
    return packed.getvalue()
