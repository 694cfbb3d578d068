"""The control in the page: for the person alone, in nobody's way, and in no picture."""

import base64
import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.extension.control import Control
from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import FIRST, Site
from tests.services import wait_until

GREEN, DARK = (204, 255, 204), 60
LISTEN = """
window.heard = [];
window.host = () => document.querySelector("html > :not(head, body)");
for (const type of ["click", "pointerdown", "mousedown", "pointermove", "keydown", "focusin"]) {
  addEventListener(type, (event) => event.target === host() && heard.push(type), true);
}
"""
ATTACK = """
() => {
  const at = host().getBoundingClientRect();
  const made = { bubbles: true, composed: true, clientX: innerWidth - 80, clientY: innerHeight - 30, detail: 1 };
  for (const type of ["pointerdown", "mousedown", "mouseup", "click"]) host().dispatchEvent(new MouseEvent(type, made));
  for (const x of [30, 60, 80, 100, 130, 160]) {
    host().dispatchEvent(new PointerEvent("click", { ...made, clientX: innerWidth - x }));
  }
  host().dispatchEvent(new MouseEvent("click", { ...made, detail: 0 }));
  host().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
  host().click();
  host().focus();
  postMessage({ type: "stop" }, "*");
  dispatchEvent(new CustomEvent("stop"));
  return [host().shadowRoot, at.width];
}
"""


@pytest.fixture
def control(extension: Extension, tab: Page, site: Site) -> Control:
    """Of a recording that runs on a page that watches it from its first line on."""
    site.pages["/"] = FIRST.replace("<body", f"<script>{LISTEN}</script><body")
    extension.do("start")
    tab.reload()
    return Control(extension, tab)


def test_a_page_can_make_no_event_that_it_obeys(control: Control, extension: Extension) -> None:
    control.shown()
    assert control.page.evaluate(ATTACK) == [None, 0]
    control.page.evaluate("addEventListener('stop', () => 0); document.querySelector('#one').click()")
    control.page.click("#two")
    extension.wait_for_steps(2)
    assert control.state() == "recording"
    assert extension.said()[-1] == "click Two"


def test_a_page_that_throws_it_out_has_it_again_at_the_next_step(control: Control) -> None:
    control.shown()
    control.page.evaluate("host().remove()")
    control.page.click("#one")
    wait_until(lambda: bool(control.page.evaluate("!!host()")), "the control")


def test_what_is_done_to_it_is_no_step_and_no_event_of_the_page(control: Control, extension: Extension) -> None:
    control.page.click("#one")
    extension.wait_for_steps(2)
    control.click("pause")
    control.wait_for("paused")
    control.click("pause")
    control.wait_for("recording")
    control.click("undo")
    wait_until(lambda: len(extension.steps()) == 1, "one step less")
    assert control.page.evaluate("heard") == []


def test_stop_opens_the_review_and_takes_it_out_of_the_page(control: Control, extension: Extension) -> None:
    control.page.click("#one")
    extension.wait_for_steps(2)
    control.shown()
    with extension.context.expect_page() as opening:
        control.click("stop")
    expect(opening.value.locator(".step")).to_have_count(2)
    assert control.page.evaluate("host()") is None


def test_it_is_reached_and_used_by_keyboard(control: Control, extension: Extension) -> None:
    control.shown()
    control.page.focus("#away")
    control.page.keyboard.press("Tab")
    before = control.shown()
    control.page.keyboard.press("ArrowLeft")
    control.page.keyboard.press("ArrowUp")
    after = control.shown()
    assert (after["x"], after["y"]) == (before["x"] - 24, before["y"] - 24)
    control.page.keyboard.press("Tab")
    control.page.keyboard.press("Enter")
    control.wait_for("paused")
    assert [step for step in extension.said() if not step.startswith("navigate")] == []


def test_it_is_moved_by_the_mouse_and_made_smaller(control: Control) -> None:
    before = control.shown()
    control.page.mouse.move(*control.point("move"))
    control.page.mouse.down()
    control.page.mouse.move(300, 300, steps=5)
    control.page.mouse.up()
    moved = control.shown()
    assert abs(moved["x"] + 16 - 300) < 2
    assert moved["width"] == before["width"]
    control.click("size")
    wait_until(lambda: (control.box() or moved)["width"] < moved["width"] / 1.8, "a smaller control")


def test_a_strict_policy_of_the_page_does_not_break_it(control: Control, site: Site) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    site.pages["/strict"] = f"{policy}<title>Strict</title><button>One</button>"
    control.page.goto(f"{site.address}strict")
    box = control.shown()
    assert box["width"] > 120
    assert box["height"] < 60
    control.click("pause")
    control.wait_for("paused")


def pictures(extension: Extension) -> list[Image.Image]:
    found: list[dict[str, Any]] = extension.dump()["pictures"]
    return [Image.open(io.BytesIO(base64.b64decode(each["base64"]))).convert("RGB") for each in found]


def test_it_is_in_no_picture(control: Control, extension: Extension) -> None:
    box = control.shown()
    for count, name in enumerate(("#one", "#two", "#one"), 1):
        control.page.mouse.move(box["x"] + 20, box["y"] - 5)  # it comes back, and is near the pointer
        control.shown()
        control.page.click(name)
        extension.wait_for_pictures(count)
        extension.rest()
    extension.do("stop")
    taken = pictures(extension)
    assert taken
    for picture in taken:
        scale = picture.width / 1000
        left, top = (int(box[edge] * scale) - 8 for edge in ("x", "y"))
        right, bottom = (int((box[a] + box[b]) * scale) + 8 for a, b in (("x", "width"), ("y", "height")))
        corner = picture.crop((left, top, right, bottom))
        for channel, colour in zip("RGB", GREEN, strict=True):
            values = corner.getchannel(channel).tobytes()
            assert colour - DARK < min(values) <= max(values) < colour + DARK
