"""Plays a user flow as Puppeteer's replay does, over Playwright: its selectors, its order of trying them, its steps.

aria/NAME[role="ROLE"] goes by the accessible name; text/ finds the smallest elements that hold the text; a list
is a chain through shadow roots. The first selector that finds something visible is taken.
"""

import re
import time
from collections.abc import Iterable, Sequence
from typing import Any

from playwright.sync_api import ElementHandle, Error, Frame, Page

PATIENCE_SECONDS = 5.0
_ARIA = re.compile(r'^(?P<name>.*?)(?:\[\s*role\s*=\s*"(?P<role>[^"]*)"\s*\])?$', re.DOTALL)
_MARK = "data-found-by-replay"
_ROLES = (
    *("button", "link", "textbox", "combobox", "checkbox", "radio", "menuitem", "option", "tab", "switch", "slider"),
    *("cell", "gridcell", "row", "listitem", "heading", "spinbutton", "searchbox", "treeitem", "img", "listbox"),
    *("menuitemcheckbox", "menuitemradio", "columnheader", "rowheader", "group", "region", "dialog", "application"),
)
_TYPED = frozenset({"", "text", "email", "tel", "url", "search", "password", "number"})

_FIND = """([scope, kind, selector]) => {
  const root = scope ? (scope.shadowRoot ?? scope) : document;
  if (kind === "css") return root.querySelector(selector);
  if (kind === "pierce") {
    const roots = [document];
    for (const each of roots) {
      const found = each.querySelector(selector);
      if (found) return found;
      for (const element of each.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
    }
    return null;
  }
  if (kind === "xpath") return document.evaluate(selector, root, null, 9, null).singleNodeValue;
  const holds = (element) => (element.textContent || "").includes(selector) || (element.value || "") === selector;
  let found = null;
  const walk = (parent) => {
    for (const element of parent.children) {
      if (found) return;
      walk(element.shadowRoot ?? element);
      if (!found && holds(element) && !["SCRIPT", "STYLE"].includes(element.tagName)) found = element;
    }
  };
  walk(root);
  return found;
}"""


def run(flow: dict[str, Any], page: Page, *, secrets: Iterable[str] = ()) -> None:
    """Every step of the flow in its order. Questions of the browser are answered as a person would: with yes.

    `secrets`: what a person enters where the flow has nothing, in the order of their use.
    """
    page.on("dialog", lambda dialog: dialog.accept())
    brought = iter(secrets)
    for step in flow["steps"]:
        if step["type"] == "change" and step["value"] == "":
            step["value"] = next(brought, "")
        _Player(page).play(step)


