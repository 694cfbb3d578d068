"""Labelling of a workflow, and the runs of all."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.accounts.actor import Actor
from app.api.answers import handled_read, read_snapshot, run_read, sent_read, step_read
from app.api.deps import Editor, Reader
from app.api.forms import Listed
from app.api.run_schemas import LabelEverything, LabelRequest, RunHandled, RunRead, RunsQueued, RunsWanted
from app.api.schemas import SentRead, StepRead
from app.core import preferences
from app.core.db import transaction
from app.labeling import access, review, sent
from app.labeling.feed import Feed
from app.labeling.models import RunState
from app.labeling.runs import PRIORITIES
from app.tasks.publishing import publish
from app.workflows import service as workflows

router = APIRouter(tags=["labeling"])


@router.post("/workflows/{workflow_id}/label", status_code=202)
def label_workflow(workflow_id: int, actor: Editor, wanted: LabelRequest | None = None) -> RunRead:
    """Label all steps, or those named, anew. A run that is under way is joined; a person's words are never replaced."""
    wanted = wanted or LabelRequest()
    with transaction() as session:
        run = access.request(session, workflow_id, actor, step_ids=wanted.step_ids, mode=wanted.mode)
        answer = run_read(run)
    publish(answer.id, workflow_id, PRIORITIES[answer.mode])
    return answer


@router.get("/workflows/{workflow_id}/labeling")
def get_labeling(workflow_id: int, actor: Reader) -> RunRead:
    """The newest run of this workflow."""
    with transaction(read_only=True) as session:
        return run_read(access.newest(session, workflow_id, actor))


def visible_workflow(workflow_id: int, actor: Reader) -> int:
    """The number of a workflow that the caller may see, asked before the stream begins."""
    with transaction(read_only=True) as session:
        return workflows.get(session, workflow_id, actor).id


@router.get("/workflows/{workflow_id}/labeling/events", response_class=EventSourceResponse)
async def watch_labeling(
    request: Request, visible_id: Annotated[int, Depends(visible_workflow)]
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events while a workflow is labelled: `progress` (the run), `step` (its number, label and label
    state) and `done` (the run at its end). The present state comes first."""
    feed: Feed = request.app.state.feed
    async for event in feed.watch(visible_id, read_snapshot):
        yield ServerSentEvent(event=event.kind, data=event.data)


@router.post("/workflows/{workflow_id}/labeling/cancel")
def cancel_labeling(workflow_id: int, actor: Editor) -> RunRead:
    """Stop the run that is under way, within one chunk; what is labelled stays."""
    with transaction() as session:
        return run_read(access.cancel(session, workflow_id, actor))


@router.get("/workflows/{workflow_id}/review")
def review_workflow(workflow_id: int, actor: Reader) -> Listed[StepRead]:
    """All steps in the order in which they need a look: failed ones, then the most doubtful, a person's own last."""
    with transaction(read_only=True) as session:
        views = review.ordered(session, workflow_id, actor)
        return Listed(items=[step_read(view) for view in views], next_cursor=None)


@router.get("/workflows/{workflow_id}/steps/{step_id}/sent")
def get_sent(workflow_id: int, step_id: int, actor: Reader) -> SentRead:
    """What a model is shown of this step, as it would be sent now: with the other steps of its last call, if there was
    one, else alone. Nothing is sent by asking."""
    with transaction(read_only=True) as session:
        click_verb = preferences.settings(session).click_verb
        question = sent.read(session, workflow_id, step_id, actor, click_verb=click_verb)
    return sent_read(question.build())


@router.get("/runs")
def list_runs(
    actor: Reader,
    state: RunState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Listed[RunRead]:
    """Runs of workflows that you may see, newest first; `state=needs_attention` are those that wait for a person."""
    with transaction(read_only=True) as session:
        page = access.listed(session, actor, state=state, limit=limit, cursor=cursor)
        return Listed(items=[run_read(run) for run in page.items], next_cursor=page.next_cursor)


@router.post("/runs", status_code=202)
def label_everything(actor: Editor, wanted: LabelEverything | None = None) -> RunsQueued:
    """Label every workflow anew that you may change, archived ones left out. What people wrote stays."""
    return RunsQueued(runs=access.request_all(actor, mode=(wanted or LabelEverything()).mode))


@router.post("/runs/retry")
def retry_runs(actor: Editor, wanted: RunsWanted) -> Listed[RunHandled]:
    """Retry several runs, at most 100 at a time; each has its own result, and none stops the others."""
    run_ids, next_cursor = _wanted(actor, wanted)
    handled = access.retry_each(actor, run_ids)
    for each in handled:
        # While the broker is away, one wait is enough: the reconciler sends the rest.
        if each.run and not publish(each.run.id, each.run.workflow_id, PRIORITIES[each.run.mode]):
            break
    return Listed(items=[handled_read(each) for each in handled], next_cursor=next_cursor)


@router.post("/runs/acknowledge")
def acknowledge_runs(actor: Editor, wanted: RunsWanted) -> Listed[RunHandled]:
    """Acknowledge several runs, at most 100 at a time; each has its own result, and none stops the others."""
    run_ids, next_cursor = _wanted(actor, wanted)
    handled = access.acknowledge_each(actor, run_ids)
    return Listed(items=[handled_read(each) for each in handled], next_cursor=next_cursor)


def _wanted(actor: Actor, wanted: RunsWanted) -> tuple[list[int], str | None]:
    """Numbers of the runs that are meant, each once, and where the next part begins."""
    if wanted.run_ids is not None:
        return list(dict.fromkeys(wanted.run_ids)), None
    with transaction(read_only=True) as session:
        page = access.waiting_for_a_person(
            session, actor, parked_for=wanted.parked_for, limit=wanted.limit, cursor=wanted.cursor
        )
    return page.items, page.next_cursor


@router.post("/runs/{run_id}/retry", status_code=202)
def retry_run(run_id: int, actor: Editor) -> RunRead:
    """Try the steps again that this run did not label."""
    with transaction() as session:
        answer = run_read(access.retry(session, run_id, actor))
    publish(answer.id, answer.workflow_id, PRIORITIES[answer.mode])
    return answer


@router.post("/runs/{run_id}/acknowledge")
def acknowledge_run(run_id: int, actor: Editor) -> RunRead:
    """Say that you have seen why this run was given up on; it no longer waits for a person."""
    with transaction() as session:
        return run_read(access.acknowledge(session, run_id, actor))
