"""One Chromium with the extension for all tests of a process, and a site to record on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.accounts import tokens
from app.accounts.actor import Actor
from app.core.db import transaction
from tests.browser.conftest import chromium_program
from tests.browser.extension.gate import Gate, before
from tests.browser.extension.loaded import Extension, launch, prepare
from tests.browser.extension.site import Site, running

HERE = Path(__file__).parent


IN_REAL_TIME = {"test_control.py", "test_pictures.py", "test_reviewing.py"}
"""They ask for pictures at the browser's pace, which three other workers of pytest would upset."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those are for `make recorder`."""
    for item in items:
        if item.path.parent == HERE and item.path.name in IN_REAL_TIME:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def loaded(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extension]:
    folder = tmp_path_factory.mktemp("extension")
    program = chromium_program(extensions=True)
    context = launch(chromium.browser_type, program, prepare(folder / "unpacked"), folder / "profile")
    yield Extension(context)
    context.close()


@pytest.fixture
def extension(loaded: Extension) -> Iterator[Extension]:
    """With nothing recorded and no server known."""
    loaded.reset()
    yield loaded
    loaded.reset()


@pytest.fixture(scope="session")
def site_process() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def site(site_process: Site) -> Site:
    """A small site on two origins; a test may change its pages."""
    site_process.reset()
    return site_process


@pytest.fixture
def tab(extension: Extension, site: Site) -> Page:
    """A tab in front, on the site's first page."""
    page = extension.context.new_page()
    page.goto(site.address)
    page.bring_to_front()
    return page


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Of a browser that a test closes and opens again."""
    return tmp_path / "profile"


@pytest.fixture
def gate(server: str) -> Iterator[Gate]:
    with before(server) as gate:
        yield gate


@pytest.fixture
def token(actor: Actor) -> str:
    with transaction() as session:
        return tokens.create(session, actor, name="recorder", scopes=["read", "write"])[1]
