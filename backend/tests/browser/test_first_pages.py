"""What a person does on the first day, in a real browser against a real server."""

import base64
import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.accounts.actor import Actor
from app.core.config import BACKEND, get_settings
from app.core.db import transaction
from app.labeling import service as labeling
from app.recordings import importing
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from tests.labeling.scripted import Stage
from tests.web.test_poisoned_recording import POISON, poisoned

SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"
POISONED_ADDRESS = "https://crm.example/<img src=x onerror=alert(1)>"

SignIn = Callable[[], None]


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Let files fall on the page."""
    expect(page.get_by_role("button", name="Import").first).to_be_visible()  # the scripts have run
    contents = [[name, base64.b64encode(data).decode()] for name, data in files]
    transfer = page.evaluate_handle(
        """(contents) => {
          const transfer = new DataTransfer();
          for (const [name, data] of contents) {
            transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
          }
          return transfer;
        }""",
        contents,
    )
    for event in ("dragover", "drop"):
        page.dispatch_event("main", event, {"dataTransfer": transfer})


def is_loaded(picture: Locator) -> bool:
    picture.scroll_into_view_if_needed()  # a lazy one is not asked for before, and would be waited for without end
    loaded: bool = picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth > 0; }")
    return loaded


def test_a_wrong_password_is_said_beside_the_form(page: Page, mira: Any) -> None:
    page.goto("/")
    page.get_by_label("Email").fill(mira.email)
    page.get_by_label("Password").fill("guess")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The email address or the password is wrong.")
    expect(page.get_by_label("Email")).to_have_value(mira.email)
    expect(page.get_by_label("Password")).to_be_focused()


def test_files_that_cannot_be_used_say_why_beside_the_one_that_can(page: Page, sign_in: SignIn) -> None:
    sign_in()
    drop(page, ("broken.json", b"{nope"), ("sample.zip", SAMPLE.read_bytes()), ("notes.txt", b"hello"))
    items = page.locator("#import li")
    expect(items).to_have_count(3)
    expect(page.locator("#import progress")).to_have_count(0)
    expect(items.nth(0)).to_contain_text("not valid JSON")
    expect(items.nth(1).get_by_role("link")).to_have_text("Open “Create an account for a new colleague”")
    assert "failed" in (items.nth(2).get_attribute("class") or "")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".row")).to_have_count(1)


def test_a_dropped_recording_opens_as_a_guide_with_pictures(page: Page, sign_in: SignIn) -> None:
    sign_in()
    expect(page.get_by_text("There are no workflows yet")).to_be_visible()
    drop(page, ("create-an-account.zip", SAMPLE.read_bytes()))
    expect(page.get_by_role("heading", level=1)).to_have_text("Create an account for a new colleague")
    expect(page.locator(".step")).to_have_count(14)
    expect(page.locator("#step-4 .instruction")).to_contain_text("Add a user")
    for number in (1, 4):
        assert is_loaded(page.locator(f"#step-{number} .shot img"))

    page.locator("#step-4 .shot").click()
    viewer = page.locator("dialog.viewer")
    expect(viewer).to_contain_text("Step 4: ")
    assert is_loaded(viewer.locator("img"))
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("Step 5: ")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(page.locator("#step-5 .shot")).to_be_focused()


def test_the_guide_can_be_taken_away_as_text(page: Page, sign_in: SignIn, actor: Actor) -> None:
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    sign_in()
    page.goto(f"/workflows/{number}")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert download.value.suggested_filename == "Create-an-account-for-a-new-colleague.md"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Markdown")).to_be_hidden()


def test_the_list_follows_what_one_types(page: Page, sign_in: SignIn, actor: Actor) -> None:
    for name in ("Refund an order", "Create a contact"):
        store(actor, name)
    sign_in()
    expect(page.locator(".row")).to_have_count(2)
    expect(page.get_by_role("button", name="Import")).to_be_visible()  # the scripts have run
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("refu")
    expect(page.locator(".row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/\?q=refu$"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()


def test_signing_out_shuts_the_door(page: Page, sign_in: SignIn) -> None:
    sign_in()
    page.get_by_label("Your account: Mira Okafor").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_labels_arrive_while_one_reads(
    page: Page, sign_in: SignIn, actor: Actor, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_CHUNK_STEPS", "1")
    monkeypatch.setenv("LABEL_CHUNKS_AT_ONCE", "1")
    get_settings.cache_clear()
    workflow_id, run_id = store(actor, "Create a contact")
    for name in ("New contact", "Save"):
        stage.plan(name, wait_for=name)
    sign_in()
    page.goto(f"/workflows/{workflow_id}")
    first, second = page.locator("#step-1 .instruction"), page.locator("#step-2 .instruction")
    said_by_rules = first.inner_text()
    page.evaluate("document.body.dataset.loaded = 'once'")

    worker = threading.Thread(target=labeling.label_run, args=(run_id,))
    worker.start()
    try:
        stage.open("New contact")
        expect(first).not_to_have_text(said_by_rules)
        expect(page.locator("#labeling progress")).to_have_js_property("value", 1)
        expect(second).to_have_text("Click Save.")
        stage.open("Save")
        expect(page.locator("#status")).to_have_text("Ready for review")
        expect(page.locator("#labeling progress")).to_have_count(0)
        expect(page.get_by_role("button", name="Relabel")).to_be_enabled()
    finally:
        stage.open("New contact")
        stage.open("Save")
        worker.join()
    expect(page.locator("body")).to_have_attribute("data-loaded", "once")


def test_a_poisoned_recording_does_nothing(page: Page, sign_in: SignIn, actor: Actor) -> None:
    recording = json.dumps({"name": POISON, **poisoned(POISONED_ADDRESS)})
    number, _ = store_json(actor, recording)
    sign_in()
    page.goto("/?q=alert")
    expect(page.locator(".row h2")).to_contain_text(POISON)
    page.goto(f"/workflows/{number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(POISON)
    drop(page, (f"{POISON}.json", recording.encode()), (f"{POISON}.zip", b"no zip"))
    expect(page.locator("#import progress")).to_have_count(0)
    expect(page.locator("#import li").first).to_contain_text(POISON)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, sign_in: SignIn, actor: Actor, width: int) -> None:
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    page.set_viewport_size({"width": width, "height": 800})
    sign_in()
    for path in ("/", f"/workflows/{number}", "/nowhere"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def store(actor: Actor, name: str) -> tuple[int, int]:
    """A workflow of two clicks; its number and its run's."""
    steps = [
        {
            "action": "click",
            "target": {"tag": "button", "role": "button", "name": button},
            "page": {"url": "https://crm.example/contacts", "title": "Contacts"},
        }
        for button in ("New contact", "Save")
    ]
    return store_json(actor, json.dumps({"name": name, "steps": steps}))


def store_json(actor: Actor, recording: str) -> tuple[int, int]:
    prepared = recordings.prepare(RecordingIn.model_validate_json(recording))
    with transaction() as session:
        stored = recordings.store(session, actor, prepared)
    return stored.workflow_id, stored.run.id


@pytest.fixture
def stage(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The scripted labeler in the place of the rules, in this process."""
    from app.labeling.registry import LABELERS
    from tests.labeling.scripted import ScriptedLabeler

    assert settings.labeler == "auto"
    monkeypatch.setitem(LABELERS, "rules", lambda _: ScriptedLabeler(tmp_path))
    return Stage(tmp_path)
