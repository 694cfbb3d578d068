"""What records a torture page: whatever can begin on a page and say the steps at the end."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Protocol

from playwright.sync_api import Page

from app.browser.hosting import record
from app.browser.recording import Recording
from app.workflows.content import Action, StepContent


class Recorder(Protocol):
    """Records one page and whatever opens from it."""

    sees_tabs: bool
    """Whether it knows when a person goes to another tab."""
    warnings: Sequence[str]
    """What it says that it could not record."""

    def begin(self, page: Page, address: str) -> None:
        """Open the page; what happens from then on is recorded."""
        ...

    def end(self) -> list[StepContent]:
        """All steps in the order in which they happened."""
        ...


class Hosted:
    """The core in a browser that Playwright drives."""

    sees_tabs = False

    def __init__(self) -> None:
        self.warnings: Sequence[str] = ()
        self._address = ""
        self._recording = Recording()
        self._stack = ExitStack()

    def begin(self, page: Page, address: str) -> None:
        self._address = address
        self._recording = self._stack.enter_context(record(page))
        page.goto(address)

    def end(self) -> list[StepContent]:
        self._stack.close()
        self.warnings = self._recording.warnings
        first, *steps = self._recording.steps
        assert (first.action, first.page.url) == (Action.NAVIGATE, self._address)
        return list(steps)
