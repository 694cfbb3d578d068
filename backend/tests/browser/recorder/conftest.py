"""A page of the shared browser in which the recorder's core is loaded, with no server behind it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.recorder.core import script

Show = Callable[[str], Page]


@pytest.fixture(scope="module")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, offline=True)
    context.add_init_script(script())
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.goto("about:blank")
    yield page
    page.close()


@pytest.fixture
def show(page: Page) -> Show:
    """Shows a page of the given HTML."""

    def do(html: str) -> Page:
        page.set_content(f"<!doctype html><html lang=en><meta charset=utf-8><body>{html}")
        return page

    return do
