"""The task that labels a workflow. A message names a run; the run's row says what is to be done."""

from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded

from app.celery_app import AnyTask, celery_app
from app.core.db import transaction
from app.labeling import results, runs, service
from app.labeling.models import ACTIVE

WAIT_FOR_OTHERS_SECONDS = 1


@celery_app.task(name="app.tasks.ai_labeling.tend_batches", ignore_result=True, expires=600)
def tend_batches() -> None:
    """Cancel batches at the provider whose runs are over, and book what they cost."""
    service.tend_batches()


@celery_app.task(bind=True, name="app.tasks.ai_labeling.label_workflow_steps")
def label_workflow_steps(self: AnyTask, workflow_id: int, run_id: int | None = None) -> dict[str, Any]:
    """Label the steps of a workflow that are not labelled yet, and say how it went.

    With `run_id` (as this project's own messages have it): work on this run, or return at once if that is not to be
    done now. Without: the result is there when the workflow is labelled, whoever does the work.
    """
    if run_id is not None:
        service.label_run(run_id, interruptions=(SoftTimeLimitExceeded,))
        with transaction(read_only=True) as session:
            return results.of_run(session, workflow_id, run_id)
    with transaction() as session:
        run = results.run_for_task(session, workflow_id, self.request.id or "")
    if run is not None:
        try:
            service.label_run(run.id, interruptions=(SoftTimeLimitExceeded,))
        except SoftTimeLimitExceeded:  # the run goes on in another task, the caller's result waits for it
            raise self.retry(countdown=WAIT_FOR_OTHERS_SECONDS, max_retries=None) from None
    with transaction(read_only=True) as session:
        result = results.of_run(session, workflow_id, run.id if run else None)
        waiting = run is not None and runs.get(session, run.id).state in ACTIVE
    if waiting:
        raise self.retry(countdown=WAIT_FOR_OTHERS_SECONDS, max_retries=None)
    return result
