"""Each step's picture shows the page as it was before, and nothing secret."""

import io
import time
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from app.browser import record
from app.browser.covering import COLOUR
from app.browser.recording import Recording
from tests.browser.host.conftest import SITE, serve

WHITE, GREEN = (255, 255, 255), (0, 255, 0)
ON_PRESS = "<button id=go onmousedown=\"document.body.style.background='rgb(0,255,0)'\">Go</button>"
LINK = "<a id=go href=/green style='font-size:30px'>Go</a>"
PAGES = {"press": ON_PRESS, "link": LINK, "green": "<body style='background:rgb(0,255,0)'>there"}


def picture(recording: Recording, number: int) -> Image.Image:
    """Of a step, counted from 0."""
    name = recording.steps[number].screenshot_id
    assert name
    return Image.open(io.BytesIO(recording.pictures[name])).convert("RGB")


def corner(image: Image.Image) -> tuple[float, ...]:
    found = image.getpixel((image.width - 10, image.height - 10))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("name", ["press", "link"])
def test_a_page_that_changes_with_the_press(context: BrowserContext, shop: Page, name: str) -> None:
    serve(context, PAGES)
    with record(shop) as recording:
        shop.goto(f"{SITE}/{name}")
        shop.click("#go")
        shop.wait_for_function("getComputedStyle(document.body).backgroundColor === 'rgb(0, 255, 0)'")
    assert corner(picture(recording, 1)) == WHITE


def test_a_page_that_changed_while_python_was_busy(context: BrowserContext, shop: Page) -> None:
    change = "<button id=go>Go</button><script>setTimeout(() => document.body.style.background = 'lime', 300)</script>"
    serve(context, {"": change})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
        time.sleep(1)  # what is tried is a program that does not listen
        shop.click("#go")
    assert corner(picture(recording, 1)) == GREEN


def test_thirty_clicks_have_thirty_pictures(context: BrowserContext, shop: Page) -> None:
    count = (
        '<button id=go onclick="document.body.style.background = `rgb(${++n},0,0)`">Go</button><script>n = 0</script>'
    )
    serve(context, {"": count})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
        for _ in range(30):
            shop.locator("#go").evaluate("(b) => b.scrollIntoView()")
            shop.mouse.click(15, 15)
    reds = [corner(picture(recording, number))[0] for number in range(2, 31)]
    assert len(reds) == 29
    assert all(red <= number for number, red in enumerate(reds, 1))  # never one that shows what came of the click
    assert reds == sorted(reds)


def test_a_page_that_moves_all_the_time(context: BrowserContext, shop: Page) -> None:
    moving = """<button id=go onclick="document.body.style.background = 'lime'">Go</button><p id=p></p>
      <script>
        const tick = () => { p.style.marginLeft = `${Date.now() % 200}px`; requestAnimationFrame(tick) };
        tick();
      </script>"""
    serve(context, {"": moving})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
        time.sleep(1)
        shop.mouse.click(15, 15)
    assert corner(picture(recording, 1)) == WHITE


class TestSecrets:
    FIELD = (
        "<body style='margin:0'>"
        "<input type=password style='position:absolute;left:50px;top:60px;width:100px;height:30px'>"
    )

    @pytest.fixture
    def press(self, context: BrowserContext, shop: Page) -> Callable[[dict[str, str], tuple[int, int]], Image.Image]:
        def do(pages: dict[str, str], where: tuple[int, int]) -> Image.Image:
            serve(context, pages)
            with record(shop) as recording:
                shop.goto(f"{SITE}/")
                shop.wait_for_timeout(600)
                shop.mouse.click(300, 300)
            image = picture(recording, 1)
            assert image.getpixel(where) == COLOUR
            assert image.getpixel((where[0] + 70, where[1])) != COLOUR
            return image

        return do

    def test_a_field_of_the_page(self, press: Callable[..., Image.Image]) -> None:
        press({"": self.FIELD}, (100, 75))

    def test_a_field_in_a_frame_of_another_origin(self, press: Callable[..., Image.Image]) -> None:
        around = "<body style='margin:0'><iframe src=http://bank.test/f style='border:0;margin:20px 0 0 30px'></iframe>"
        press({"": around, "f": self.FIELD}, (130, 95))

    HIDDEN_FRAME = """<div id=host></div><script>
      const place = "position:absolute;left:250px;top:250px;border:0";
      host.attachShadow({ mode: "open" }).innerHTML = `<iframe src=/f style="${place}"></iframe>`;
    </script>"""
    """Of which this core cannot tell where it is."""

    def test_a_field_of_the_page_around_a_frame_whose_place_is_unknown(self, press: Callable[..., Image.Image]) -> None:
        press(
            {"": self.FIELD + self.HIDDEN_FRAME, "f": "<button style='width:200px;height:100px'>Go</button>"}, (100, 75)
        )

    def test_a_field_whose_place_is_unknown(self, context: BrowserContext, shop: Page) -> None:
        serve(context, {"": self.HIDDEN_FRAME, "f": self.FIELD})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.frame_locator("iframe").locator("input").click()
        assert recording.steps[1].screenshot_id is None
        assert any("picture was not kept" in warning for warning in recording.warnings)
