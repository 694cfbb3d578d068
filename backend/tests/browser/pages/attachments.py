"""Files by a field, by a label that hides its field, and by a button that opens a hidden field."""

from playwright.sync_api import FilePayload, Locator, Page

from tests.browser.torture.steps import shows, upload

EXPECTED = [
    upload("Screenshot", "fire.png"),
    upload("Log files", "spool.log, kernel.log"),
    upload("Attach contract", "service-contract.pdf"),
]


def drive(page: Page) -> None:
    _choose(page, page.get_by_label("Screenshot"), "fire.png")
    _choose(page, page.get_by_text("Log files"), "spool.log", "kernel.log")
    _choose(page, page.get_by_role("button", name="Attach contract"), "service-contract.pdf")


def _choose(page: Page, opener: Locator, *names: str) -> None:
    with page.expect_file_chooser() as chooser:
        opener.click()
    chooser.value.set_files([FilePayload(name=name, mimeType="text/plain", buffer=b"made up") for name in names])


def done(page: Page) -> None:
    shows(page, "fire.png | spool.log+kernel.log | service-contract.pdf")
