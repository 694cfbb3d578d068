"""`record`: the way in for tests and scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.browser.errors import PlaywrightMissing
from app.browser.recording import Recording

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def record(page: "Page", name: str | None = None) -> Iterator[Recording]:
    """Record what happens in `page`, in its frames, and in every other page of its context, until the block ends.

    with record(page, "Create a contact") as recording:
        page.get_by_role("button", name="New contact").click()
    recording.save("create-a-contact.zip")
    """
    with recording_into(page, Recording(name)) as recording:
        yield recording


@contextmanager
def recording_into(page: "Page", recording: Recording) -> Iterator[Recording]:
    """The same, into a recording that may have been begun already."""
    try:
        from app.browser.host import Host  # noqa: PLC0415 - Playwright is not installed everywhere
    except ImportError:
        raise PlaywrightMissing from None
    host = Host(page.context, recording)
    try:
        host.begin(page)
        yield recording
    finally:
        host.end()
        recording.close()
