"""The worker is ended at any time, the browser closed: nothing is lost, nothing comes twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import chromium_program
from tests.browser.extension.loaded import Extension, launch, prepare
from tests.browser.extension.site import Site
from tests.services import wait_until

Act = Callable[[Page], None]


def type_name(tab: Page) -> None:
    tab.fill("#name", "Ada")


def leave(tab: Page) -> None:
    """The page that says the step is gone before the worker is there."""
    tab.click("#away")
    tab.wait_for_url("**/second")


ACTS: list[tuple[Act, str]] = [
    (lambda tab: tab.click("#one"), "click One"),
    (type_name, "input Name=Ada"),
    (lambda tab: tab.click("#two"), "click Two"),
    (leave, "click Second page"),
    (lambda tab: tab.click("#three"), "click Three"),
]
EXPECTED = [words for _, words in ACTS]


@pytest.mark.parametrize("after", [0, 60])
def test_the_worker_is_killed_around_every_step(extension: Extension, tab: Page, after: int) -> None:
    """At once, and while the picture is taken."""
    for point in range(len(ACTS) + 1):
        tab.goto(tab.url.removesuffix("second"))
        extension.do("start")
        for nth, (act, _) in enumerate(ACTS):
            if nth == point and not after:
                extension.kill_worker()
            act(tab)
            if nth == point and after:
                extension.desk.wait_for_timeout(after)
                extension.kill_worker()
        if point == len(ACTS):
            extension.kill_worker()
        extension.do("stop")

        assert extension.said() == EXPECTED, f"killed at {point}"
        assert all(step["pictureId"] or step["noPicture"] for step in extension.steps())
        kept = {picture["id"] for picture in extension.dump()["pictures"]}
        assert {step["pictureId"] for step in extension.steps()} - {None} == kept
        extension.do("discard", recordingId=extension.recording()["id"])


def test_it_is_killed_again_and_again(extension: Extension, tab: Page) -> None:
    extension.do("start")
    for nth in range(6):
        tab.click("#one" if nth % 2 else "#two")
        extension.kill_worker()
    extension.do("stop")
    assert extension.said() == ["click Two", "click One"] * 3


SEND_AND_WAIT = """
([type, after]) => {
  chrome.runtime.sendMessage({ type }).catch(() => {});
  return new Promise((go) => setTimeout(go, after));
}
"""


@pytest.mark.parametrize("after", [0, 10, 20, 30])
@pytest.mark.parametrize("command", ["start", "pause", "resume", "stop"])
def test_it_is_killed_while_it_obeys(extension: Extension, tab: Page, command: str, after: int) -> None:
    """What the person asked for has happened, or it has not and can be asked for again; open pages follow."""
    if command != "start":
        extension.do("start")
        tab.click("#one")
    if command == "resume":
        extension.do("pause")
    extension.desk.evaluate(SEND_AND_WAIT, [command, after])
    extension.kill_worker()
    running = extension.do("status")["recording"]
    if command == "start" and running is None:
        extension.do("start")
    if running and running["state"] == "paused":
        extension.do("resume")
    if running or command == "start":
        tab.click("#two")
        extension.do("stop")
        assert extension.said()[-1] == "click Two"
    if command != "start":
        assert extension.said()[0] == "click One"
    assert len(extension.recordings()) == 1


def test_a_recording_waits_for_review_when_the_browser_was_closed(
    chromium: Browser, site: Site, tmp_path: Path, profile: Path
) -> None:
    unpacked = prepare(tmp_path / "unpacked")
    context = launch(chromium.browser_type, chromium_program(extensions=True), unpacked, profile)
    extension = Extension(context)
    tab = context.new_page()
    tab.goto(site.address)
    extension.do("start", name="Before")
    tab.click("#one")
    extension.wait_for_steps(1)
    context.close()

    context = launch(chromium.browser_type, chromium_program(extensions=True), unpacked, profile)
    extension = Extension(context)
    wait_until(lambda: extension.recording()["state"] == "review", "review")
    assert extension.said() == ["click One"]
    assert extension.do("status")["recording"] is None
    tab = context.new_page()
    tab.goto(site.address)
    tab.click("#two")
    extension.do("status")
    assert extension.said() == ["click One"]
    context.close()
