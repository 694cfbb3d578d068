"""A core that knows clicks and fields and nothing else, and sites that are on no network: to try the host alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from app.browser import core_script

CORE = Path(__file__).with_name("tiny_core")
SITE = "http://shop.test"


@pytest.fixture
def context(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    """Recorded by a core that knows clicks alone."""
    monkeypatch.setattr(core_script, "CORE", CORE)
    core_script.sources.cache_clear()
    context = chromium.new_context(viewport={"width": 600, "height": 400})
    context.set_default_timeout(20_000)
    yield context
    context.close()
    core_script.sources.cache_clear()


@pytest.fixture
def shop(context: BrowserContext) -> Page:
    """A blank page of a browser that knows the pages of `serve`."""
    return context.new_page()


def serve(context: BrowserContext, pages: Mapping[str, str]) -> None:
    """Answer `SITE/name`, and the same of any other host, with these pages."""

    def answer(route: Route) -> None:
        name = route.request.url.split("/", 3)[3].split("?")[0]
        route.fulfill(body=f"<!doctype html>{pages.get(name, name)}", content_type="text/html")

    context.route("**/*", answer)
