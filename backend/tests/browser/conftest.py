"""Debian's Chromium before a real server process, watched for everything that must not happen."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from app.accounts import links, users
from app.accounts.actor import Actor, of_user
from app.accounts.models import Role, User
from app.browser.launching import ON_PATH, WITHOUT_WINDOWS
from app.core.config import Settings
from app.core.db import transaction
from tests.missing import left_out
from tests.servers import serving

PATIENCE_SECONDS = 30

expect.set_options(timeout=PATIENCE_SECONDS * 1000)

TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One kind is enough here: what the browser sees does not depend on it."""
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def chromium_program(*, extensions: bool = False) -> str:
    """Where Chromium is; without one, tests that need it are skipped.

    One without windows is preferred, since each page costs it a third; it has no `extensions`.
    """
    names = ON_PATH if extensions else (*WITHOUT_WINDOWS, *ON_PATH)
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        left_out(f"The browser tests need Chromium ({', '.join(names)}), and none is installed: .ci/chromium gets one.")
    return program


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium for all tests of this process."""
    program = chromium_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The application as its own process; its address."""
    assert settings.database_url
    with serving(tmp_path / "server.log") as address:
        yield address


@dataclass
class Watch:
    """What a page did that it must not do."""

    origin: str
    wrong: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith("Failed to load resource")  # an answer that the test asks for
        if message.type in {"error", "warning"} and not expected:
            self.wrong.append(f"console: {message.text}")

    def _dialog(self, dialog: object) -> None:
        self.wrong.append(f"dialog: {dialog}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.wrong.append(f"request: {urlsplit(request.url).netloc}")


@pytest.fixture
def watch(server: str) -> Iterator[Watch]:
    watch = Watch(server)
    yield watch
    assert watch.wrong == []


@pytest.fixture
def page(chromium: Browser, server: str, watch: Watch) -> Iterator[Page]:
    """An empty page of a browser without cookies."""
    context = chromium.new_context(base_url=server, viewport={"width": 1280, "height": 860})
    context.add_init_script(TELL_VIOLATIONS)
    page = context.new_page()
    watch.over(page)
    yield page
    context.close()


@pytest.fixture
def mira(settings: Settings) -> User:
    """An editor."""
    assert settings.database_url
    with transaction() as session:
        return users.create(
            session, email="mira@example.com", name="Mira Okafor", role=Role.EDITOR, password=None, by=None
        )


@pytest.fixture
def actor(mira: User) -> Actor:
    return of_user(mira)


@pytest.fixture
def sign_in(page: Page, mira: User) -> Callable[[], None]:
    """Signs Mira in by a link, as on the first day."""

    def do() -> None:
        with transaction() as session:
            secret = links.create(session, mira)
        page.goto(f"/sign-in/{secret}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Workflows")).to_be_visible()

    return do
