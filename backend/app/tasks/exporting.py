"""The task that makes an export. A message names its row; the row says what is to be done."""

from billiard.exceptions import SoftTimeLimitExceeded

from app.celery_app import celery_app
from app.guides import making


@celery_app.task(name="app.tasks.exporting.make", ignore_result=True)
def make(export_id: int) -> None:
    """Make the file of an export, unless it is made already or another worker is at it."""
    making.make(export_id, interruptions=(SoftTimeLimitExceeded,))
