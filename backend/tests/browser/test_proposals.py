"""Deciding about what a model proposes, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.actor import Actor
from app.core.config import BACKEND
from app.core.db import transaction
from app.recordings import importing
from app.workflows import labels, steps
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource

SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"

WORDS = {
    2: ("Open the list of all users.", 'Click "Users" to open the list of all users.', "Users", 0.92),
    3: ("Add a user with the button in the corner.", 'Click "Add a user".', "Add a user", 0.86),
    4: (
        'Enter the first name in the "First name" field.',
        'Enter the given name in the "First name" field.',
        "Name",
        0.4,
    ),
}
"""Step → a person's words, a model's, its short name, its confidence."""


@pytest.fixture
def workflow_id(actor: Actor) -> int:
    """The sample with a person's words at some steps, and other ones of a model beside them."""
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    with transaction() as session:
        ids = {view.step.position: view.step.id for view in steps.listed(session, number)}
        for position, (theirs, proposed, name, confidence) in WORDS.items():
            labels.add(
                session,
                {ids[position]: labels.by_person("First name" if position == 4 else name, theirs, actor.user_id)},
            )
            flags = ["not_on_page"] if confidence < 0.5 else None
            new = NewLabel(name, proposed, confidence, LabelSource.AI, "claude-haiku-5-5", flags=flags)
            labels.add(session, {ids[position]: new})
    return number


def test_one_is_accepted_and_one_rejected(page: Page, sign_in: Callable[[], None], workflow_id: int) -> None:
    sign_in()
    page.goto(f"/workflows/{workflow_id}")
    expect(page.locator(".proposal")).to_have_count(len(WORDS))
    second = page.locator("#step-2")
    second.get_by_text("Why?").click()
    expect(second.get_by_text("What is on the page speaks for it (92 %).")).to_be_visible()
    second.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#step-2")
    expect(page.locator("#step-2 .instruction")).to_have_text("Click Users to open the list of all users.")
    page.locator("#step-3").get_by_role("button", name="Reject").click()
    expect(page.locator("#step-3 .instruction")).to_have_text(WORDS[3][0])
    expect(page.locator(".proposal")).to_have_count(len(WORDS) - 2)
    expect(page.locator("summary", has_text="Proposals (1)")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(
    page: Page, sign_in: Callable[[], None], workflow_id: int, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in()
    page.goto(f"/workflows/{workflow_id}")
    for why in page.locator(".proposal summary").all():
        why.click()
    for name in ("Proposals", "Export"):
        page.locator("summary", has_text=name).click()
        menu = page.locator(".actions .menu[open] > div").bounding_box()
        assert menu
        assert menu["x"] >= 0
        assert menu["x"] + menu["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_all_are_accepted_without_scripts(
    page: Page, sign_in: Callable[[], None], workflow_id: int, chromium: Browser, server: str
) -> None:
    sign_in()
    state: Any = page.context.storage_state()
    context = chromium.new_context(base_url=server, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(f"/workflows/{workflow_id}")
    plain.locator("summary", has_text="Proposals (3)").click()
    plain.get_by_role("button", name="Accept all (3)").click()
    expect(plain.locator(".proposal")).to_have_count(0)
    expect(plain.locator("#step-3 .instruction")).to_have_text("Click Add a user.")
    context.close()
