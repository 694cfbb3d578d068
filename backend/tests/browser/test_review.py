"""Reviewing in a real browser: by keyboard alone, two people at once, while a model labels, without scripts."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts import links, users
from app.accounts.actor import Actor
from app.accounts.models import Role
from app.core.config import BACKEND, Settings, get_settings
from app.core.db import transaction
from app.labeling import access
from app.labeling import service as labeling
from app.recordings import importing
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.workflows import edits, labels, steps
from app.workflows import service as workflows
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from tests.browser.axe import violations
from tests.labeling.scripted import Stage

SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"

SignIn = Callable[[], None]


def store(actor: Actor, count: int) -> tuple[int, list[int]]:
    """A draft of so many clicks, labelled by rules; its number and its steps'."""
    recorded = [
        {
            "action": "click",
            "target": {"tag": "button", "role": "button", "name": f"Button {n}"},
            "page": {"url": "https://crm.example/contacts", "title": "Contacts"},
        }
        for n in range(1, count + 1)
    ]
    recording = json.dumps({"name": "Create a contact", "steps": recorded})
    prepared = recordings.prepare(RecordingIn.model_validate_json(recording))
    with transaction() as session:
        stored = recordings.store(session, actor, prepared)
    labeling.label_run(stored.run.id)
    with transaction(read_only=True) as session:
        ids = [view.step.id for view in steps.listed(session, stored.workflow_id)]
    return stored.workflow_id, ids


def propose(step_id: int, actor: Actor) -> None:
    """A person's words, and a model's beside them."""
    with transaction() as session:
        labels.add(session, {step_id: labels.by_person("Button", "Press the button.", actor.user_id)})
        labels.add(session, {step_id: NewLabel("Button", "Press the big button.", 0.9, LabelSource.AI, "m-1")})


def said(workflow_id: int) -> dict[int, tuple[str, str]]:
    with transaction(read_only=True) as session:
        return {
            view.step.id: (view.label.instruction, str(view.label.source))
            for view in steps.listed(session, workflow_id)
            if view.label
        }


def open_review(page: Page, sign_in: SignIn, workflow_id: int, step_id: int | None = None) -> None:
    sign_in()
    page.goto(f"/workflows/{workflow_id}/review" + (f"?step={step_id}" if step_id else ""))
    expect(page.locator("[data-open-keys]")).to_be_visible()  # the scripts have run


def title(page: Page) -> Any:
    return page.locator("#focus-title")


def test_keys_do_nothing_while_one_writes_or_when_turned_off(page: Page, sign_in: SignIn, actor: Actor) -> None:
    number, ids = store(actor, 3)
    open_review(page, sign_in, number)
    page.keyboard.press("e")
    expect(page.get_by_label("Instruction")).to_be_focused()
    page.keyboard.type("jaxu")
    expect(page.get_by_label("Instruction")).to_have_value('Click "Button 1".jaxu')
    page.keyboard.press("Escape")
    expect(title(page)).to_be_focused()
    expect(page.get_by_label("Instruction")).to_be_hidden()
    page.keyboard.press("?")
    page.get_by_label("Single keys do something").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.reload()
    expect(page.locator("[data-open-keys]")).to_be_visible()
    page.keyboard.press("a")
    page.get_by_role("link", name="Next").click()
    expect(title(page)).to_contain_text("Step 2")
    assert said(number)[ids[0]] == ('Click "Button 1".', "rules")


def test_no_key_after_the_one_that_begins_editing_is_lost(page: Page, sign_in: SignIn, actor: Actor) -> None:
    number, _ids = store(actor, 3)
    open_review(page, sign_in, number)
    focused = page.evaluate("""() => {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "e", bubbles: true, cancelable: true }));
        const text = document.activeElement;
        text.select?.();
        return text.id;
    }""")
    assert focused == "edit-instruction"
    expect(page.get_by_label("Instruction")).to_be_visible()
    page.evaluate("() => new Promise(requestAnimationFrame)")  # the late word of the opening has come
    page.keyboard.type("All new")
    expect(page.get_by_label("Instruction")).to_have_value("All new")


