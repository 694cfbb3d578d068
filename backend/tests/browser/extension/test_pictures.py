"""A picture shows the page as it was before the step, without secrets and without our own control."""

import base64
import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import Site
from tests.services import wait_until

COVERED = (17, 24, 39)
Pixel = tuple[int, int, int]


def pictures(extension: Extension) -> list[Image.Image | None]:
    """That of each step of the only recording."""
    kept = {picture["id"]: picture for picture in extension.dump()["pictures"]}
    return [opened(kept[step["pictureId"]]) if step["pictureId"] else None for step in extension.steps()]


def opened(picture: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(picture["base64"]))).convert("RGB")


def pixel(picture: Image.Image | None, x: float, y: float) -> Pixel:
    assert picture is not None
    found = picture.getpixel((int(x), int(y)))
    assert isinstance(found, tuple)
    return (int(found[0]), int(found[1]), int(found[2]))


def near(one: Pixel, other: Pixel) -> bool:
    """WebP changes colours a little."""
    return all(abs(a - b) <= 12 for a, b in zip(one, other, strict=True))


def middle(tab: Page, selector: str) -> tuple[float, float]:
    box = tab.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_picture_of_a_link_shows_the_page_that_was_left(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.click("#away")
    tab.wait_for_url("**/second")
    extension.do("stop")

    [picture] = pictures(extension)
    assert near(pixel(picture, 500, 500), (0xCC, 0xFF, 0xCC))
    assert picture is not None
    assert picture.size == (1000, 700)


def test_a_page_that_repaints_on_mousedown_is_seen_before_it_did(extension: Extension, tab: Page, site: Site) -> None:
    site.pages["/"] = """<title>Repaints</title><body style="margin:0;background:#00f"><button id=one>One</button>
      <script>addEventListener("mousedown", () => {
        document.body.style.background = "#f00"; document.body.append(document.createElement("p")); })</script>"""
    tab.reload()
    extension.do("start")
    tab.hover("#one")
    extension.rest()
    tab.click("#one")
    extension.do("stop")

    assert near(pixel(pictures(extension)[0], 500, 500), (0, 0, 255))


def test_secret_fields_are_opaque_in_every_frame(extension: Extension, tab: Page, site: Site) -> None:
    secret = "<input id=secret type=password value=x style='width:200px;height:40px;background:#ff0'>"
    site.pages["/"] = f"""<title>Outer</title><body style="margin:0">{secret}<button id=one>One</button>
      <iframe id=frame src="{site.elsewhere}inner" style="position:absolute;left:100px;top:200px;border:0"></iframe>"""
    site.pages["/inner"] = f"<body style='margin:0;background:#cff'>{secret}<button id=deep>Deep</button>"
    tab.reload()
    extension.do("start")
    tab.click("#one")
    extension.wait_for_steps(1)
    extension.rest()
    tab.frame_locator("#frame").locator("#deep").click()
    extension.do("stop")

    for picture in pictures(extension):
        assert near(pixel(picture, *middle(tab, "#secret")), COVERED)
        assert near(pixel(picture, 200, 220), COVERED)
        assert near(pixel(picture, 150, 300), (0xCC, 0xFF, 0xFF))


def test_a_frame_that_does_not_answer_is_covered(extension: Extension, tab: Page, site: Site) -> None:
    refused = "<meta http-equiv=Content-Security-Policy content=\"frame-src 'none'\">"
    site.pages[
        "/"
    ] = f"""{refused}<title>Outer</title><body style="margin:0;background:#cfc"><button id=one>One</button>
      <iframe id=frame src="/second" style="position:absolute;left:100px;top:200px;border:0;width:300px"></iframe>"""
    tab.reload()
    extension.do("start")
    tab.click("#one")
    extension.do("stop")

    [picture] = pictures(extension)
    assert near(pixel(picture, 250, 250), COVERED)
    assert near(pixel(picture, 500, 500), (0xCC, 0xFF, 0xCC))


def test_a_secret_that_moves_while_the_picture_is_taken_is_covered_all_along(
    extension: Extension, tab: Page, site: Site
) -> None:
    site.pages["/"] = """<title>Moves</title><body style="margin:0"><button id=one>One</button>
      <style>#secret { position: absolute; top: 100px; left: 0; width: 60px; height: 30px; background: #ff0 }</style>
      <input id=secret type=password value=x><script>
      onpointerdown = () => { let x = 0; setInterval(() => { secret.style.left = `${x += 3}px`; }, 5); }</script>"""
    tab.reload()
    extension.do("start")
    tab.click("#one")
    extension.do("stop")

    [picture] = pictures(extension)
    if picture is not None:
        yellow = [pixel(picture, x, 115) for x in range(0, 1000, 2) if near(pixel(picture, x, 115), (255, 255, 0))]
        assert yellow == []


def test_a_burst_loses_pictures_and_no_step(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.evaluate("document.body.addEventListener('click', (event) => event.target.after(document.createElement('hr')))")
    for _ in range(15):
        tab.click("#one")
        tab.click("#two")
    extension.do("stop")

    steps = extension.steps()
    assert [step["step"]["target"]["name"] for step in steps if step["step"]["action"] == "click"] == [
        "One",
        "Two",
    ] * 15
    assert all(step["pictureId"] or step["noPicture"] == "too_quick" for step in steps)
    assert sum(step["pictureId"] is not None for step in steps) >= 2


def test_steps_on_a_page_that_stays_the_same_share_a_picture(extension: Extension, tab: Page) -> None:
    extension.do("start")
    for _ in range(3):
        tab.click("#one")
        tab.click("#two")
    extension.do("stop")

    assert all(pictures(extension))


def test_a_tab_that_is_not_in_front_has_no_picture(extension: Extension, tab: Page) -> None:
    extension.do("start")
    extension.desk.bring_to_front()
    tab.locator("#one").dispatch_event("click")
    tab.click("#two")
    extension.do("stop")

    assert {step["noPicture"] for step in extension.steps()} <= {"other_tab", "failed"}
    assert extension.dump()["pictures"] == []


def test_the_control_is_in_no_picture(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.wait_for_timeout(300)
    tab.focus("#one")
    tab.keyboard.press("Enter")
    extension.wait_for_steps(1)
    extension.rest()
    tab.click("#two")
    extension.do("stop")

    background = (0xCC, 0xFF, 0xCC)
    for picture in filter(None, pictures(extension)):
        lower = picture.crop((0, 100, 1000, 700)).resize((250, 150))
        assert all(near(pixel(lower, x, y), background) for x in range(250) for y in range(150))


ZOOM = """
async (size) => {
  for (const tab of await chrome.tabs.query({ active: true })) await chrome.tabs.setZoom(tab.id, size);
}
"""
PLACE = """() => {
  const box = document.querySelector("#password").getBoundingClientRect();
  return [(box.x + box.width / 2) / innerWidth, (box.y + box.height / 2) / innerHeight];
}"""


@pytest.mark.parametrize("size", [0.5, 2.0])
def test_a_zoomed_page_is_covered_where_its_secret_is(extension: Extension, tab: Page, size: float) -> None:
    extension.do("start")
    extension.desk.evaluate(ZOOM, size)
    tab.wait_for_function("innerWidth !== 1000")
    tab.click("#one")
    extension.do("stop")
    x, y = tab.evaluate(PLACE)
    extension.desk.evaluate(ZOOM, 1)
    [picture] = pictures(extension)
    assert picture is not None
    assert near(pixel(picture, x * picture.width, y * picture.height), COVERED)


def test_a_picture_without_a_step_is_not_kept(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.hover("#two")
    tab.click("#one")
    extension.do("stop")

    wait_until(lambda: len(extension.dump()["pictures"]) <= 1, "one picture")