class _Player:
    def __init__(self, page: Page) -> None:
        self.page = page

    def play(self, step: dict[str, Any]) -> None:
        arrives = any(event["type"] == "navigation" for event in step.get("assertedEvents", ()))
        play = getattr(self, f"_{step['type']}")
        if not arrives or step["type"] == "navigate":
            play(step)
            return
        with self.page.expect_navigation(timeout=PATIENCE_SECONDS * 1000):
            play(step)

    def _setViewport(self, step: dict[str, Any]) -> None:  # noqa: N802 - the flow's word
        self.page.set_viewport_size({"width": step["width"], "height": step["height"]})

    def _navigate(self, step: dict[str, Any]) -> None:
        self.page.goto(step["url"])

    def _click(self, step: dict[str, Any], count: int = 1) -> None:
        element = self._element(step)
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        assert box
        button = {"secondary": "right", "auxiliary": "middle"}.get(step.get("button", ""), "left")
        self.page.mouse.click(
            box["x"] + step["offsetX"],
            box["y"] + step["offsetY"],
            click_count=count,
            button=button,  # type: ignore[arg-type]
        )

    def _doubleClick(self, step: dict[str, Any]) -> None:  # noqa: N802
        self._click(step, count=2)

    def _hover(self, step: dict[str, Any]) -> None:
        self._element(step).hover()

    def _change(self, step: dict[str, Any]) -> None:
        element, value = self._element(step), step["value"]
        kind = element.evaluate("(e) => e.localName === 'input' ? e.type : e.localName")
        if kind == "select":
            assert value in element.evaluate("(e) => [...e.options].map((o) => o.value)"), f"no such option: {value}"
            element.select_option(value=value)
        elif element.get_attribute("maxlength") == "1":
            element.focus()
            self.page.keyboard.type(value)  # as Puppeteer does it
        elif kind in _TYPED or kind == "textarea" or element.evaluate("(e) => e.isContentEditable"):
            element.fill(value)
        else:
            element.evaluate(
                """(e, value) => { e.focus(); e.value = value;
                  for (const type of ["input", "change"]) e.dispatchEvent(new Event(type, { bubbles: true })); }""",
                value,
            )

    def _keyDown(self, step: dict[str, Any]) -> None:  # noqa: N802
        self.page.keyboard.down(step["key"])

    def _keyUp(self, step: dict[str, Any]) -> None:  # noqa: N802
        self.page.keyboard.up(step["key"])

    def _scroll(self, step: dict[str, Any]) -> None:
        if "selectors" in step:
            element = self._element(step)
            element.scroll_into_view_if_needed()
            element.evaluate("(e, [x, y]) => { e.scrollLeft = x; e.scrollTop = y }", [step["x"], step["y"]])
        else:
            self.page.evaluate("([x, y]) => window.scroll(x, y)", [step["x"], step["y"]])

    def _waitForExpression(self, step: dict[str, Any]) -> None:  # noqa: N802
        _until(lambda: self._frame(step).evaluate(step["expression"]), step["expression"])

    def _waitForElement(self, step: dict[str, Any]) -> None:  # noqa: N802
        element = self._element(step)
        for name, value in step.get("properties", {}).items():
            _until(lambda name=name, value=value: element.evaluate("(e, name) => e[name]", name) == value)

    def _frame(self, step: dict[str, Any]) -> Frame:
        frame = self.page.main_frame
        for index in step.get("frame", ()):
            assert index < len(frame.child_frames), "the frame is not there yet"
            frame = frame.child_frames[index]
        return frame

    def _element(self, step: dict[str, Any]) -> ElementHandle:
        found: list[ElementHandle] = []

        def look() -> bool:
            frame = self._frame(step)
            for selector in step["selectors"]:
                element = _find(frame, [selector] if isinstance(selector, str) else selector)
                if element is not None and element.is_visible():
                    found.append(element)
                    return True
            return False

        _until(look, str(step["selectors"]))
        return found[0]


def _until(true: Any, what: str = "") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if true():
                return
        except (Error, AssertionError):
            pass  # the page is on its way somewhere
        assert time.monotonic() < deadline, f"not found: {what}"
        time.sleep(0.05)


def _find(frame: Frame, chain: Sequence[str]) -> ElementHandle | None:
    scope: ElementHandle | None = None
    for selector in chain:
        kind, _, rest = selector.partition("/")
        if kind == "aria" and _ in selector:
            scope = _by_aria(frame, scope, rest)
        else:
            known = kind in ("text", "xpath", "pierce") and _
            asked = [scope, kind if known else "css", rest if known else selector]
            scope = frame.evaluate_handle(_FIND, asked).as_element()
        if scope is None:
            return None
    return scope


def _by_aria(frame: Frame, scope: ElementHandle | None, selector: str) -> ElementHandle | None:
    """By accessible name, and role where one is named. Playwright's names stand in for Chrome's: one standard."""
    match = _ARIA.match(selector)
    assert match
    if scope is not None:
        scope.evaluate("(e, mark) => e.setAttribute(mark, '')", _MARK)
    within = frame.locator(f"[{_MARK}]") if scope is not None else frame
    try:
        for role in [match["role"]] if match["role"] else _ROLES:
            found = within.get_by_role(role, name=match["name"], exact=True)  # type: ignore[arg-type]
            if found.count():
                return found.first.element_handle()
        return None
    finally:
        if scope is not None:
            scope.evaluate("(e, mark) => e.removeAttribute(mark)", _MARK)
