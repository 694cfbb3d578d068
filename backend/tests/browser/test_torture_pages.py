"""Pages that are hard to record: what a person does there becomes exactly the steps that a person would write."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from app.browser import record
from app.browser.covering import COLOUR
from app.workflows.content import StepContent
from tests.browser.torture.compare import difference, seen
from tests.browser.torture.recorder import Hosted, Recorder
from tests.browser.torture.server import PAGES, serving_pages
from tests.browser.torture.steps import Step

NAMES = sorted(page.stem for page in PAGES.glob("*.html"))
VIEWPORT = ViewportSize(width=1000, height=700)
PATIENCE_MILLISECONDS = 10_000


@dataclass
class Torture:
    """A page, what is done there and what should be recorded."""

    drive: Callable[[Page], None]
    done: Callable[[Page], None]
    expected: list[Step]
    by_tabs: list[Step]
    """The same, as a recorder sees it that knows when a person goes to another tab by the browser's own means."""
    secrets: Sequence[str]
    """What is typed there and must not be found in any step."""
    brought: Sequence[str]
    """What somebody who replays it brings along, one for each step that enters a secret."""


def of(name: str) -> Torture:
    """Fails where a page has no module beside it."""
    module = import_module(f"tests.browser.pages.{name}")
    by_tabs = getattr(module, "BY_TABS", module.EXPECTED)
    secrets = getattr(module, "SECRETS", ())
    brought = getattr(module, "BROUGHT", secrets)
    return Torture(module.drive, module.done, module.EXPECTED, by_tabs, secrets, brought)


def told(step: StepContent) -> str:
    """All that the step says, without numbers in which a short secret may be found by chance."""
    return step.model_dump_json(exclude={"timestamp": True, "target": {"box"}, "page": {"url"}}) + (
        urlsplit(step.page.url or "").path
    )


def check(name: str, blank: Page, pages: str, recorder: Recorder) -> None:
    """Do there what is to be done; fails unless exactly the expected steps are recorded."""
    page = of(name)
    recorder.begin(blank, f"{pages}/{name}.html")
    page.drive(blank)
    page.done(blank)
    steps = recorder.end()
    expected = page.by_tabs if recorder.sees_tabs else page.expected
    unlike = difference(expected, [seen(step) for step in steps])
    warned = "".join(f"\nsaid: {warning}" for warning in recorder.warnings)
    if unlike or warned:
        pytest.fail(f"{name}:\n{unlike}{warned}", pytrace=False)
    assert [step.action for step in steps if step.target and not (step.target.selectors and step.target.box)] == []
    everything = "".join(told(step) for step in steps)
    assert [secret for secret in page.secrets if secret in everything] == []


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    with serving_pages() as address:
        yield address


@pytest.fixture
def blank(chromium: Browser) -> Iterator[Page]:
    """An empty page of a context of its own; an error on a page of ours fails the test."""
    context = chromium.new_context(viewport=VIEWPORT, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert wrong == []


def test_every_page_stands_beside_what_is_done_there() -> None:
    """Neither a page alone nor a module alone."""
    modules = {path.stem for path in PAGES.glob("*.py")} - {"__init__"}
    assert modules == set(NAMES)
    assert len(NAMES) >= 50


@pytest.mark.parametrize("name", NAMES)
def test_recorded_steps_are_the_expected_ones(name: str, blank: Page, pages: str) -> None:
    check(name, blank, pages, Hosted())


def test_a_field_in_a_frame_that_was_spoken_to_before_it_was_there_is_in_no_picture(blank: Page, pages: str) -> None:
    with record(blank) as recording:
        blank.goto(f"{pages}/eager_frames.html")
        inner = blank.frame_locator("[title=Register]").frame_locator("[title=Approval]")
        box = inner.get_by_label("Password of the manager").bounding_box()
        inner.get_by_role("button", name="Approve").click()
    assert box
    middle = (round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2))
    shown = recording.steps[-1].screenshot_id
    assert shown
    assert Image.open(io.BytesIO(recording.pictures[shown])).convert("RGB").getpixel(middle) == COLOUR
