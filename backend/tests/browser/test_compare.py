"""A task recorded again, in a real browser: compared, hidden again, chosen, taken over, and undone."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.config import BACKEND
from app.core.db import transaction
from app.guides import made_files
from app.labeling.models import LabelingRun, RunState
from app.recordings import importing, rerecording
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn, RecordingStep
from app.storage import service as storage
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows import labels, redaction, steps
from app.workflows import service as workflows
from app.workflows.content import Box, StepContent
from app.workflows.models import Workflow, WorkflowStatus
from app.workflows.redaction import Wanted
from tests.browser.axe import violations

SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"
RENAMED, HIDDEN, GONE = 2, 4, 6
"""Places of steps."""
MINE = "Open the form for a new account."


@dataclass(frozen=True)
class Beside:
    """A workflow with a new recording beside it."""

    workflow_id: int
    recording_id: int
    ids: list[int]

    @property
    def address(self) -> str:
        return f"/workflows/{self.workflow_id}/recordings/{self.recording_id}"


@pytest.fixture
def beside(actor: Actor) -> Beside:
    """The sample: one step is called otherwise, one is gone, one came; in one picture something was hidden."""
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    with transaction() as session:
        session.execute(update(LabelingRun).values(state=RunState.SUCCEEDED, due_at=None))
        session.execute(update(Workflow).values(status=WorkflowStatus.DRAFT))
        ids = [view.step.id for view in steps.listed(session, number)]
        labels.add(session, {ids[RENAMED]: labels.by_person("New account", MINE, actor.user_id)})
    hidden = Wanted([Box(x=0.3, y=0.35, width=0.3, height=0.08)], "fraction")
    redaction.redact(actor, number, ids[HIDDEN], hidden, outdate=made_files.outdate)
    with transaction() as session:
        again = [RecordingStep(**dict(content)) for content in _recorded_again(session, actor, number)]
        new = rerecording.store(session, actor, number, recordings.prepare(RecordingIn(steps=again)))
        return Beside(number, new.id, ids)


def _recorded_again(session: Session, actor: Actor, number: int) -> list[StepContent]:
    contents = [_fresh(session, actor, steps.content(view.step)) for view in steps.listed(session, number)]
    renamed = contents[RENAMED]
    assert renamed.target
    target = renamed.target.model_copy(update={"name": "Add an account", "text": "Add an account"})
    contents[RENAMED] = renamed.model_copy(update={"target": target})
    target = target.model_copy(update={"name": "Tell the team", "text": None, "selectors": [], "attributes": {}})
    contents.append(renamed.model_copy(update={"target": target}))
    del contents[GONE]
    return contents


def _fresh(session: Session, actor: Actor, content: StepContent) -> StepContent:
    """The same page with a new bar on top."""
    if content.screenshot_id is None:
        return content
    with Image.open(io.BytesIO(get_store().get(session.get_one(Screenshot, content.screenshot_id).blob))) as old:
        new = old.convert("RGB")
    ImageDraw.Draw(new).rectangle((0, 0, new.width, new.height // 14), fill="#0a6640")
    data = io.BytesIO()
    new.save(data, "PNG")
    shot, _ = storage.store(
        session, get_store(), owner_id=actor.user_id, data=data.getvalue(), max_bytes=10**8, max_pixels=10**8
    )
    return content.model_copy(update={"screenshot_id": shot.id})


def test_choices_made_of_what_is_no_more_are_kept_and_told(
    page: Page, sign_in: Callable[[], None], actor: Actor, beside: Beside
) -> None:
    sign_in()
    page.goto(beside.address)
    page.get_by_label("Remove it").uncheck()
    with transaction() as session:
        steps.confirm(session, beside.workflow_id, beside.ids[0], actor)
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed the workflow")
    expect(page.get_by_label("Remove it")).not_to_be_checked()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_role("link", name="Record again")).to_be_visible()
    with transaction(read_only=True) as session:
        assert [view.step.id for view in steps.listed(session, beside.workflow_id)].count(beside.ids[GONE]) == 1


def test_both_are_looked_at_and_the_new_one_is_taken_over(
    page: Page, sign_in: Callable[[], None], actor: Actor, beside: Beside
) -> None:
    sign_in()
    page.goto(beside.address)
    expect(page.locator(".counts")).to_contain_text("1 changed")
    changed = page.locator(".pair.changed")
    expect(changed.locator("del")).to_be_visible()
    expect(changed.locator("ins")).to_have_text("Add an account")
    expect(changed.get_by_text("The words that a person wrote stay.")).to_be_visible()
    expect(changed.locator("img")).to_have_count(2)
    assert violations(page) == []
    held = page.locator(".pair:has(.held)").first
    expect(held.locator("svg rect")).to_have_count(1)
    count = page.locator(".held").count()
    page.get_by_label("Remove it").uncheck()
    held.get_by_role("button", name="Hide the same places").click()
    expect(page.locator(".held")).to_have_count(count - 1)
    expect(page.get_by_label("Remove it")).not_to_be_checked()
    page.get_by_role("button", name="Hide the same places in all").click()
    expect(page.locator(".held")).to_have_count(0)
    expect(page.get_by_label("Remove it")).not_to_be_checked()
    page.get_by_role("button", name="Take over everything").click()
    page.goto(f"/workflows/{beside.workflow_id}/review?step={beside.ids[RENAMED]}")
    expect(page.locator(".focus .instruction")).to_have_text(MINE)
    expect(page.locator(".flags")).to_contain_text("A newer recording changed the name")
    with transaction(read_only=True) as session:
        views = {view.step.id: view.step for view in steps.listed(session, beside.workflow_id)}
        shot = session.get_one(Screenshot, views[beside.ids[HIDDEN]].screenshot_id)
        assert shot.hidden
        assert beside.ids[GONE] not in views
    page.goto(f"/workflows/{beside.workflow_id}/history")
    expect(page.get_by_text("Taken over from a new recording")).to_be_visible()
    with transaction() as session:
        assert workflows.get(session, beside.workflow_id, actor).status == WorkflowStatus.PROCESSING
