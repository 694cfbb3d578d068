"""A workflow with everything that an address may name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from app.accounts.actor import Actor
from app.core.db import transaction
from app.guides import jobs as exports
from app.guides import making
from app.labeling.models import LabelingRun, RunState
from app.recordings import rerecording
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage import service as storage
from app.storage.store import get_store
from app.webhooks import outbox, signing
from app.webhooks.models import Webhook
from app.workflows import edits, folders, labels, shares, steps
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Visibility, Workflow
from tests.api.bodies import picture, recording, step
from tests.api.callers import token_of

HOOK: dict[str, Any] = {"url": "https://hooks.example/in", "events": ["workflow.published"]}

NUMBERS = (
    "delivery_id",
    "export_id",
    "folder_id",
    "recording_id",
    "run_id",
    "share_id",
    "step_id",
    "token_id",
    "webhook_id",
    "workflow_id",
)
NOBODYS: dict[str, Any] = {**dict.fromkeys(NUMBERS, 2**62), "screenshot_id": "f" * 32, "secret": "x" * 43}
OTHER = {"path": "nothing", "n": 1, "position": 1, "decision": "accept", "user_id": 2**40, "action": "test"}


@dataclass(frozen=True)
class Things:
    """One workflow of the owner, with what belongs to it."""

    number: int
    workflow_id: int
    step_id: int
    run_id: int
    screenshot_id: str
    token_id: int
    export_id: int
    share_id: int
    secret: str
    """Of its link."""
    webhook_id: int
    delivery_id: int
    edit_id: int
    label_id: int
    folder_id: int
    recording_id: int
    """Of a new recording of its task."""


def things(owner: Actor, visibility: Visibility, number: int, *, route: str = "") -> Things:
    """A fresh workflow of `owner`, whose labelling waits for a person, as does what a model says beside their words.

    An export is made for a `route` that names one: that takes its time.
    """
    with transaction() as session:
        screenshot, _ = storage.store(
            session, get_store(), owner_id=owner.user_id, data=picture(number), max_bytes=10**6, max_pixels=10**6
        )
        content = RecordingIn(**recording(steps=[step(screenshot_id=screenshot.id)]))
        made = recordings.store(session, owner, recordings.prepare(content))
        anew = rerecording.store(session, owner, made.workflow_id, recordings.prepare(content))
        session.execute(update(Workflow).where(Workflow.id == made.workflow_id).values(visibility=visibility))
        given_up = update(LabelingRun).where(LabelingRun.id == made.run_id)
        session.execute(given_up.values(state=RunState.NEEDS_ATTENTION, due_at=None))
        step_id = steps.listed(session, made.workflow_id)[0].step.id
        labels.add(session, {step_id: labels.by_person("Contact", "Add the contact.", owner.user_id)})
        labels.add(session, {step_id: NewLabel("New", "Click New.", source=LabelSource.AI)})
        export_id = exports.request(session, owner, [made.workflow_id], "json").id
        share, secret = shares.create(session, made.workflow_id, owner)
        hook = Webhook(url=HOOK["url"], events=[], secret=signing.new_secret(), created_by=owner.user_id, given_up=0)
        session.add(hook)
        session.flush()
        (delivery_id,) = outbox.add(session, [hook.id], "webhook.test", {})
        workflow = session.get_one(Workflow, made.workflow_id)
        edit_id = edits.record(session, workflow, owner, "workflow_changed", before={}, after={}).id
        label_id = labels.history(session, step_id)[0].id
        folder = folders.create(session, owner, f"Folder {made.workflow_id}")
    if "{export_id}" in route:
        making.make(export_id)
    token_id, _ = token_of(owner)
    return Things(
        number,
        made.workflow_id,
        step_id,
        made.run_id,
        screenshot.id,
        token_id,
        export_id,
        share.id,
        secret,
        hook.id,
        delivery_id,
        edit_id,
        label_id,
        folder.id,
        anew.id,
    )


def vars_of(own: Things) -> dict[str, Any]:
    """What an address is filled in with."""
    return {name: getattr(own, name) for name in NOBODYS}
