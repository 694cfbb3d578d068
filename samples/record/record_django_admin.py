"""Record how a colleague gets access in Django's admin, by the recorder itself, and write the workflow as a zip.

    backend/.venv/bin/python samples/record/record_django_admin.py --out samples/give-a-colleague-access.zip

Needs the development requirements (Playwright), Debian's `chromium` and `uv`. Django is installed into a temporary
folder, reached over the loopback interface only, and gone afterwards. Unlike `record_sample.py`, nothing here says what
a step is: the script only uses the mouse and the keyboard.
"""

import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from application import free_port, install, options, running, write

NAME = "Give a new colleague access"
DJANGO = "django==5.2.19"
ADMIN = "alex.morgan"


def main() -> None:
    """Install, start, record."""
    given = options(__doc__)
    password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        site = Path(folder) / "site"
        python = install(Path(folder) / "venv", DJANGO)
        _start_project(python, site, password)
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        server = [python, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        with running(server, site, f"{origin}/admin/login/"):
            write(NAME, origin, given, perform, before=lambda page: _sign_in(page, origin, password))


def _start_project(python: Path, site: Path, password: str) -> None:
    site.mkdir()
    commands: tuple[list[str | Path], ...] = (
        [python, "-m", "django", "startproject", "intranet", site],
        [python, "manage.py", "migrate", "--verbosity=0"],
        [python, "manage.py", "createsuperuser", "--noinput", "--username", ADMIN, "--email", "alex@intranet.example"],
    )
    for command in commands:
        subprocess.run(command, cwd=site, check=True, env={**os.environ, "DJANGO_SUPERUSER_PASSWORD": password})


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
