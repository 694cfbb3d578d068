"""Take the film strip that the README shows: a task in Django's admin is recorded, and becomes a guide.

    backend/.venv/bin/python docs/take_film_strip.py

Needs the development requirements, Chromium and `uv`. Nothing in the pictures is made up: the task is done in a real
Django by `samples/record/record_django_admin.py`, the guide is what the application makes of the recording, labelled by
the rules. Everything runs in a temporary folder and is stopped at the end.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, StorageState, expect, sync_playwright
from take_screenshots import IMAGES, ROOT, running_application, sign_in

SHOWN = (1, 2, 3, 9, 17)
"""Numbers of steps, from the first click to nearly the last."""
PAGE = {"width": 1280, "height": 860}
FRAME = (620, 430)
GAP = 14
ACROSS = 3
BETWEEN = (222, 226, 234)


def recorded(folder: Path) -> Path:
    """The recording as a zip."""
    path = folder / "recording.zip"
    program = [sys.executable, str(ROOT / "samples" / "record" / "record_django_admin.py"), "--out", str(path)]
    subprocess.run(program, check=True, cwd=ROOT / "backend")
    return path


def frames(browser: Browser, url: str, signed_in: StorageState, recording: Path) -> list[bytes]:
    """Each step as the guide shows it, then the guide."""
    context = browser.new_context(
        base_url=url, viewport=PAGE, storage_state=signed_in, device_scale_factor=1.5, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="Import").click()
    page.set_input_files("#import input[type=file]", recording)
    expect(page.locator("#import progress")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".state.draft")).to_have_count(2)
    page.locator(".row h2 a", has_text="Give a new colleague access").click()
    for picture in page.locator("img[src]").all():
        picture.evaluate("(image) => { image.loading = 'eager'; return image.decode(); }")
    page.evaluate("scrollTo(0, 0)")
    whole = page.screenshot(animations="disabled")
    taken = []
    for number in SHOWN:
        step = page.locator(f"#step-{number}")
        step.scroll_into_view_if_needed()
        taken.append(step.screenshot(animations="disabled"))
    context.close()
    return [*taken, whole]


def strip(pictures: list[bytes], path: Path) -> None:
    """In rows, each in a frame of the same size, from its upper left corner."""
    down = -(-len(pictures) // ACROSS)
    size = (ACROSS * (FRAME[0] + GAP) + GAP, down * (FRAME[1] + GAP) + GAP)
    made = Image.new("RGB", size, BETWEEN)
    for at, data in enumerate(pictures):
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
        picture = picture.resize((FRAME[0], FRAME[0] * picture.height // picture.width), Image.Resampling.LANCZOS)
        frame = Image.new("RGB", FRAME, picture.getpixel((picture.width - 1, picture.height - 1)))
        frame.paste(picture, (0, 0))
        made.paste(frame, (GAP + at % ACROSS * (FRAME[0] + GAP), GAP + at // ACROSS * (FRAME[1] + GAP)))
    made.quantize(128, Image.Quantize.MEDIANCUT).save(path, optimize=True)


def main() -> None:
    """Record, import, look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recording", type=Path, help="a zip that was recorded before")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser's program")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_application(Path(folder) / "data") as (url, link),
        sync_playwright() as playwright,
    ):
        recording = arguments.recording or recorded(Path(folder))
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
        strip(frames(browser, url, sign_in(browser, url, link), recording), IMAGES / "film-strip.png")
        browser.close()


if __name__ == "__main__":
    main()
