"""Record how a colleague gets access in Django's admin, by the recorder itself, and write the workflow as a zip.

    backend/.venv/bin/python samples/record/record_django_admin.py --out samples/give-a-colleague-access.zip

Needs the development requirements (Playwright), Debian's `chromium` and `uv`. Django is installed into a temporary
folder, reached over the loopback interface only, and gone afterwards. Unlike `record_sample.py`, nothing here says what
a step is: the script only uses the mouse and the keyboard.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from app.browser import record
from playwright.sync_api import Page, sync_playwright

from application import running, stay_here

NAME = "Give a new colleague access"
DJANGO = "django==5.2.19"
ADMIN = "alex.morgan"
HERE = Path(__file__).resolve().parent
ACTION_MILLISECONDS = 20_000


def main() -> None:
    """Read the command line and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the zip to write")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser's program")
    arguments = parser.parse_args()
    password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="sample-") as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        python = _install(Path(folder) / "venv", site, password)
        with running(python, site) as origin:
            browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-US", timezone_id="UTC")
            page.set_default_timeout(ACTION_MILLISECONDS)
            stay_here(page, origin)
            _sign_in(page, origin, password)
            with record(page, NAME) as recording:
                perform(page)
            recording.save(arguments.out)
            browser.close()
    sys.stdout.write(f"{arguments.out}: {len(recording.steps)} steps, {arguments.out.stat().st_size // 1024} KB\n")


def _install(venv: Path, site: Path, password: str) -> Path:
    """Install Django with a fresh project; returns its Python."""
    uv = shutil.which("uv") or str(HERE.parents[1] / ".tools" / "bin" / "uv")
    python = venv / "bin" / "python"
    site.mkdir()
    commands: tuple[list[str | Path], ...] = (
        [uv, "venv", "--quiet", "--python", sys.executable, venv],
        [uv, "pip", "install", "--quiet", "--python", python, DJANGO],
        [python, "-m", "django", "startproject", "intranet", site],
        [python, "manage.py", "migrate", "--verbosity=0"],
        [python, "manage.py", "createsuperuser", "--noinput", "--username", ADMIN, "--email", "alex@intranet.example"],
    )
    for command in commands:
        subprocess.run(command, cwd=site, check=True, env={**os.environ, "DJANGO_SUPERUSER_PASSWORD": password})
    return python


def _sign_in(page: Page, origin: str, password: str) -> None:
    page.goto(f"{origin}/admin/")
    page.locator("[name=username]").fill(ADMIN)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Site administration").wait_for()


def perform(page: Page) -> None:
    """A group that may see people, a person in it, and a look at what was done."""
    page.get_by_role("row", name="Groups").get_by_role("link", name="Add").click()
    _type(page, "Name:", "Support")
    page.locator("#id_permissions_from").select_option(label="Authentication and Authorization | user | Can view user")
    page.get_by_role("button", name="Choose selected Permissions").click()
    _save(page)
    page.locator("#nav-sidebar").get_by_role("link", name="Users", exact=True).click()
    page.get_by_role("link", name="Add user").click()
    _type(page, "Username", "priya.raman")
    password = secrets.token_urlsafe(16)
    _type(page, "Password:", password)
    _type(page, "Password confirmation:", password)
    page.get_by_role("button", name="Save and continue editing").click()
    _type(page, "First name", "Priya")
    _type(page, "Email address", "priya.raman@intranet.example")
    page.get_by_label("Staff status").check()
    page.locator("#id_groups_from").select_option(label="Support")
    page.get_by_role("button", name="Choose selected Groups").click()
    _save(page)
    page.locator("#searchbar").click()
    page.keyboard.type("priya")
    page.keyboard.press("Enter")
    page.get_by_text("1 result").wait_for()
    page.get_by_role("link", name="priya.raman", exact=True).click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="Change history: priya.raman").wait_for()


def _type(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).or_(page.get_by_label(label)).first.click()
    page.keyboard.type(text)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".messagelist .success").wait_for()


if __name__ == "__main__":
    main()
