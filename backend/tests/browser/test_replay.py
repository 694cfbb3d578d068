"""What was recorded on the torture pages is exported, and played in a fresh context: does the page say it is done?"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from app.browser import record
from app.labeling.rules.derive import derive_labels
from app.recordings.schema import RecordingIn
from app.recordings.service import prepare
from tests.browser.conftest import PATIENCE_SECONDS, chromium_program
from tests.browser.replay import script
from tests.browser.replay.flow import FlowPlayer, flow_player
from tests.browser.test_torture_pages import NAMES, PATIENCE_MILLISECONDS, VIEWPORT, of
from tests.browser.torture.server import serving_pages
from tests.guides.rows import view, workflow
from tests.guides.sources import made, source
from tests.servers import free_port

SOON_MILLISECONDS = 5_000
Kind = Literal["playwright", "devtools"]
ENOUGH = 0.9


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


@dataclass
class Players:
    """What plays each kind of export. `files`: the folder in which uploads find theirs."""

    flows: FlowPlayer
    files: Path

    def play(self, kind: Kind, text: str, secrets: Sequence[str], page: Page) -> None:
        if kind == "playwright":
            script.run(text, page, files=self.files, secrets=dict.fromkeys(secrets))
        else:
            self.flows.play(json.loads(text), page, secrets=secrets)


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


@pytest.fixture(scope="module")
def players_browser(chromium: Browser) -> Iterator[tuple[Browser, str]]:
    """A Chromium that a second program may drive, too, and where that finds it."""
    given = ["--no-sandbox", f"--remote-debugging-port={(port := free_port())}"]
    browser = chromium.browser_type.launch(executable_path=chromium_program(), args=given)
    yield browser, f"http://127.0.0.1:{port}"
    browser.close()


@pytest.mark.long
@pytest.mark.timeout(1_500)
@pytest.mark.usefixtures("impatient")
def test_nine_in_ten_torture_pages_replay(players_browser: tuple[Browser, str], tmp_path: Path) -> None:
    browser, debugged = players_browser
    result = Result()
    with serving_pages() as address, flow_player(debugged) as flows:
        players = Players(flows, tmp_path)
        for name in NAMES:
            try:
                recording = _recorded(browser, name, f"{address}/{name}.html")
            except (Error, AssertionError) as error:
                for kind in result.wrong:
                    result.wrong[kind][name] = f"not recorded: {str(error)[:100]}"
                continue
            for kind in result.wrong:
                text = _exported(recording, kind)
                play = partial(players.play, kind, text, of(name).brought)
                if problem := _problem(browser, name, play):
                    (tmp_path / f"{name}.{kind}").write_text(text)
                    result.wrong[kind][name] = problem
    for kind, wrong in result.wrong.items():
        print(f"{kind}: {len(NAMES) - len(wrong)} of {len(NAMES)} pages replay")  # noqa: T201 - the count is the result
        for name, problem in wrong.items():
            print(f"  {name}: {problem}")  # noqa: T201
    assert all(result.share(kind) >= ENOUGH for kind in result.wrong)
