"""Hiding parts of pictures in a real browser: by mouse, by finger, by keyboard alone, and without scripts."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from app.accounts.actor import Actor
from app.core.config import BACKEND
from app.core.db import transaction
from app.recordings import importing
from app.storage.models import Screenshot
from app.storage.redacting import INK
from app.storage.store import get_store
from app.workflows import steps
from tests.browser.axe import violations
from tests.storage.pictures import pixel

SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"
EMAIL, NAVIGATION = 4, 0
"""Places of steps: a field that was filled; one with nothing to hide."""


@pytest.fixture
def workflow_id(actor: Actor) -> int:
    return importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id


def shots(workflow_id: int) -> list[tuple[int, Screenshot]]:
    with transaction(read_only=True) as session:
        return [
            (view.step.id, session.get_one(Screenshot, view.step.screenshot_id))
            for view in steps.listed(session, workflow_id)
            if view.step.screenshot_id
        ]


def ink_at(workflow_id: int, at: int, x: float, y: float) -> bool:
    """Whether the picture of the step at this place is painted over there; in CSS pixels."""
    _, shot = shots(workflow_id)[at]
    picture = Image.open(io.BytesIO(get_store().get(shot.blob)))
    scale = shot.width / 1280
    found = pixel(picture, round(x * scale), round(y * scale))
    return all(abs(got - wanted) < 8 for got, wanted in zip(found, (*INK, 255), strict=True))


@pytest.fixture
def opened(page: Page, sign_in: Callable[[], None], workflow_id: int) -> Callable[[int], Page]:
    """Opens the page of a step's picture."""

    def do(at: int) -> Page:
        sign_in()
        page.goto(f"/workflows/{workflow_id}/steps/{shots(workflow_id)[at][0]}/redact")
        expect(page.locator(".stage.ready")).to_be_visible()
        page.wait_for_function("document.querySelector('.stage img').complete")
        return page

    return do


def middle_of(stage: Locator, x: float, y: float) -> tuple[float, float]:
    box = stage.bounding_box()
    assert box
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def test_what_is_found_is_hidden_on_the_whole_page_with_one_click(
    opened: Callable[[int], Page], workflow_id: int
) -> None:
    page = opened(EMAIL)
    before = shots(workflow_id)
    expect(page.locator(".box").first).to_be_visible()
    page.get_by_role("button", name="Tick all proposed").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".stage.preview")).to_be_visible()
    page.get_by_role("button", name="pictures of this page").click()
    expect(page.get_by_text("What was there before is destroyed.")).to_be_visible()
    assert ink_at(workflow_id, EMAIL, 600, 285)
    assert ink_at(workflow_id, EMAIL + 1, 600, 285)
    assert not ink_at(workflow_id, NAVIGATION, 600, 285)
    old = before[EMAIL][1].id
    assert page.request.get(f"/api/v1/screenshots/{old}").status == 404
    assert not get_store().exists(before[EMAIL][1].blob)
    expect(page.locator(".box")).to_have_count(0)


def test_a_rectangle_is_drawn_moved_and_resized_by_mouse(opened: Callable[[int], Page], workflow_id: int) -> None:
    page = opened(NAVIGATION)
    stage = page.locator(".stage")
    page.mouse.move(*middle_of(stage, 0.1, 0.1))
    page.mouse.down()
    page.mouse.move(*middle_of(stage, 0.3, 0.4), steps=4)
    page.mouse.up()
    expect(page.locator(".box")).to_have_count(1)
    expect(page.locator(".box")).to_have_attribute("aria-pressed", "true")
    page.mouse.move(*middle_of(stage, 0.2, 0.2))
    page.mouse.down()
    page.mouse.move(*middle_of(stage, 0.5, 0.4), steps=4)
    page.mouse.up()
    assert values(page) == pytest.approx([40, 30, 20, 30], abs=0.5)
    page.mouse.move(*middle_of(stage, 0.6, 0.6))
    page.mouse.down()
    page.mouse.move(*middle_of(stage, 0.7, 0.8), steps=4)
    page.mouse.up()
    assert values(page) == pytest.approx([40, 30, 30, 50], abs=0.5)
    page.get_by_role("button", name="Hide in this picture").click()
    expect(page.get_by_text("Hidden in 1 picture.")).to_be_visible()
    assert ink_at(workflow_id, NAVIGATION, 640, 360)
    assert not ink_at(workflow_id, NAVIGATION, 200, 100)


def values(page: Page) -> list[float]:
    """Of the last rectangle in the list."""
    row = page.locator(".rectangle").last
    return [float(row.locator(f"[name={edge}]").input_value()) for edge in ("left", "top", "width", "height")]


