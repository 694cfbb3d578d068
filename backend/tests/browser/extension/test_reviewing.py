"""Looking a recording over: what is dropped or hidden here never leaves."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.accounts import tokens
from app.accounts.actor import Actor
from app.core.db import transaction
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows import service as workflows
from app.workflows import steps as workflow_steps
from tests.browser.axe import violations
from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import Site

SECRET = "<title>Payroll</title><body style='margin:0;background:#fff'><div style='height:90px;background:#f00'></div>"
BUTTONS = """<button id=one>One</button> <button id=two>Two</button> <button id=three>Three</button>
<script>onclick = () => document.body.append(" Done. ", document.createElement("br"))</script>"""


@pytest.fixture
def recorded(extension: Extension, tab: Page, site: Site) -> Page:
    """The review page of three clicks below a red bar that nobody must see."""
    site.pages["/"] = SECRET + BUTTONS
    tab.goto(site.address)
    extension.do("start", name="Run payroll")
    for count, name in enumerate(("one", "two", "three"), 1):
        tab.click(f"#{name}")
        extension.wait_for_pictures(count)
        extension.rest()
    extension.do("stop")
    page = extension.context.new_page()
    page.goto(extension.address(f"review/review.html?recording={extension.recording()['id']}"))
    expect(page.locator(".step")).to_have_count(3)
    return page


@pytest.fixture
def connected(extension: Extension, server: str, actor: Actor) -> None:
    with transaction() as session:
        secret = tokens.create(session, actor, name="recorder", scopes=["write"])[1]
    extension.do("connect", server=server, token=secret)


def step(page: Page, number: int) -> Locator:
    return page.locator(".step").nth(number - 1)


def draw(page: Page, number: int) -> None:
    """Over the upper part of the picture, by mouse."""
    step(page, number).get_by_role("button", name="Hide areas").click()
    picture = page.locator(".stage img").bounding_box()
    assert picture
    page.mouse.move(picture["x"] + 1, picture["y"] + 1)
    page.mouse.down()
    page.mouse.move(picture["x"] + picture["width"], picture["y"] + picture["height"] / 4, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Keep it so").click()
    expect(step(page, number).locator(".cover")).to_have_count(1)


def pictures_of(number: int) -> list[Image.Image]:
    """Those that the server has of the workflow's steps."""
    with transaction(read_only=True) as session:
        shots = [each.step.screenshot_id for each in workflow_steps.listed(session, number)]
        keys = [session.get_one(Screenshot, shot).blob for shot in shots]
    return [Image.open(io.BytesIO(get_store().get(key))).convert("RGB") for key in keys]


def test_dropped_steps_and_hidden_pixels_stay_here(
    recorded: Page, connected: None, extension: Extension, actor: Actor
) -> None:
    assert connected is None
    recorded.get_by_label("Name of the recording").fill("Pay everybody")
    step(recorded, 2).get_by_role("button", name="Drop").click()
    expect(recorded.get_by_text("2 of 3 steps are kept")).to_be_visible()
    for number in (1, 3):
        draw(recorded, number)
    with extension.context.expect_page(lambda page: "/sign-in" in page.url or "/workflows/" in page.url):
        recorded.get_by_role("button", name="Send to").click()
    with transaction(read_only=True) as session:
        [row] = workflows.search(session, actor, limit=5).items
        names = [(each.step.target or {})["name"] for each in workflow_steps.listed(session, row.workflow.id)]
    assert row.workflow.name == "Pay everybody"
    assert names == ["One", "Three"]
    for picture in pictures_of(row.workflow.id):
        bar = picture.crop((3, 3, picture.width - 3, 80 * picture.height // 700))
        assert max(bar.getchannel("R").tobytes()) <= 120
    assert extension.dump()["pictures"] == []


def test_what_is_decided_is_there_after_a_reload(recorded: Page, extension: Extension) -> None:
    recorded.get_by_label("Name of the recording").fill("Pay <b>everybody</b>")
    recorded.keyboard.press("Tab")
    recorded.keyboard.press("Tab")
    recorded.locator("h1").click()
    recorded.keyboard.press("j")
    recorded.keyboard.press("x")
    recorded.keyboard.press("j")
    recorded.keyboard.press("h")
    recorded.get_by_role("button", name="Add an area").press("Enter")
    recorded.keyboard.press("Shift+ArrowRight")
    recorded.get_by_role("button", name="Keep it so").press("Enter")
    expect(step(recorded, 2)).to_be_focused()
    recorded.reload()
    expect(recorded.locator(".step.dropped")).to_have_count(1)
    expect(recorded.get_by_label("Name of the recording")).to_have_value("Pay <b>everybody</b>")
    assert [len(each["hidden"]) for each in extension.steps()] == [0, 1, 0]
    step(recorded, 1).get_by_role("button", name="Restore").click()
    expect(recorded.locator(".step.dropped")).to_have_count(0)


def test_without_a_server_it_waits_and_says_how_to_connect(recorded: Page) -> None:
    expect(recorded.get_by_text("Not connected to a server yet")).to_be_visible()
    assert recorded.get_by_role("button", name="Send").count() == 0


def test_discarding_asks_first_and_leaves_nothing(recorded: Page, extension: Extension) -> None:
    recorded.get_by_role("button", name="Discard").click()
    recorded.get_by_role("button", name="Keep", exact=True).click()
    assert len(extension.recordings()) == 1
    recorded.get_by_role("button", name="Discard").click()
    recorded.get_by_role("button", name="Discard for good").click()
    expect(recorded.get_by_text("no such recording")).to_be_visible()
    assert [rows for rows in extension.dump().values() if rows] == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_is_for_everybody(recorded: Page, width: int, scheme: str) -> None:
    recorded.set_viewport_size({"width": width, "height": 860})
    recorded.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two that there are
    assert violations(recorded) == []
    assert recorded.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    step(recorded, 1).get_by_role("button", name="Hide areas").click()
    recorded.get_by_role("button", name="Add an area").click()
    assert violations(recorded) == []


MANY = """
async () => {
  const { addRecording, done, recordings, stepsOf, within } = await import("/store.js");
  const [like] = await recordings();
  const [step] = await stepsOf(like.id);
  await addRecording({ ...like, id: "many" });
  await within("readwrite", ["steps", "pictures"], async (steps, pictures) => {
    const picture = await done(pictures.get(step.pictureId));
    for (let n = 0; n < 200; n++) {
      steps.put({ ...step, recordingId: "many", id: String(n), order: n, pictureId: `many ${n}` });
      pictures.put({ ...picture, recordingId: "many", id: `many ${n}` });
    }
  });
}
"""


def test_of_two_hundred_steps_only_the_near_pictures_are_read(recorded: Page, extension: Extension) -> None:
    extension.desk.evaluate(MANY)
    recorded.goto(extension.address("review/review.html?recording=many"))
    expect(recorded.locator(".step")).to_have_count(200)
    shown = recorded.locator(".step img[src]")
    expect(shown.first).to_be_visible()
    assert shown.count() < 30
    step(recorded, 200).scroll_into_view_if_needed()
    expect(step(recorded, 200).locator("img[src]")).to_be_visible()
