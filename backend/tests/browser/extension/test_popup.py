"""The popup: each state says what goes on and what can be done."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.extension.loaded import Extension
from tests.browser.extension.popup import open_popup
from tests.services import wait_until

SAY = "(status) => chrome.storage.local.set({ status })"
SERVER = {"server": "https://guides.example.org", "person": "Mira <b>Okafor</b>"}
AT = "2026-11-23T10:00:00.000Z"


def running(state: str, steps: int) -> dict[str, Any]:
    cannot = [
        {"what": "frame", "detail": "https://ads.example"},
        {"what": "new", "detail": "<img src=x onerror=alert(1)>"},
    ]
    return {"id": "a", "name": "Create <i>it</i>", "state": state, "startedAt": AT, "steps": steps, "cannot": cannot}


def waiting(state: str, problem: str = "", *, retries: bool = False, **more: Any) -> dict[str, Any]:
    said = (
        {"code": problem, "text": "Step 3 has too many words.", "remedy": "", "retries": retries} if problem else None
    )
    one = {"id": state + problem, "name": "", "state": state, "problem": said, "progress": None, "workflowUrl": None}
    return {**one, "startedAt": AT, "nextAttemptAt": None, **more}


def status(**facts: Any) -> dict[str, Any]:
    return {"recording": None, "connection": SERVER, "waiting": [], **facts}


STATES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    # what the worker says; what is read; what can be pressed
    "not connected": (status(connection=None), ["Not connected", "recordings wait here"], ["Start recording"]),
    "ready": (
        status(),
        ["Record a task", "guides.example.org as Mira <b>Okafor</b>"],
        ["Start recording", "Disconnect"],
    ),
    "recording": (
        status(recording=running("recording", 12)),
        ["Recording", "12", "Create <i>it</i>", "comes from elsewhere", "<img src=x onerror=alert(1)>"],
        ["Stop and review", "Pause", "Undo the last step", "Discard"],
    ),
    "paused": (status(recording=running("paused", 0)), ["Paused", "not", "recorded"], ["Go on", "Stop and review"]),
    "review": (status(waiting=[waiting("review")]), ["Nothing of it was sent"], ["Review and send", "Discard"]),
    "uploading": (status(waiting=[waiting("uploading", progress={"sent": 3, "total": 9})]), ["3 of 9"], ["Discard"]),
    "offline": (
        status(waiting=[waiting("uploading", "offline", retries=True, nextAttemptAt=1795428000000)]),
        ["cannot be reached", "Nothing is lost", "Next try at"],
        ["Try now", "Discard"],
    ),
    "signed out": (
        status(waiting=[waiting("uploading", "signed_out")]),
        ["does not know this recorder", "connect again"],
        ["Discard"],
    ),
    "refused": (
        status(waiting=[waiting("review", "refused")]),
        ["did not take it", "Step 3 has too many words."],
        ["Review and send", "Discard"],
    ),
    "done": (
        status(waiting=[waiting("uploaded", workflowUrl="https://guides.example.org/workflows/1")]),
        ["Sent"],
        ["Open the guide", "Take off the list"],
    ),
}


@pytest.fixture
def popup(extension: Extension, tab: Page) -> Page:
    return open_popup(extension, tab)


def test_each_state_is_told_to_everybody(popup: Page, extension: Extension) -> None:
    wrong: dict[str, object] = {}
    for nth, (name, (said, words, buttons)) in enumerate(STATES.items()):
        popup.emulate_media(color_scheme=("light", "dark")[nth % 2])
        extension.desk.evaluate(SAY, said)
        popup.get_by_role("button", name=buttons[0], exact=True).wait_for()
        text = popup.locator("body").inner_text()
        missing = [word for word in words if word not in text]
        shown = popup.get_by_role("button").all_inner_texts()
        found = violations(popup)
        if missing or found or set(buttons) - set(shown):
            wrong[name] = (missing, found, shown)
    assert wrong == {}


def test_discarding_asks_first(popup: Page, extension: Extension, tab: Page) -> None:
    assert tab
    extension.do("start")
    popup.get_by_role("button", name="Discard").click()
    popup.get_by_role("button", name="Keep", exact=True).click()
    assert extension.do("status")["recording"]
    popup.get_by_role("button", name="Discard").click()
    popup.get_by_role("button", name="Discard for good").click()
    wait_until(lambda: extension.do("status")["recording"] is None, "nothing that runs")
    assert extension.recordings() == []


def test_one_records_first_and_connects_later(popup: Page, extension: Extension, tab: Page) -> None:
    popup.get_by_label("What will you show?").fill("Greet")
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Start recording").click()
    tab.bring_to_front()
    tab.click("#one")
    extension.wait_for_steps(1)
    again = open_popup(extension, tab)
    expect(again.locator(".count b")).to_have_text("1")
    with extension.context.expect_page() as opening:
        again.get_by_role("button", name="Stop and review").click()
    expect(opening.value.get_by_label("Name of the recording")).to_have_value("Greet")
    expect(opening.value.locator(".step .sentence")).to_have_text(["Click One"])


def test_what_is_typed_survives_news_of_the_worker(popup: Page, extension: Extension) -> None:
    popup.get_by_label("What will you show?").fill("Greet")
    extension.desk.evaluate(SAY, status(waiting=[waiting("review")]))
    popup.get_by_role("button", name="Review and send").wait_for()
    expect(popup.get_by_label("What will you show?")).to_have_value("Greet")


def test_a_protected_page_is_said_to_be_one(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.goto("chrome://version")
    wait_until(lambda: bool(extension.recording()["cannot"]), "the page to be refused")
    popup = open_popup(extension, tab)
    expect(popup.get_by_text("A page that the browser protects: chrome://version")).to_be_visible()
    extension.do("stop")
    expect(popup.get_by_text("lets nobody record this page")).to_be_visible()


WISH = """
(age) => chrome.storage.local.set({
  wish: { pattern: "<all_urls>", command: { type: "start", name: "Greet" }, at: Date.now() - age },
})
"""
ALLOWED = "() => chrome.permissions.onAdded.dispatch({ origins: ['<all_urls>'] })"


def test_what_a_popup_asked_permission_for_is_done_when_the_question_closed_it(extension: Extension, tab: Page) -> None:
    """An old wish is none any more."""
    assert tab
    worker = extension.context.service_workers[0]
    for age in (3_600_000, 0):
        extension.desk.evaluate(WISH, age)
        worker.evaluate(ALLOWED)
        wait_until(lambda: not extension.desk.evaluate("chrome.storage.local.get('wish')"), "the wish to be taken")
    wait_until(extension.recordings, "a recording")
    assert [recording["name"] for recording in extension.recordings()] == ["Greet"]


def test_what_was_not_allowed_is_said_once_in_the_next_popup(extension: Extension, tab: Page) -> None:
    extension.desk.evaluate(WISH, 0)
    with extension.context.add_init_script(
        "if (self.chrome?.permissions) chrome.permissions.contains = async () => false"
    ):
        popup = open_popup(extension, tab)
        expect(popup.get_by_text("Without this permission nothing can be recorded")).to_be_visible()
        popup.close()
        again = open_popup(extension, tab)
        expect(again.get_by_role("button", name="Start recording")).to_be_visible()
        expect(again.get_by_text("Without this permission nothing can be recorded")).to_be_hidden()
    assert extension.recordings() == []
