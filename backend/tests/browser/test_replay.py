"""What was recorded on the torture pages is exported, and played in a fresh context: does the page say it is done?"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from app.browser import record
from app.labeling.rules.derive import derive_labels
from app.recordings.schema import RecordingIn
from app.recordings.service import prepare
from tests.browser.conftest import PATIENCE_SECONDS
from tests.browser.replay import flow, script
from tests.browser.test_torture_pages import NAMES, PATIENCE_MILLISECONDS, VIEWPORT, of
from tests.browser.torture.server import serving_pages
from tests.guides.rows import view, workflow
from tests.guides.sources import made, source

SOON_MILLISECONDS = 5_000
Kind = Literal["playwright", "devtools"]
ENOUGH: dict[Kind, float] = {"playwright": 0.9, "devtools": 0.85}
"""DevTools' Recorder has no step for uploading and other tabs; and what it plays is played here by less than itself."""


@dataclass
class Result:
    """Of all pages."""

    wrong: dict[Kind, dict[str, str]] = field(default_factory=lambda: {"playwright": {}, "devtools": {}})

    def share(self, kind: Kind) -> float:
        return 1 - len(self.wrong[kind]) / len(NAMES)


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport=VIEWPORT, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


def _recorded(browser: Browser, name: str, address: str) -> RecordingIn:
    context = _context(browser)
    try:
        page = context.new_page()
        with record(page, name) as recording:
            page.goto(address)
            of(name).drive(page)
            of(name).done(page)
        return prepare(recording.content).recording
    finally:
        context.close()


def _exported(recording: RecordingIn, kind: Kind) -> str:
    labels = derive_labels(recording.steps)
    views = [
        view(label.instruction, field_label=label.field_label, position=place, content=step)
        for place, (step, label) in enumerate(zip(recording.steps, labels, strict=True), 1)
    ]
    given = workflow(recording.name or "", url=recording.starting_url)
    return made(kind, source(views, given)).decode()


def _plays(kind: Kind, text: str, page: Page, files: Path, secrets: Sequence[str]) -> None:
    if kind == "playwright":
        script.run(text, page, files=files, secrets=dict.fromkeys(secrets))
    else:
        flow.run(json.loads(text), page, secrets=secrets)


def _problem(browser: Browser, name: str, play: Callable[[Page], None]) -> str | None:
    context = _context(browser)
    page = context.new_page()
    try:
        play(page)
        of(name).done(page)
    except (Error, AssertionError) as error:
        return f"{type(error).__name__}: {str(error).strip()[:300]}"
    finally:
        context.close()
    return None


@pytest.fixture
def impatient() -> Iterator[None]:
    """What a page does not say soon after its replay it never says."""
    expect.set_options(timeout=SOON_MILLISECONDS)
    yield
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.mark.long
@pytest.mark.timeout(1_500)
@pytest.mark.usefixtures("impatient")
def test_nine_in_ten_torture_pages_replay(chromium: Browser, tmp_path: Path) -> None:
    result = Result()
    with serving_pages() as address:
        for name in NAMES:
            try:
                recording = _recorded(chromium, name, f"{address}/{name}.html")
            except (Error, AssertionError) as error:
                for kind in result.wrong:
                    result.wrong[kind][name] = f"not recorded: {str(error)[:100]}"
                continue
            for kind in result.wrong:
                text = _exported(recording, kind)
                problem = _problem(chromium, name, lambda page: _plays(kind, text, page, tmp_path, of(name).brought))  # noqa: B023
                if problem:
                    (tmp_path / f"{name}.{kind}").write_text(text)
                    result.wrong[kind][name] = problem
    for kind, wrong in result.wrong.items():
        print(f"{kind}: {len(NAMES) - len(wrong)} of {len(NAMES)} pages replay")  # noqa: T201 - the count is the result
        for name, problem in wrong.items():
            print(f"  {name}: {problem}")  # noqa: T201
    assert all(result.share(kind) >= enough for kind, enough in ENOUGH.items())
