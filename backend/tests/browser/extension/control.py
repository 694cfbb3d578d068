"""The control in a page, as the person's mouse finds it: nothing reaches into its shadow root, tests neither."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.extension.loaded import Extension
from tests.services import wait_until

BOX = """
async (address) => {
  const [tab] = await chrome.tabs.query({ url: address });
  const run = { target: { tabId: tab.id }, func: () => {
    const box = globalThis.WpControl?.box();
    const there = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return there && WpControl.owns(there) ? box : null;
  } };
  return (await chrome.scripting.executeScript(run))[0].result;
}
"""
BUTTONS = ("size", "stop", "undo", "pause")
"""From the right."""


@dataclass(frozen=True)
class Control:
    extension: Extension
    page: Page

    def box(self) -> dict[str, float] | None:
        """Where it is, if it can be clicked."""
        found: dict[str, float] | None = self.extension.desk.evaluate(BOX, self.page.url)
        return found

    def shown(self) -> dict[str, float]:
        """Where it is, once it is seen."""
        found: dict[str, float] = {}

        def look() -> bool:
            found.update(self.box() or {})
            return bool(found)

        wait_until(look, "the control")
        return found

    def point(self, button: str) -> tuple[float, float]:
        """The middle of a button; `move` is the one on the left."""
        box = self.shown()
        middle = box["y"] + box["height"] / 2
        if button == "move":
            return box["x"] + 16, middle
        return box["x"] + box["width"] - 5 - 16 - 34 * BUTTONS.index(button), middle

    def click(self, button: str) -> None:
        self.page.mouse.click(*self.point(button))

    def state(self) -> str | None:
        running: dict[str, str] | None = self.extension.do("status")["recording"]
        return running["state"] if running else None

    def wait_for(self, state: str | None) -> None:
        wait_until(lambda: self.state() == state, f"the state {state}")