def test_twenty_steps_are_reviewed_by_keyboard_alone(page: Page, sign_in: SignIn, actor: Actor) -> None:
    number, ids = store(actor, 20)
    propose(ids[4], actor)
    open_review(page, sign_in, number)
    page.evaluate("document.body.dataset.loaded = 'once'")
    progress, status = page.locator("#progress"), page.locator("#said")
    expect(progress).to_have_text("0 of 20 checked")

    page.keyboard.press("a")
    expect(progress).to_have_text("1 of 20 checked")
    expect(title(page)).to_contain_text("Step 2")
    expect(title(page)).to_be_focused()
    expect(status).to_contain_text("Step 1 checked. Step 2")

    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("Click Button 2 **now**.")
    expect(page.locator("#checked .preview strong")).to_have_text("now")
    page.keyboard.press("Control+Enter")
    expect(progress).to_have_text("2 of 20 checked")

    page.keyboard.press("x")
    expect(progress).to_have_text("2 of 19 checked")
    page.keyboard.press("j")
    expect(title(page)).to_contain_text("Step 5")
    page.keyboard.press("k")
    expect(title(page)).to_contain_text("Step 3")

    for checked in range(3, 19):
        page.keyboard.press("a")
        expect(progress).to_have_text(f"{checked} of 19 checked")
    expect(page.locator(".proposal ins")).to_have_text("big ")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="All 19 steps are checked")).to_be_focused()
    expect(page.locator("body")).to_have_attribute("data-loaded", "once")

    page.keyboard.press("a")
    expect(page.locator("#status")).to_have_text("Published")
    found = said(number)
    assert found[ids[1]] == ("Click Button 2 **now**.", "human")
    assert found[ids[4]] == ("Press the button.", "human")
    assert {source for _, source in found.values()} == {"human"}
    expect(page.locator("#step-2 .instruction strong")).to_have_text("now")


