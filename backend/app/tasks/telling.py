"""After a labelling, whoever is to be told of it need not wait for the reconciler's next look."""

from typing import Any

from celery import signals

from app.tasks.ai_labeling import label_workflow_steps
from app.tasks.publishing import tell_of_news


@signals.task_postrun.connect
def tell_after_labeling(task: Any, **_: Any) -> None:
    """In the process that labelled."""
    if task.name == label_workflow_steps.name:
        tell_of_news()
