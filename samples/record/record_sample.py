"""Record the sample workflow: start a fresh Wagtail site, use it in Chromium like a person, write the steps as a zip.

    backend/.venv/bin/python samples/record/record_sample.py --out samples/create-an-account.zip

Needs the development requirements (Playwright, Pillow), Debian's `chromium` and `uv`. The site is installed into a
temporary folder, reached over the loopback interface only, and gone afterwards.
"""

import argparse
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from application import running, stay_here
from recorder import CAPTURE_JS, PICTURE_TYPE, Recorder
from task import DESCRIPTION, NAME, perform

HERE = Path(__file__).resolve().parent
SHOWN_AS = "https://intranet.example"
ADMIN = "alex.morgan@intranet.example"
VIEWPORT = ViewportSize(width=1280, height=720)
ZIP_TIME = (2026, 11, 23, 10, 0, 0)
ACTION_MILLISECONDS = 10_000


def main() -> None:
    """Read the command line and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the zip to write")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser's program")
    arguments = parser.parse_args()
    admin_password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        python = _install(Path(folder), admin_password)
        with running(python, Path(folder) / "site") as origin:
            recorder = _record(origin, arguments.chromium, admin_password)
    _write(recorder, arguments.out)
    sys.stdout.write(f"{arguments.out}: {len(recorder.steps)} steps, {arguments.out.stat().st_size // 1024} KB\n")


def _install(folder: Path, admin_password: str) -> Path:
    """Install the application and fill its database; returns its Python."""
    uv = shutil.which("uv") or str(HERE.parents[1] / ".tools" / "uv")
    python = folder / "venv" / "bin" / "python"
    site = folder / "site"
    shutil.copytree(HERE / "site", site, ignore=shutil.ignore_patterns("__pycache__"))
    commands: tuple[list[str | Path], ...] = (
        [uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"],
        [uv, "pip", "install", "--quiet", "--python", python, "--requirements", HERE / "requirements.txt"],
        [python, "manage.py", "makemigrations", "--verbosity=0", "intranet", "articles"],
        [python, "manage.py", "migrate", "--verbosity=0"],
        [python, "seed.py", admin_password],
    )
    for command in commands:
        subprocess.run(command, cwd=site, check=True)
    return python


def _record(origin: str, chromium: str, admin_password: str) -> Recorder:
    """Sign in unrecorded, then do the task and note its steps."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEWPORT, locale="en-US", timezone_id="UTC", reduced_motion="reduce")
        stay_here(page, origin)
        page.set_default_timeout(ACTION_MILLISECONDS)
        page.add_init_script(path=CAPTURE_JS)
        _sign_in(page, origin, admin_password)
        recorder = Recorder(page, origin, SHOWN_AS)
        perform(page, recorder, password=secrets.token_urlsafe(16))
        browser.close()
    return recorder


def _sign_in(page: Page, origin: str, password: str) -> None:
    page.goto(f"{origin}/admin/login/")
    page.locator("[name=username]").fill(ADMIN)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def _write(recorder: Recorder, path: Path) -> None:
    """Pack the recording; names and times inside are fixed."""
    workflow = {
        "name": NAME,
        "description": DESCRIPTION,
        "starting_url": recorder.steps[0]["page"]["url"],
        "steps": recorder.steps,
    }
    document = json.dumps({"format": "workflow-platform/1", "workflow": workflow}, ensure_ascii=False, indent=2) + "\n"
    files = {"workflow.json": document.encode()}
    files |= {f"screenshots/{stem}.{PICTURE_TYPE}": picture for stem, picture in recorder.pictures.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED)


if __name__ == "__main__":
    main()