def test_by_keyboard_alone(opened: Callable[[int], Page], workflow_id: int) -> None:
    page = opened(NAVIGATION)
    tab_to(page, "Add a rectangle")
    page.keyboard.press("Enter")
    expect(page.locator(".box:focus")).to_have_count(1)
    for key, times in (("ArrowLeft", 30), ("ArrowUp", 35), ("Shift+ArrowRight", 10), ("Shift+ArrowDown", 5)):
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Control+ArrowRight")
    assert values(page) == [10.1, 10, 30, 15]
    page.keyboard.press("Space")
    expect(page.locator(".box:focus")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Space")
    expect(page.locator(".box:focus")).to_have_attribute("aria-pressed", "true")
    tab_to(page, "Add a rectangle", backwards=True)
    page.keyboard.press("Enter")
    expect(page.locator(".box")).to_have_count(2)
    page.keyboard.press("Delete")
    expect(page.locator(".box")).to_have_count(1)
    expect(page.locator(".box:focus")).to_have_count(1)
    tab_to(page, "Hide in this picture")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hidden in 1 picture.")).to_be_visible()
    assert ink_at(workflow_id, NAVIGATION, 300, 100)


def tab_to(page: Page, name: str, *, backwards: bool = False) -> None:
    wanted = page.get_by_role("button", name=name)
    for _ in range(60):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    pytest.fail(f"no way to {name!r} by keyboard")


def test_by_finger(page: Page, sign_in: Callable[[], None], workflow_id: int, chromium: Browser, server: str) -> None:
    sign_in()
    state: Any = page.context.storage_state()
    phone = chromium.new_context(
        base_url=server, storage_state=state, has_touch=True, viewport={"width": 390, "height": 800}
    )
    screen = phone.new_page()
    screen.goto(f"/workflows/{workflow_id}/steps/{shots(workflow_id)[NAVIGATION][0]}/redact")
    stage = screen.locator(".stage.ready")
    stage.scroll_into_view_if_needed()
    touch = phone.new_cdp_session(screen)
    for kind, at in (("touchStart", (0.2, 0.2)), ("touchMove", (0.4, 0.5)), ("touchMove", (0.6, 0.7))):
        x, y = middle_of(stage, *at)
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(screen.locator(".box")).to_have_count(1)
    assert values(screen) == pytest.approx([20, 20, 40, 50], abs=1)
    phone.close()


def test_without_scripts_the_numbers_do(
    page: Page, sign_in: Callable[[], None], workflow_id: int, chromium: Browser, server: str
) -> None:
    sign_in()
    state: Any = page.context.storage_state()
    context = chromium.new_context(base_url=server, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(f"/workflows/{workflow_id}/steps/{shots(workflow_id)[EMAIL][0]}/redact")
    plain.get_by_role("button", name="Hide in this picture").click()
    expect(plain.get_by_role("alert")).to_contain_text("Nothing was hidden")
    plain.goto(f"/workflows/{workflow_id}/steps/{shots(workflow_id)[EMAIL][0]}/redact")
    row = plain.locator(".rectangle").last
    for edge, value in (("left", "0"), ("top", "0"), ("width", "50"), ("height", "25.5")):
        row.locator(f"[name={edge}]").fill(value)
    row.get_by_label("Hide this").check()
    plain.get_by_role("button", name="Hide in this picture").click()
    expect(plain.get_by_text("Hidden in 1 picture.")).to_be_visible()
    assert ink_at(workflow_id, EMAIL, 300, 100)
    context.close()


def test_nothing_is_sent_before_something_is_ticked(opened: Callable[[int], Page]) -> None:
    page = opened(EMAIL)
    address = page.url
    page.get_by_role("button", name="Hide in this picture").click()
    expect(page.get_by_text("Tick at least one rectangle first.")).to_be_visible()
    assert page.url == address


def test_from_picture_to_picture(opened: Callable[[int], Page], workflow_id: int) -> None:
    page = opened(NAVIGATION)
    expect(page.get_by_role("link", name="Previous picture")).to_have_count(0)
    page.get_by_role("link", name="Next picture").click()
    expect(page.get_by_role("heading", name="step 2")).to_be_visible()
    page.get_by_role("link", name="Previous picture").click()
    expect(page.get_by_role("heading", name="step 1")).to_be_visible()
    page.goto(f"/workflows/{workflow_id}")
    page.get_by_role("link", name="Hide parts of the picture of step 3").click()
    expect(page.get_by_role("heading", name="step 3")).to_be_visible()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest, page: Page) -> str:
    page.emulate_media(color_scheme=request.param)
    name: str = request.param
    return name


@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_use_it(opened: Callable[[int], Page], scheme: str, width: int) -> None:
    assert scheme
    page = opened(EMAIL)
    page.set_viewport_size({"width": width, "height": 860})
    page.locator(".rectangle").first.get_by_label("Hide this").check()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
