"""Take the pictures of the pages that the README and the manual show, from the real application with the samples in it.

    backend/.venv/bin/python docs/take_screenshots.py

Needs the development requirements and Chromium. Everything runs in a temporary folder and is stopped at the end.
"""

import argparse
import io
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

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, StorageState, expect, sync_playwright

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


def sign_in(browser: Browser, url: str, link: str) -> StorageState:
    """By the link, which works once; the cookies of who did."""
    context = browser.new_context(base_url=url, viewport=DESKTOP)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".row")).to_have_count(1)
    state = context.storage_state()
    context.close()
    return state


def fill(page: Page) -> str:
    """Add the second sample, wait until all is labelled; the address of the guide with pictures."""
    page.goto("/")
    page.get_by_role("button", name="Import").click()
    page.set_input_files("#import input[type=file]", ROOT / "samples" / "approve-an-expense-report.devtools.json")
    expect(page.locator("#import progress")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".state.draft")).to_have_count(2)
    return page.locator(".row h2 a", has_text="Create an account").get_attribute("href") or "/"


def take(browser: Browser, url: str, signed_in: StorageState) -> None:
    """Every picture of the pages."""
    context = browser.new_context(base_url=url, viewport=DESKTOP, storage_state=signed_in)
    guide = fill(context.new_page())
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


def extension_allowed(folder: Path) -> Path:
    """A copy that need not ask for its permission: nobody could click there."""
    copy = shutil.copytree(ROOT / "extension", folder / "extension", ignore=shutil.ignore_patterns("node_modules"))
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["host_permissions"] = manifest.pop("optional_host_permissions")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    return copy


def record(playwright: Playwright, program: str, url: str, state: StorageState) -> None:
    """The recorder at work on the application's own pages: the control with the popup beside it, then the review."""
    with tempfile.TemporaryDirectory() as folder:
        extension = extension_allowed(Path(folder))
        context = playwright.chromium.launch_persistent_context(
            f"{folder}/profile",
            executable_path=program,
            viewport=DESKTOP,
            device_scale_factor=1.5,
            args=["--no-sandbox", f"--disable-extensions-except={extension}", f"--load-extension={extension}"],
        )
        context.add_cookies(state["cookies"])
        worker = context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")
        pages = worker.url.removesuffix("worker.js")
        popup, page = context.new_page(), context.new_page()
        popup.set_viewport_size({"width": 346, "height": 430})
        popup.goto(f"{pages}popup/popup.html")
        page.bring_to_front()
        page.goto(f"{url}/recorder")
        page.screenshot(path=IMAGES / "recorder.png")
        page.goto(url)
        popup.evaluate("chrome.runtime.sendMessage({ type: 'start', name: 'Put a guide into a folder' })")
        for name in ("Folders", "Workflows", "Background work"):
            page.get_by_role("link", name=name).first.click()
            page.wait_for_timeout(1_500)  # as a person does it; two pictures a second are all that the browser takes
        side_by_side(page.screenshot(), popup.screenshot(), IMAGES / "recorder-popup.png")
        status = popup.evaluate("chrome.runtime.sendMessage({ type: 'stop' })")["status"]
        popup.evaluate(HIDDEN, status["waiting"][0]["id"])
        page.goto(f"{pages}review/review.html?recording={status['waiting'][0]['id']}")
        expect(page.locator(".step img[src]").first).to_be_visible()
        page.screenshot(path=IMAGES / "recorder-review.png")
        context.close()


HIDDEN = """
async (id) => {
  const { changeStep, stepsOf } = await import("/store.js");
  const [one, two] = await stepsOf(id);
  await changeStep(id, one.id, { hidden: [{ x: 1040, y: 5, width: 220, height: 50 }] });
  await changeStep(id, two.id, { dropped: true });
}
"""


def side_by_side(page: bytes, popup: bytes, path: Path) -> None:
    """The popup where the browser would show it: over the upper right corner of the page."""
    below, above = (Image.open(io.BytesIO(each)).convert("RGB") for each in (page, popup))
    below.paste(above, (below.width - above.width - 24, 24))
    below.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recorder", action="store_true", help="only the pictures of the recorder")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser's program")
    arguments = parser.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_application(Path(folder)) as (url, link),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
        state = sign_in(browser, url, link)
        if not arguments.recorder:
            take(browser, url, state)
        browser.close()
        record(playwright, arguments.chromium, url, state)


if __name__ == "__main__":
    main()
