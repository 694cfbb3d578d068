"""A Chromium to record in: the one that is installed, else the one that Playwright brings."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.browser.errors import NoChromium, PlaywrightMissing
from app.core.errors import AppError

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
WITHOUT_WINDOWS = ("chromium-headless-shell", "chrome-headless-shell")
"""The same engine without what draws windows: each new page costs a third."""

ELSEWHERE = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
HEADLESS_SIZE = {"width": 1280, "height": 720}


class BrowserFailed(AppError):
    """The browser did not start."""


@contextmanager
def launched(*, headless: bool, program: Path | None = None, profile: Path | None = None) -> Iterator["BrowserContext"]:
    """A browser with an empty profile of its own, or one that is kept in the folder `profile`.

    Ctrl-C does not reach it: what is held back in its pages is to be said first.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - it is not installed everywhere
    except ImportError:
        raise PlaywrightMissing from None
    with sync_playwright() as playwright:
        how: dict[str, Any] = {
            "headless": headless,
            "executable_path": program or _program(playwright, headless=headless),
            "chromium_sandbox": os.geteuid() != 0,  # Chrome refuses to sandbox root
            "args": [] if headless else ["--start-maximized"],
        } | dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False)
        size: dict[str, Any] = {"viewport": HEADLESS_SIZE} if headless else {"no_viewport": True}
        try:
            if profile is not None:
                context = playwright.chromium.launch_persistent_context(profile, **how, **size)
            else:
                context = playwright.chromium.launch(**how).new_context(**size)
        except Error as error:
            raise BrowserFailed(_why(str(error), headless=headless)) from None
        try:
            yield context
        finally:
            with suppress(Error):
                context.close()
                if context.browser is not None:
                    context.browser.close()


def _program(playwright: "Playwright", *, headless: bool) -> str:
    names = (*WITHOUT_WINDOWS, *ON_PATH) if headless else ON_PATH
    found: str | None = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        its_own = Path(playwright.chromium.executable_path)
        found = next((str(path) for path in (*ELSEWHERE, its_own) if path.is_file()), None)
    if found is None:
        raise NoChromium
    return found


def _why(message: str, *, headless: bool) -> str:
    if not headless and ("DISPLAY" in message or "XServer" in message or "ozone_platform" in message):
        return (
            "There is no screen on which a browser could open. Use --headless, with --script or from another program."
        )
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return f"The browser did not start: {lines[0] if lines else message}"
