"""A scene: a page with the recorder on it, what was said, and which steps that comes down to."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.recorder.core import plain_script

ADDRESS = "http://app.test/"
_START = """
const said = [];
const host = { emit: (message) => said.push(structuredClone(message)), ...(self.__host ?? {}) };
const recording = WpRecorder.record(window, host);
Object.defineProperty(self, "__core", { value: { said, recording, WpSteps } });
"""

Say = tuple[str, str | None, str | None]
"""Action, name and value of a step."""


class Scene:
    """One page; what it says is read when it is asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def messages(self) -> list[dict[str, Any]]:
        """All that was said, after what was held back is said too."""
        return self.page.evaluate("() => { __core.recording.flush(); return __core.said; }")  # type: ignore[no-any-return]

    def entries(self) -> list[dict[str, Any]]:
        """The steps that stand, in the order in which they happened."""
        return self.page.evaluate("() => { __core.recording.flush(); return __core.WpSteps.steps(__core.said); }")  # type: ignore[no-any-return]

    def steps(self) -> list[Say]:
        """In short."""
        return [_short(entry["step"]) for entry in self.entries()]

    def settled(self, count: int) -> list[Say]:
        """Waits until so many steps stand: some are taken back when the page shows no answer."""
        self.page.wait_for_function("(count) => __core.WpSteps.steps(__core.said).length === count", arg=count)
        return self.steps()

    def cannot(self) -> list[str]:
        return [message["what"] for message in self.messages() if message["kind"] == "cannot"]


def _short(step: dict[str, Any]) -> Say:
    target = step["target"]
    return step["action"], (target["name"] or target["text"]) if target else None, step["value"]


Stage = Callable[..., Scene]


def stage(context: BrowserContext) -> Stage:
    """Shows HTML at an address of its own, with the recorder there before any script of it."""
    shown: dict[str, str] = {}

    def answer(route: Route) -> None:
        html = shown.get(route.request.url)
        route.fulfill(status=200 if html else 404, content_type="text/html; charset=utf-8", body=html or "")

    context.route("**/*", answer)
    context.add_init_script(f"(() => {{ {plain_script()}\n{_START} }})();")

    def show(html: str, **others: str) -> Scene:
        shown.clear()
        shown[ADDRESS] = f"<!doctype html><html lang=en><title>Scene</title>{html}"
        shown.update({f"http://{name.replace('_', '.')}/": page for name, page in others.items()})
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(ADDRESS)
        return Scene(page)

    return show
