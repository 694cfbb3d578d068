"""An export made by a real worker."""

import pytest
from sqlalchemy import update

from app.accounts.models import Role
from app.core.clock import db_now
from app.core.config import BACKEND, get_settings
from app.core.db import transaction
from app.guides import jobs
from app.guides.models import ExportJob
from app.recordings import importing
from app.tasks.publishing import publish_export
from app.tasks.reconciler import reconcile
from tests.people import person
from tests.services import StartWorker, wait_until

pytestmark = [
    pytest.mark.usefixtures("queue_settings"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_worker_makes_what_was_asked_for_and_what_got_lost(start_worker: StartWorker) -> None:
    with transaction() as session:
        actor = person(session, "editor", Role.EDITOR)
    sample = (BACKEND.parent / "samples" / "create-an-account.zip").read_bytes()
    workflow_id = importing.import_file(actor, sample).ingested[0].workflow_id
    with transaction() as session:
        asked = jobs.request(session, actor, [workflow_id], "pdf").id
        lost = jobs.request(session, actor, [workflow_id], "docx").id
        session.execute(update(ExportJob).where(ExportJob.id == lost).values(due_at=db_now(-1)))
    start_worker()
    assert publish_export(asked)
    reconcile(get_settings())

    def states() -> set[str]:
        with transaction(read_only=True) as session:
            return {session.get_one(ExportJob, job_id).state for job_id in (asked, lost)}

    wait_until(lambda: states() == {"done"})
    with transaction(read_only=True) as session:
        assert b"".join(jobs.file(session, asked, actor).data).startswith(b"%PDF")
        assert jobs.get(session, asked, actor).done == 15
