"""The pages that are hard to record, with the extension as people have it."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Page

from app.workflows.content import Action, StepContent
from tests.browser.extension.loaded import Extension
from tests.browser.test_torture_pages import NAMES, PATIENCE_MILLISECONDS, check, of
from tests.browser.torture.server import serving_pages

FINDABLE = 6
"""A secret of fewer characters is found by chance where pictures and times are."""


class Installed:
    """The core in the extension's content scripts, its steps out of the extension's store."""

    sees_tabs = True

    def __init__(self, extension: Extension) -> None:
        self._extension = extension
        self._address = ""
        self.warnings: Sequence[str] = ()

    def begin(self, page: Page, address: str) -> None:
        self._address = address
        page.goto(address)
        page.bring_to_front()
        self._extension.do("start", name="Torture")
        page.goto(address)

    def end(self) -> list[StepContent]:
        self._extension.do("stop")
        recording = self._extension.recording()
        self.warnings = [str(one) for one in recording["cannot"]]
        first, *steps = [StepContent.model_validate(step["step"]) for step in recording["steps"]]
        assert (first.action, first.page.url) == (Action.NAVIGATE, self._address)
        return steps


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    with serving_pages() as address:
        yield address


@pytest.mark.parametrize("name", NAMES)
def test_recorded_steps_are_the_expected_ones(name: str, extension: Extension, pages: str) -> None:
    context = extension.context
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    check(name, page, pages, Installed(extension))
    stored = str(extension.dump())
    assert [secret for secret in of(name).secrets if len(secret) >= FINDABLE and secret in stored] == []
