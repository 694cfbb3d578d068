"""Files of guides that were made before something in them had to go."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.guides.models import ExportJob


def outdate(session: Session, workflow_ids: Collection[int]) -> Sequence[str]:
    """Let nobody fetch the files that hold one of these workflows any more; their keys in the store."""
    blobs: list[str] = []
    made = select(ExportJob).where(ExportJob.blob.is_not(None))
    for job in session.scalars(made):
        if job.blob and not set(workflow_ids).isdisjoint(job.workflow_ids):
            blobs.append(job.blob)
            job.blob, job.state = None, "failed"
            job.problem = "Something in a picture was hidden after this file was made. Make the file anew."
    session.flush()
    return blobs
