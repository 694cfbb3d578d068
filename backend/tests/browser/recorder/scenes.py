"""A scene: a page with the recorder on it, what was said, and which steps that comes down to."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.recorder.core import plain_script
from tests.services import wait_until

ADDRESS = "http://app.test/"
_START = """
const tell = self.__tell, { stringify } = JSON;
delete self.__tell;
const recording = WpRecorder.record(window, {
  emit: (message) => tell(stringify(message)),
  closedShadowRoot: (host) => self.__closed?.get(host) ?? null,
  isOwn: (node) => self.__isOwn?.(node) ?? false,
});
Object.defineProperty(self, "__core", { value: { recording, WpSteps } });
"""

Say = tuple[str, str | None, str | None]
"""Action, name and value of a step."""


class Scene:
    """One page and what its recorder said, which comes by a way that a page cannot break."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[dict[str, Any]] = []
        self._session = page.context.new_cdp_session(page)
        self._session.on("Runtime.bindingCalled", lambda call: self.said.append(json.loads(call["payload"])))
        self._session.send("Runtime.enable")
        self._session.send("Runtime.addBinding", {"name": "__tell"})

    def run(self, expression: str) -> Any:
        """Evaluated without anything of the page's."""
        return self._session.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})["result"].get(
            "value"
        )

    def send(self, method: str, **params: Any) -> None:
        """Input that Playwright has no function for."""
        self._session.send(method, params)

    def messages(self) -> list[dict[str, Any]]:
        """All that was said, after what was held back is said too."""
        self.run("__core.recording.flush()")
        return self.said

    def entries(self) -> list[dict[str, Any]]:
        """The steps that stand, in the order in which they happened."""
        return list(_standing(self.messages()).values())

    def steps(self) -> list[Say]:
        """In short."""
        return [_short(entry["step"]) for entry in self.entries()]

    def settled(self, count: int) -> list[Say]:
        """Waits until so many steps stand: some are taken back when the page shows no answer."""
        wait_until(lambda: self.run("1") == 1 and len(_standing(self.said)) == count)
        return self.steps()

    def cannot(self) -> list[str]:
        """What it says that cannot be recorded."""
        return [message["what"] for message in self.messages() if message["kind"] == "cannot"]


def _standing(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    steps: dict[str, dict[str, Any]] = {}
    for message in messages:
        match message["kind"]:
            case "step":
                steps[message["id"]] = message
            case "amend":
                steps[message["id"]] = {**steps[message["id"]], "step": message["step"]}
            case "withdraw":
                del steps[message["id"]]
    return steps


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
    context.add_init_script(f"if (location.host !== 'silent.test') (() => {{ {plain_script()}\n{_START} }})();")

    def show(html: str, **others: str) -> Scene:
        shown.clear()
        shown[ADDRESS] = f"<!doctype html><html lang=en><title>Scene</title>{html}"
        shown.update({f"http://{name.replace('_', '.')}/": page for name, page in others.items()})
        for page in context.pages:
            page.close()
        scene = Scene(context.new_page())
        scene.page.goto(ADDRESS)
        return scene

    return show
