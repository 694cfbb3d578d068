"""Files of guides that were made, or are being made, before something in them had to go."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import db_now
from app.guides.models import ExportJob


def outdate(session: Session, workflow_ids: Collection[int]) -> Sequence[str]:
    """Let nobody fetch the files that hold one of these workflows any more; their keys in the store.

    Whoever makes one just now may have read what had to go: the claim is taken away, and it is made from the beginning.
    """
    # Those under way come first: one that is finished in between is seen as made.
    under_way = ExportJob.id.in_(_holding(session, workflow_ids, made=False)) & (ExportJob.state == "waiting")
    session.execute(update(ExportJob).where(under_way).values(tries=ExportJob.tries + 1, due_at=db_now()))
    made = select(ExportJob).where(ExportJob.id.in_(_holding(session, workflow_ids, made=True)))
    blobs: list[str] = []
    for job in session.scalars(made.with_for_update()):
        if job.blob:
            blobs.append(job.blob)
        job.blob, job.state = None, "failed"
        job.problem = "Something in a picture was hidden after this file was made. Make the file anew."
    session.flush()
    return blobs


def _holding(session: Session, workflow_ids: Collection[int], *, made: bool) -> list[int]:
    wanted = ExportJob.blob.is_not(None) if made else ExportJob.state == "waiting"
    jobs = session.execute(select(ExportJob.id, ExportJob.workflow_ids).where(wanted))
    return [job_id for job_id, of in jobs if not set(workflow_ids).isdisjoint(of)]
