"""Exports that take a while: asked for by a row, made by whoever claims it, fetched within a day.

A row is `waiting` from the beginning. Whoever claims it counts a try, by which later writes are told from those of a
worker that was believed dead, and holds it until `due_at`. A message only wakes somebody up: `due` finds those whose
message got lost, and those whose worker died.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.clock import db_now, now
from app.core.errors import AppError, InvalidInput, NotFound
from app.core.pages import LARGEST_ID
from app.guides import service
from app.guides.export import Export
from app.guides.models import ExportJob
from app.storage.store import BlobNotFound, BlobStore, get_store
from app.workflows import service as workflows

KEPT = timedelta(hours=24)
PREFIX = "exports/"
"""Of the files' keys in the store."""
MOST_WORKFLOWS = 200
MOST_TRIES = 3
FIRST_WAKING_SECONDS = 30
"""After which a message that nobody took counts as lost."""
LEASE_SECONDS = 120
"""How long a worker may be silent before it counts as dead. It says something with every few pictures."""
AT_ONCE = 500

GAVE_UP = "It was tried several times and could not be made. The server’s log says why."


class ExportNotFound(NotFound):
    """There is no export with this number, it is not yours, or it is older than a day."""


class ExportNotReady(AppError):
    """This export is not made yet: ask again in a moment."""

    status_code = 409


class ExportFailed(AppError):
    """This export could not be made."""

    status_code = 409


class WrongNumberOfWorkflows(InvalidInput):
    """An export needs at least one workflow, and takes only so many."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make an export until somebody else has claimed it."""

    job_id: int
    user_id: int
    tries: int
    workflow_ids: Sequence[int]
    format: str


def request(session: Session, actor: Actor, workflow_ids: Sequence[int], format_: str) -> ExportJob:
    """Queue an export of workflows that `actor` may see: several become one zip. The caller commits, then publishes.

    Raises `UnsupportedFormat`, `WorkflowNotFound`, `WrongNumberOfWorkflows`.
    """
    service.check(format_)
    wanted = list(dict.fromkeys(workflow_ids))
    if not 1 <= len(wanted) <= MOST_WORKFLOWS:
        raise WrongNumberOfWorkflows(f"An export takes 1 to {MOST_WORKFLOWS} workflows; {len(wanted)} were named.")
    for workflow_id in wanted:
        workflows.get(session, workflow_id, actor)
        audit.record(session, actor, "workflow_exported", f"workflow:{workflow_id}", format=format_)
    job = ExportJob(
        user_id=actor.user_id, workflow_ids=wanted, format=format_, due_at=db_now(FIRST_WAKING_SECONDS), state="waiting"
    )
    session.add(job)
    session.flush()
    session.refresh(job)
    return job


def get(session: Session, job_id: int, actor: Actor) -> ExportJob:
    """An export of `actor`'s own."""
    known = ExportJob.id == (job_id if 0 < job_id <= LARGEST_ID else 0)
    job = session.scalar(select(ExportJob).where(known, ExportJob.user_id == actor.user_id))
    if job is None or job.created_at < now() - KEPT:
        raise ExportNotFound
    return job


def of_workflow(session: Session, workflow_id: int, actor: Actor, *, limit: int = 5) -> list[ExportJob]:
    """The newest exports of this workflow alone that `actor` asked for."""
    mine = select(ExportJob).where(ExportJob.user_id == actor.user_id, ExportJob.created_at >= now() - KEPT)
    newest = session.scalars(mine.order_by(ExportJob.id.desc()).limit(100))
    return [job for job in newest if job.workflow_ids == [workflow_id]][:limit]


def file(session: Session, job_id: int, actor: Actor) -> Export:
    """The finished file. Raises `ExportNotFound`, `ExportNotReady`, `ExportFailed`; reading it, `ExportNotFound`."""
    job = get(session, job_id, actor)
    if job.state == "failed":
        raise ExportFailed(job.problem)
    if job.state != "done" or not (job.blob and job.filename and job.media_type):
        raise ExportNotReady
    try:
        return Export(job.filename, job.media_type, iter([get_store().get(job.blob)]))
    except BlobNotFound:
        raise ExportNotFound from None


