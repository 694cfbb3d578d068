"""A workflow with everything that an address may name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

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
from app.workflows import edits, folders, labels, shares
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Step, Visibility, Workflow
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
EVERY_NAME = " ".join(f"{{{name}}}" for name in NOBODYS)
"""A route that names everything."""
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

    For a `route`, what belongs to the workflow is made only where it is named: the rest has nobody's numbers.
    """
    named = {name for name in NOBODYS if not route or f"{{{name}}}" in route}
    made: dict[str, Any] = dict(NOBODYS)
    with transaction() as session:
        screenshot, _ = storage.store(
            session, get_store(), owner_id=owner.user_id, data=picture(number), max_bytes=10**6, max_pixels=10**6
        )
        content = RecordingIn(**recording(steps=[step(screenshot_id=screenshot.id)]))
        stored = recordings.store(session, owner, recordings.prepare(content))
        workflow = session.get_one(Workflow, stored.workflow_id)
        made |= {"workflow_id": workflow.id, "run_id": stored.run_id, "screenshot_id": screenshot.id}
        if "recording_id" in named:
            anew = rerecording.store(session, owner, workflow.id, recordings.prepare(content))
            made["recording_id"] = anew.id
        session.execute(update(Workflow).where(Workflow.id == workflow.id).values(visibility=visibility))
        given_up = update(LabelingRun).where(LabelingRun.id == stored.run_id)
        session.execute(given_up.values(state=RunState.NEEDS_ATTENTION, due_at=None))
        step_id = session.scalars(select(Step.id).where(Step.workflow_id == workflow.id)).one()
        made["step_id"] = step_id
        labels.add(session, {step_id: labels.by_person("Contact", "Add the contact.", owner.user_id)})
        labels.add(session, {step_id: NewLabel("New", "Click New.", source=LabelSource.AI)})
        made["label_id"] = labels.history(session, step_id)[0].id
        made["edit_id"] = edits.record(session, workflow, owner, "workflow_changed", before={}, after={}).id
        if "export_id" in named:
            made["export_id"] = exports.request(session, owner, [workflow.id], "json").id
        if {"share_id", "secret"} & named:
            share, made["secret"] = shares.create(session, workflow.id, owner)
            made["share_id"] = share.id
        if {"webhook_id", "delivery_id"} & named:
            hook = Webhook(
                url=HOOK["url"], events=[], secret=signing.new_secret(), created_by=owner.user_id, given_up=0
            )
            session.add(hook)
            session.flush()
            made["webhook_id"] = hook.id
            (made["delivery_id"],) = outbox.add(session, [hook.id], "webhook.test", {})
        if "folder_id" in named:
            made["folder_id"] = folders.create(session, owner, f"Folder {workflow.id}").id
    if "{export_id}" in route:
        making.make(made["export_id"])
    if "token_id" in named:
        made["token_id"], _ = token_of(owner)
    return Things(number=number, **made)


def vars_of(own: Things) -> dict[str, Any]:
    """What an address is filled in with."""
    return {name: getattr(own, name) for name in NOBODYS}
