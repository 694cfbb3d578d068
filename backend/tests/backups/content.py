"""What an instance holds, made and looked at through the rooms' own functions."""

import os
from typing import Any

from sqlalchemy import select, update

from app.accounts import service as accounts
from app.accounts.actor import Actor
from app.backups.portable import TABLES
from app.core.db import snapshot, transaction
from app.guides import service as guides
from app.labeling.models import LabelingRun
from app.recordings import rerecording
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage import service as storage
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows import labels, steps
from app.workflows import service as workflows
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from tests.api.bodies import picture, recording, step
from tests.people import person

Row = dict[str, Any]


def nothing(_stage: str, _done: int, _total: int) -> None:
    """Shows nothing."""


def owner() -> Actor:
    """An editor, made when there is none yet."""
    with transaction() as session:
        accounts.users.ensure_admin(session)
        return accounts.local_admin(session)


def record(actor: Actor, name: str, shade: int) -> int:
    """A workflow of one step with its picture, labelled by the rules, a person and a model; its run waits."""
    with transaction() as session:
        shot, _ = storage.store(
            session, get_store(), owner_id=actor.user_id, data=picture(shade), max_bytes=10**6, max_pixels=10**6
        )
        content = RecordingIn(**recording(name=name, steps=[step(screenshot_id=shot.id)]))
        made = recordings.store(session, actor, recordings.prepare(content))
        step_id = steps.listed(session, made.workflow_id)[0].step.id
        labels.add(session, {step_id: labels.by_person("Contact", "Add the contact.", actor.user_id)})
        labels.add(session, {step_id: NewLabel("New", "Click New.", source=LabelSource.AI)})
        return made.workflow_id


def keep_bytes(actor: Actor, name: str, size: int) -> None:
    """A screenshot whose picture is random bytes."""
    get_store().put(f"zz/{name}.webp", os.urandom(size))
    with transaction() as session:
        session.add(
            Screenshot(
                id=name,
                owner_id=actor.user_id,
                sha256=name,
                blob=f"zz/{name}.webp",
                media_type="image/webp",
                width=1,
                height=1,
                bytes=size,
            )
        )


def fill() -> Actor:
    """Some people, workflows, labels, pictures, tokens."""
    actor = owner()
    with transaction() as session:
        colleague = person(session, "colleague", accounts.Role.EDITOR)
        accounts.tokens.create(session, actor, name="script", scopes=["read"])
    for number, name in enumerate(("Create a contact", "Übung mit Größe", "Delete an invoice")):
        record(actor if number else colleague, name, 100 + number)
    number, gone = record(actor, "Recorded again", 180), record(actor, "Soon gone", 200)
    with transaction() as session:
        shot, _ = storage.store(
            session, get_store(), owner_id=actor.user_id, data=picture(190), max_bytes=10**6, max_pixels=10**6
        )
        again = RecordingIn(**recording(steps=[step(screenshot_id=shot.id)]))
        rerecording.store(session, actor, number, recordings.prepare(again))
        workflows.delete(session, gone, actor)
    return actor


def set_run(workflow_id: int, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(LabelingRun).where(LabelingRun.workflow_id == workflow_id).values(**values))


def rows(*, but: tuple[str, ...] = ()) -> dict[str, list[Row]]:
    """Every row of every table that is backed up, without these columns."""
    with snapshot() as connection:
        return {
            one.name: [
                {name: value for name, value in row._mapping.items() if name not in but}
                for row in connection.execute(select(one).order_by(*one.primary_key.columns))
            ]
            for one in TABLES
        }


def seen(actor: Actor) -> dict[str, Any]:
    """What people get to see: the list, what a search finds, guides as files, pictures. The audit notes the exports."""
    with transaction() as session:
        found = {
            word: [item.workflow.id for item in workflows.search(session, actor, q=word).items]
            for word in ("", "contact", "ubung", "invo", "soon", "crm")
        }
        exported = {
            (number, kind): b"".join(guides.export(session, number, actor, kind).data)
            for number in found[""]
            for kind in ("markdown", "json")
        }
        pictures = {blob: get_store().get(blob) for blob in session.scalars(select(Screenshot.blob))}
    return {"found": found, "exported": exported, "pictures": pictures}
