"""Record how a notebook is made and handed over in JupyterLab, by the recorder itself, and write the workflow as a zip.

    backend/.venv/bin/python samples/record/record_jupyterlab.py --out /tmp/make-a-notebook.zip

Needs the development requirements (Playwright), Debian's `chromium` and `uv`.
"""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from application import free_port, install, options, running, write

NAME = "Make a notebook"
JUPYTERLAB = "jupyterlab==4.6.6"


def main() -> None:
    """Install, start, record."""
    given = options(__doc__)
    with tempfile.TemporaryDirectory(prefix="sample-") as folder:
        python = install(Path(folder) / "venv", JUPYTERLAB, "ipykernel")
        work = Path(folder) / "work"
        work.mkdir()
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        server = [python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
        settings = ["--ServerApp.token=", "--ServerApp.password=", "--LabApp.news_url=None"]
        with running([*server, *settings], work, f"{origin}/lab"):
            write(NAME, origin, given, lambda page: perform(page, origin))


def perform(page: Page, origin: str) -> None:
    """Two cells, a name, everything anew, and a look into the file."""
    page.goto(f"{origin}/lab")
    page.locator(".jp-LauncherCard", has_text="Python 3").first.click()
    cells = page.locator(".jp-Notebook .jp-Cell .cm-content")
    expect(page.get_by_role("button", name="(ipykernel) | Idle")).to_be_visible()
    cells.nth(0).click()
    expect(page.locator(".jp-Notebook .jp-Cell .cm-editor").nth(0)).to_have_class(re.compile("cm-focused"))
    page.keyboard.type("rows = 42")
    expect(cells.nth(0)).to_have_text("rows = 42")
    page.keyboard.press("Shift+Enter")
    expect(cells).to_have_count(2)
    page.keyboard.type("print(rows * 2)")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text("84")
    page.keyboard.press("Control+s")
    dialog = page.locator(".jp-Dialog")
    dialog.locator("input").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("report.ipynb")
    dialog.locator(".jp-mod-accept").click()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
    dialog.locator(".jp-mod-accept").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="(ipykernel) | Idle")).to_be_visible()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text("84")
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_role("menuitem", name="Close and Shut Down Notebook").click()
    dialog.locator(".jp-mod-accept").click()
    expect(dialog).to_have_count(0)
    page.locator(".jp-DirListing-item", has_text="report.ipynb").dblclick()
    expect(page.locator(".jp-OutputArea-output").first).to_contain_text("84")


if __name__ == "__main__":
    main()