def claim(session: Session, job_id: int) -> Claim | None:
    """Take a waiting export on; None: it is over, somebody is at it, or it was tried too often and is given up now."""
    free = and_(ExportJob.id == job_id, ExportJob.state == "waiting", _free())
    taken = update(ExportJob).where(free).values(tries=ExportJob.tries + 1, due_at=db_now(LEASE_SECONDS))
    row = session.execute(
        taken.returning(ExportJob.id, ExportJob.user_id, ExportJob.tries, ExportJob.workflow_ids, ExportJob.format)
    ).one_or_none()
    if row is None:
        return None
    claimed = Claim(*row)
    if claimed.tries > MOST_TRIES:
        fail(session, claimed, GAVE_UP)
        return None
    return claimed


def advance(session: Session, mine: Claim, *, done: int, total: int) -> bool:
    """Say how far it is, and hold it for longer; False: it was taken over."""
    return _write(session, mine, done=done, total=total, due_at=db_now(LEASE_SECONDS))


def finish(session: Session, mine: Claim, *, blob: str, filename: str, media_type: str) -> bool:
    """It can be fetched from now on; False: it was taken over."""
    done = {"state": "done", "done": ExportJob.total, "finished_at": now()}
    return _write(session, mine, **done, blob=blob, filename=filename, media_type=media_type)


def fail(session: Session, mine: Claim, problem: str) -> bool:
    """It cannot be made, and why, for a person."""
    return _write(session, mine, state="failed", problem=problem, finished_at=now())


def release(session: Session, mine: Claim) -> bool:
    """Somebody else may try at once."""
    return _write(session, mine, due_at=db_now())


def due(session: Session, limit: int) -> Sequence[int]:
    """The exports that nobody works on though their time has come."""
    waiting = (ExportJob.state == "waiting") & (ExportJob.due_at <= db_now())
    return session.scalars(select(ExportJob.id).where(waiting).order_by(ExportJob.due_at).limit(limit)).all()


_earliest = select(ExportJob.due_at).where(ExportJob.state == "waiting").order_by(ExportJob.due_at).limit(1)

SOME_ARE_DUE: ColumnElement[bool] = func.coalesce(_earliest.scalar_subquery() <= db_now(), False)
"""Whether `due` would find any, as a part of a query: one look at the index of states and times."""


def put_off(session: Session, job_ids: Sequence[int]) -> None:
    """Messages were sent for these: do not send more at once. One whose worker died stays due until it is claimed."""
    fresh = (ExportJob.id.in_(job_ids)) & (ExportJob.tries == 0)
    session.execute(update(ExportJob).where(fresh).values(due_at=db_now(FIRST_WAKING_SECONDS)))


def expire(session: Session) -> list[str]:
    """Forget the exports that had their day; the files returned are to be erased once this is committed."""
    old = delete(ExportJob).where(ExportJob.created_at < now() - KEPT)
    return [blob for blob in session.scalars(old.returning(ExportJob.blob)) if blob]


def orphans(session: Session, blobs: BlobStore, *, older_than: datetime) -> list[str]:
    """Files that a crash left without their row."""
    old = [blob.key for blob in blobs.list(PREFIX) if blob.modified < older_than]
    known: set[str | None] = set()
    for start in range(0, len(old), AT_ONCE):
        known |= set(session.scalars(select(ExportJob.blob).where(ExportJob.blob.in_(old[start : start + AT_ONCE]))))
    return [key for key in old if key not in known]


def _free() -> ColumnElement[bool]:
    return or_(ExportJob.tries == 0, ExportJob.due_at <= db_now())


def _write(session: Session, mine: Claim, **values: Any) -> bool:
    held = (ExportJob.id == mine.job_id) & (ExportJob.tries == mine.tries) & (ExportJob.state == "waiting")
    return bool(session.connection().execute(update(ExportJob).where(held).values(**values)).rowcount)
