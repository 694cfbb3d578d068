"""How a run ends: its last state, its steps' states, its workflow's status, the search index."""

from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.labeling.models import LabelingRun, RunState
from app.webhooks import outbox
from app.webhooks.models import Event
from app.workflows import news, search
from app.workflows import service as workflows
from app.workflows.models import Label, LabelSource, LabelState, Step

TOLD: dict[RunState, Event] = {
    RunState.SUCCEEDED: "workflow.labelled",
    RunState.PARTIAL: "workflow.labelled",
    RunState.FAILED: "run.needs_attention",
    RunState.NEEDS_ATTENTION: "run.needs_attention",
}
"""What other programs are told of an end. Nobody has to hear of what a person cancelled."""

CANCELLED = "Cancelled by a person. Finished steps keep their new labels."


def end(session: Session, run_id: int, workflow_id: int, state: RunState, reason: str | None) -> None:
    """Bring a run to its end; whoever calls has locked it. A later retry starts from the chunks that are left."""
    values: dict[str, Any] = {"state": state, "reason": reason, "due_at": None, "published_at": None}
    session.execute(
        update(LabelingRun).where(LabelingRun.id == run_id).values(**values, lease_token=None, finished_at=now())
    )
    _release_pending_steps(session, workflow_id)
    search.index(session, [workflow_id])
    if state is not RunState.NEEDS_ATTENTION:
        workflows.mark_draft(session, workflow_id)
    if event := TOLD.get(state):
        outbox.tell(session, event, lambda: {**news.about(session, workflow_id), "run": _about_run(session, run_id)})


def _about_run(session: Session, run_id: int) -> dict[str, Any]:
    """Of a run, for other programs: counts, no words."""
    run = LabelingRun
    counts = (run.id, run.state, run.total_steps, run.steps_labeled, run.steps_failed)
    return dict(session.execute(select(*counts).where(run.id == run_id)).mappings().one())


def _release_pending_steps(session: Session, workflow_id: int) -> None:
    """No step stays `pending` without a run: it falls back to what its labels say."""
    pending = (Step.workflow_id == workflow_id, Step.label_state == LabelState.PENDING)
    has_ai_label = exists(select(Label.id).where(Label.step_id == Step.id, Label.source == LabelSource.AI))
    session.execute(update(Step).where(*pending, has_ai_label).values(label_state=LabelState.LABELLED))
    session.execute(update(Step).where(*pending).values(label_state=LabelState.RULES))
