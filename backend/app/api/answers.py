"""Answers that are put together from several rooms."""

from base64 import b64encode

from fastapi import Response
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.api.run_schemas import RunHandled, RunRead
from app.api.schemas import (
    ChangeRead,
    LabelRead,
    ProposalRead,
    SentPictureRead,
    SentRead,
    StepRead,
    WordsRead,
    WorkflowRead,
    WorkflowSummary,
)
from app.core.db import transaction
from app.labeling import runs
from app.labeling.access import Handled
from app.labeling.feed import Snapshot
from app.labeling.models import ACTIVE, LabelingRun
from app.labeling.sent import Sent
from app.recordings.service import Ingested, Prepared
from app.workflows import service as workflows
from app.workflows import steps, tags, variables
from app.workflows.content import StepContent
from app.workflows.models import LabelSource, LabelState, Visibility, WorkflowStatus
from app.workflows.proposals import Proposal
from app.workflows.steps import StepView


def step_read(view: StepView) -> StepRead:
    """A step with the label that it shows."""
    step = view.step
    return StepRead.model_validate(
        {
            **{name: getattr(step, name) for name in _STEP_FIELDS},
            "label": LabelRead.model_validate(view.label) if view.label else None,
            "proposals": view.proposals,
            "stale": view.stale,
        }
    )


_STEP_FIELDS = tuple(name for name in StepRead.model_fields if name not in {"label", "proposals", "stale"})


def proposal_read(proposal: Proposal) -> ProposalRead:
    """A proposal with its words, and those that it would replace."""
    label = proposal.label
    return ProposalRead(
        n=proposal.n,
        **{name: getattr(label, name) for name in _PROPOSED_FIELDS},
        current=WordsRead.model_validate(proposal.current),
        diff=[ChangeRead.model_validate(change) for change in proposal.diff],
    )


_PROPOSED_FIELDS = tuple(name for name in ProposalRead.model_fields if name not in {"n", "current", "diff"})


def run_read(run: LabelingRun) -> RunRead:
    """A run with its waiting and running times."""
    return RunRead.model_validate(runs.facts(run))


def handled_read(handled: Handled) -> RunHandled:
    """What became of one of several runs."""
    run, error = handled.run, handled.error
    return RunHandled(
        run_id=handled.run_id,
        run=run_read(run) if run else None,
        error=error.name if error else None,
        detail=error.detail if error else None,
    )


def sent_read(sent: Sent) -> SentRead:
    """What a model is shown, with its pictures."""
    shown = sent.outgoing
    pictures = [
        SentPictureRead(
            number=picture.number,
            kind=picture.kind,
            width=picture.width,
            height=picture.height,
            sha256=picture.sha256,
            data=b64encode(picture.data).decode(),
        )
        for picture in shown.pictures
    ]
    return SentRead(
        key=sent.key,
        document=shown.document,
        pictures=pictures,
        sha256=shown.sha256,
        last_call_sha256=sent.last_call_sha256,
        matches_last_call=sent.matches_last_call,
    )


def workflow_read(session: Session, workflow_id: int, actor: Actor) -> WorkflowRead:
    """A workflow with its steps and its newest run, if `actor` may see it."""
    workflow = workflows.get(session, workflow_id, actor)
    views = steps.listed(session, workflow_id)
    run = runs.newest(session, workflow_id)
    return WorkflowRead(
        **{name: getattr(workflow, name) for name in _WORKFLOW_FIELDS},
        variables=variables.of(workflow),
        total_steps=len(views),
        screenshot_id=next((view.step.screenshot_id for view in views if view.step.screenshot_id), None),
        tags=tags.of(session, [workflow.id]).get(workflow.id, []),
        steps=[step_read(view) for view in views],
        labeling=run_read(run) if run else None,
    )


_ELSEWHERE = {"steps", "labeling", "total_steps", "screenshot_id", "variables", "tags"}
_WORKFLOW_FIELDS = tuple(name for name in WorkflowRead.model_fields if name not in _ELSEWHERE)


def workflow_summary(found: workflows.WorkflowSummary) -> WorkflowSummary:
    """A workflow in a list."""
    return WorkflowSummary(
        **{name: getattr(found.workflow, name) for name in _SUMMARY_FIELDS},
        total_steps=found.steps,
        screenshot_id=found.screenshot_id,
        tags=list(found.tags),
    )


_SUMMARY_FIELDS = tuple(
    name for name in WorkflowSummary.model_fields if name not in {"total_steps", "screenshot_id", "tags"}
)


def created_workflow(prepared: Prepared, ingested: Ingested, actor: Actor) -> WorkflowRead:
    """The answer to an upload, from what was just written: `workflow_read` would find the same."""
    recording, created = prepared.recording, ingested.created
    return WorkflowRead.model_construct(
        id=created.workflow_id,
        **{field: getattr(recording, field) for field in ("name", "description", "starting_url", "language")},
        status=WorkflowStatus.PROCESSING,
        visibility=Visibility.TEAM,
        owner_id=actor.user_id,
        version=1,
        total_steps=len(recording.steps),
        screenshot_id=next((step.screenshot_id for step in recording.steps if step.screenshot_id), None),
        folder_id=None,
        tags=[],
        site=created.site,
        created_at=created.moment,
        updated_at=created.moment,
        variables=[],
        steps=[
            StepRead.model_construct(
                id=step_id,
                position=position,
                version=1,
                **{field: getattr(step, field) for field in StepContent.model_fields},
                label=LabelRead.model_construct(
                    field_label=words.field_label,
                    instruction=words.instruction,
                    confidence=None if step.label else by_rules.confidence,
                    source=LabelSource.HUMAN if step.label else LabelSource.RULES,
                    model=None,
                    flags=None,
                    created_at=created.moment,
                ),
                heading=None,
                label_state=LabelState.RULES,
                proposals=0,
                stale=None,
            )
            for position, (step_id, step, by_rules) in enumerate(
                zip(created.step_ids, recording.steps, prepared.labels, strict=True), 1
            )
            for words in (step.label or by_rules,)
        ],
        labeling=run_read(ingested.run),
    )


def answer(model: WorkflowRead, status_code: int = 201) -> Response:
    """The model as an answer, written once: FastAPI would check it again before it writes it."""
    return Response(model.model_dump_json(), status_code, media_type="application/json")


def read_snapshot(workflow_id: int) -> Snapshot:
    """What viewers of a labelling are told: the newest run, and each step's label."""
    with transaction(read_only=True) as session:
        run = runs.newest(session, workflow_id)
        views = steps.listed(session, workflow_id)
        return Snapshot(
            run=run_read(run).model_dump(mode="json") if run else None,
            steps={
                view.step.id: {
                    "label": LabelRead.model_validate(view.label).model_dump(mode="json") if view.label else None,
                    "label_state": view.step.label_state,
                }
                for view in views
            },
            active=run is not None and run.state in ACTIVE,
        )
