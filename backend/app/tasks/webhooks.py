"""The task that tells other programs what happened. A message says that something is due; the rows say what."""

from app.celery_app import celery_app
from app.webhooks import sending

SECONDS = 60
"""After which a worker begins nothing new: what is still due wakes the next one."""


@celery_app.task(name="app.tasks.webhooks.deliver", ignore_result=True, expires=600)
def deliver() -> None:
    """Send the deliveries of webhooks that are due. Woken ten times, it sends each once."""
    sending.send_due(SECONDS)
