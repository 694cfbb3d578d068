"""Take the pictures of the pages that the README and the manual show, from the real application with the samples in it.

    backend/.venv/bin/python docs/take_screenshots.py

Needs the development requirements and Chromium. Everything runs in a temporary folder and is stopped at the end.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
DESKTOP = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 1220}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=60_000)


@contextmanager
def running_application(folder: Path) -> Iterator[tuple[str, str]]:
    """`up` in `folder`; its address and a link that signs in once."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "up", "--json"],
        cwd=ROOT / "backend",
        env={**os.environ, "DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in process.stdout or ():
            event = json.loads(line)
            if event["event"] == "ready":
                yield event["url"], event["sign_in"]
                break
        else:
            sys.exit("The application did not start.")
    finally:
        process.terminate()
        process.communicate()


def fill(page: Page, link: str) -> str:
    """Sign in, add the second sample, wait until all is labelled; the address of the guide with pictures."""
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("button", name="Import").click()
    page.set_input_files("#import input[type=file]", ROOT / "samples" / "approve-an-expense-report.devtools.json")
    expect(page.locator("#import progress")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".state.draft")).to_have_count(2)
    return page.locator(".row h2 a", has_text="Create an account").get_attribute("href") or "/"


def take(browser: Browser, url: str, link: str) -> None:
    """Every picture."""
    context = browser.new_context(base_url=url, viewport=DESKTOP)
    guide = fill(context.new_page(), link)
    signed_in = context.storage_state()
    context.close()
    for name, path, viewport, scheme in (
        ("library", "/", DESKTOP, "light"),
        ("guide", guide, TALL, "light"),
        ("guide-dark", f"{guide}#step-8", DESKTOP, "dark"),
        ("guide-phone", f"{guide}#step-12", PHONE, "light"),
        ("review", f"{guide}/review", DESKTOP, "light"),
        ("edit", f"{guide}/edit", DESKTOP, "light"),
        ("share", f"{guide}/share", DESKTOP, "light"),
        ("exports", f"{guide}/exports", DESKTOP, "light"),
        ("read", f"{guide}/read#step-6", DESKTOP, "dark"),
        ("work", "/background", DESKTOP, "light"),
        ("settings", "/settings/labelling", DESKTOP, "dark"),
    ):
        look = browser.new_context(
            base_url=url,
            viewport=viewport,
            color_scheme=scheme,
            storage_state=signed_in,
            device_scale_factor=1.5,
            reduced_motion="reduce",
        )
        page = look.new_page()
        page.goto(path)
        for picture in page.locator("img[src]").all():
            picture.evaluate("(image) => { image.loading = 'eager'; return image.decode(); }")
        page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
        look.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser's program")
    arguments = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_application(Path(folder)) as (url, link),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
        take(browser, url, link)
        browser.close()


if __name__ == "__main__":
    main()