def test_a_proposal_is_accepted_and_undone(page: Page, sign_in: SignIn, actor: Actor) -> None:
    number, ids = store(actor, 2)
    propose(ids[1], actor)
    open_review(page, sign_in, number, ids[1])
    expect(page.locator("#focus .proposal")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("Step 2: proposal accepted.")
    assert said(number)[ids[1]] == ("Press the big button.", "human")
    page.keyboard.press("u")
    expect(title(page)).to_contain_text("Step 2")
    expect(page.locator("#focus .proposal ins")).to_have_text("big ")
    expect(page.locator("#said")).to_contain_text("Undone.")
    assert said(number)[ids[1]] == ("Press the button.", "human")
    page.keyboard.press("u")
    expect(page.get_by_role("alert")).to_contain_text("nothing here that could be undone")


@pytest.fixture
def with_nils(settings: Settings, chromium: Browser, server: str) -> Iterator[Page]:
    """The page of a second editor."""
    assert settings.database_url
    with transaction() as session:
        nils = users.create(
            session, email="nils@example.com", name="Nils Berg", role=Role.EDITOR, password=None, by=None
        )
        secret = links.create(session, nils)
    context = chromium.new_context(base_url=server)
    theirs = context.new_page()
    theirs.goto(f"/sign-in/{secret}")
    theirs.get_by_role("button", name="Sign in").click()
    expect(theirs.get_by_role("heading", name="Workflows")).to_be_visible()
    yield theirs
    context.close()


def write(page: Page, text: str) -> None:
    page.keyboard.press("e")
    page.get_by_label("Instruction").fill(text)
    page.keyboard.press("Control+Enter")


def test_who_is_too_late_sees_both_texts(page: Page, with_nils: Page, sign_in: SignIn, actor: Actor) -> None:
    number, ids = store(actor, 2)
    open_review(page, sign_in, number, ids[0])
    with_nils.goto(f"/workflows/{number}/review?step={ids[0]}")
    expect(with_nils.locator("[data-open-keys]")).to_be_visible()
    write(with_nils, "Nils presses it.")
    expect(with_nils.locator("#progress")).to_have_text("1 of 2 checked")

    write(page, "Mira clicks it.")
    conflict = page.locator(".conflict")
    expect(conflict).to_contain_text("Nils presses it.")
    expect(conflict).to_contain_text("Mira clicks it.")
    expect(page.get_by_label("Instruction")).to_have_value("Mira clicks it.")
    assert said(number)[ids[0]] == ("Nils presses it.", "human")
    assert violations(page) == []
    conflict.get_by_role("button", name="Keep mine").click()
    expect(page.locator("#said")).to_contain_text("Step 1 saved.")
    assert said(number)[ids[0]] == ("Mira clicks it.", "human")

    with_nils.keyboard.press("k")
    expect(title(with_nils)).to_contain_text("Step")
    with_nils.goto(f"/workflows/{number}/review?step={ids[0]}")
    expect(with_nils.locator("#focus .instruction")).to_have_text("Mira clicks it.")
    with transaction() as session:
        steps.confirm(session, number, ids[1], actor)
    page.keyboard.press("e")
    with transaction() as session:
        edits.undo(session, number, actor)
    page.get_by_label("Instruction").fill("Another one.")
    page.keyboard.press("Control+Enter")
    page.locator(".conflict").get_by_role("link", name="Take theirs").click()
    expect(page.locator(".conflict")).to_have_count(0)
    expect(page.locator("#focus .instruction")).to_have_text("Click Button 2.")


def test_title_and_purpose_are_changed_in_place(page: Page, with_nils: Page, sign_in: SignIn, actor: Actor) -> None:
    number, _ = store(actor, 2)
    sign_in()
    page.goto(f"/workflows/{number}")
    page.get_by_text("Edit title and purpose").click()
    page.get_by_label("Title").fill("Add a customer")
    with_nils.goto(f"/workflows/{number}")
    with_nils.get_by_text("Edit title and purpose").click()
    with_nils.get_by_label("Purpose").fill("For the sales team.")
    with_nils.get_by_label("Purpose").press("Tab")
    with_nils.keyboard.press("Enter")
    expect(with_nils.locator(".purpose")).to_have_text("For the sales team.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".conflict")).to_contain_text("For the sales team.")
    assert violations(page) == []
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a customer")
    with transaction(read_only=True) as session:
        assert workflows.get(session, number, actor).description is None


@pytest.fixture
def stage(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The scripted labeler in the place of the rules, in this process."""
    from app.labeling.registry import LABELERS
    from tests.labeling.scripted import ScriptedLabeler

    assert settings.labeler == "auto"
    monkeypatch.setitem(LABELERS, "rules", lambda _: ScriptedLabeler(tmp_path))
    return Stage(tmp_path)


def test_a_new_label_arrives_while_one_looks_and_leaves_what_one_types(
    page: Page, sign_in: SignIn, actor: Actor, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_CHUNK_STEPS", "1")
    get_settings.cache_clear()
    number, ids = store(actor, 2)
    open_review(page, sign_in, number, ids[0])
    stage.plan("Button 1", wait_for="first")
    with labelling_anew(page, number, actor):
        stage.open("first")
        expect(page.locator("#focus .instruction")).to_have_text("Click Button 1, says the script.")
        expect(title(page)).to_be_focused()
    stage.plan("Button 1", wait_for="second")
    with labelling_anew(page, number, actor):
        page.keyboard.press("e")
        page.get_by_label("Instruction").fill("I am writing.")
        stage.open("second")
        expect(page.locator("#review[data-live]")).to_have_count(0)
        expect(page.get_by_label("Instruction")).to_have_value("I am writing.")
    assert said(number)[ids[0]] == ("Click Button 1, says the script.", "ai")


@contextmanager
def labelling_anew(page: Page, workflow_id: int, actor: Actor) -> Iterator[None]:
    """A worker that labels the step which the page shows."""
    with page.expect_response(re.compile("/relabel$")):
        page.keyboard.press("r")
    expect(page.locator(".done")).to_have_text("Step 1 is being labelled anew.")
    expect(page.locator("#review[data-live]")).to_have_count(1)
    with transaction(read_only=True) as session:
        run = access.newest(session, workflow_id, actor)
    worker = threading.Thread(target=labeling.label_run, args=(run.id,))
    worker.start()
    try:
        yield
    finally:
        worker.join()


def test_it_works_without_scripts(page: Page, sign_in: SignIn, actor: Actor, chromium: Browser, server: str) -> None:
    number, ids = store(actor, 2)
    sign_in()
    state: Any = page.context.storage_state()
    context = chromium.new_context(base_url=server, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(f"/workflows/{number}/review")
    plain.get_by_role("button", name="Looks right").click()
    expect(plain.locator(".done")).to_have_text("Step 1 checked.")
    plain.locator("summary", has_text="Edit").click()
    plain.get_by_label("Instruction").fill("Press it.")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("heading", name="All 2 steps are checked")).to_be_visible()
    plain.get_by_role("link", name="History").click()
    plain.get_by_role("button", name="Undo: New words for step 2").click()
    expect(plain.locator(".edit-row.undone")).to_have_count(1)
    assert said(number)[ids[1]][1] == "rules"
    context.close()


@pytest.fixture
def doubtful(actor: Actor) -> int:
    """The sample with a proposal, a flag, markup and a variable."""
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    with transaction() as session:
        ids = [view.step.id for view in steps.listed(session, number)]
        flagged = NewLabel(
            "First name", 'Enter the name in the "First name" field.', 0.41, LabelSource.AI, "claude-haiku-5-5",
            flags=["not_on_page", "style:long"],
        )  # fmt: skip
        rich = (
            'Click "Users", then see **all** of [the wiki](https://wiki.example) for `{{customer}}` and {{customer}}.'
        )
        labels.add(session, {ids[3]: flagged, ids[1]: labels.by_person("Users", rich, actor.user_id)})
        labels.add(session, {ids[1]: NewLabel("Users", 'Click "Users".', 0.9, LabelSource.AI, "claude-haiku-5-5")})
    return number


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_axe_finds_nothing(page: Page, sign_in: SignIn, doubtful: int, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_review(page, sign_in, doubtful)
    page.locator("summary", has_text="Edit").click()
    page.get_by_label("Instruction").fill('click div tag "x')
    expect(page.locator(".problems li")).not_to_have_count(0)
    shots = [("review-edit", None), ("review-proposal", 2), ("guide", f"/workflows/{doubtful}"),
             ("history", f"/workflows/{doubtful}/history")]  # fmt: skip
    for name, there in shots:
        if isinstance(there, int):
            page.locator("#queue a", has=page.locator(".n", has_text=re.compile("^2$"))).click()
            expect(title(page)).to_be_in_viewport()
            expect(title(page)).to_contain_text("Step 2")
        elif there:
            page.goto(there)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
