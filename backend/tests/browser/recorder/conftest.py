"""A page of the shared browser in which the recorder's core is loaded, with no server behind it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.recorder.core import script
from tests.browser.recorder.scenes import Stage, stage

Show = Callable[[str], Page]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """One for all tests of a file: each begins it anew."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, offline=True)
    context.add_init_script(script())
    yield context.new_page()
    context.close()


@pytest.fixture
def show(page: Page) -> Show:
    """Shows a page of the given HTML. Its templates with `shadowrootmode` become shadow roots."""
    page.goto("about:blank")

    def do(html: str) -> Page:
        page.evaluate("html => document.body.setHTMLUnsafe(html)", html)
        return page

    return do


@pytest.fixture(scope="module")
def play(chromium: Browser) -> Iterator[Stage]:
    """Shows a page that is being recorded: `scene = play("<button>Save</button>")`."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, locale="en-US")
    context.set_default_timeout(10_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield stage(context)
    context.close()
