"""The pieces of a run: planned once, called for, committed one by one; what is committed is never sent again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.labeling import leases, outcomes, proposals
from app.labeling.answers.judging import same
from app.labeling.leases import Lease
from app.labeling.models import LabelingChunk, LabelingRun, RunState
from app.labeling.protocol import Chunk, ChunkResult, Labeler, StepLabel
from app.workflows import labels as workflow_labels
from app.workflows.labels import NewLabel, clean
from app.workflows.models import Label, LabelSource, LabelState, Step

NO_LABELS: Mapping[int, StepLabel] = MappingProxyType({})
NO_ANSWER = "The answer named no label for this step."


@dataclass(frozen=True, slots=True)
class Planned:
    """A chunk that is to be done."""

    id: int
    step_ids: tuple[int, ...]
    attempts: int


def plan(session: Session, lease: Lease, *, labeler: str, size: Callable[[int], int]) -> list[Planned]:
    """Cut the run's steps into chunks, unless that was done before; the chunks that are left to do.

    `size`: of how many steps, by the number of all.
    """
    leases.fence(session, lease, labeler=labeler)
    if not session.scalar(select(func.count()).where(LabelingChunk.run_id == lease.run_id)):
        _cut(session, lease, size)
    rows = session.scalars(
        select(LabelingChunk)
        .where(LabelingChunk.run_id == lease.run_id, LabelingChunk.state == "pending")
        .order_by(LabelingChunk.number)
    )
    planned = [Planned(row.id, tuple(row.step_ids), row.attempts) for row in rows]
    waiting = [step_id for chunk in planned for step_id in chunk.step_ids]
    session.execute(update(Step).where(Step.id.in_(waiting)).values(label_state=LabelState.PENDING))
    return planned


def _cut(session: Session, lease: Lease, size: Callable[[int], int]) -> None:
    run = LabelingRun
    asked = session.scalars(select(run.step_ids).where(run.id == lease.run_id)).one()
    steps = select(Step.id).where(Step.workflow_id == lease.workflow_id).order_by(Step.position)
    ids = session.scalars(steps if asked is None else steps.where(Step.id.in_(asked))).all()
    session.execute(update(run).where(run.id == lease.run_id).values(total_steps=len(ids)))
    rows = [
        {"run_id": lease.run_id, "number": number, "step_ids": list(part)}
        for number, part in enumerate(_parts(ids, size(len(ids))), start=1)
    ]
    if rows:
        session.execute(insert(LabelingChunk), rows)


def _parts(ids: Sequence[int], most: int) -> list[Sequence[int]]:
    """The short one comes first: its answer is there soonest, and whoever waits reads from the beginning."""
    ends = range(len(ids) % most or most, len(ids) + 1, most)
    return [ids[max(0, end - most) : end] for end in ends]


def count_attempt(session: Session, chunk_id: int, *, key: str) -> None:
    """Before a call is made for it."""
    chunk = LabelingChunk
    session.execute(update(chunk).where(chunk.id == chunk_id).values(attempts=chunk.attempts + 1, key=key))


def commit(
    session: Session,
    lease: Lease,
    chunk: Planned,
    result: ChunkResult,
    labeler: Labeler,
    *,
    rule_labels: Mapping[int, StepLabel] = NO_LABELS,
) -> None:
    """Write the labels of a chunk, its steps' states and the counters: all of it, or LeaseLost and nothing.

    Running it again is harmless, so that it may be repeated when the answer of the database got lost.
    """
    leases.fence(session, lease, worker_deaths=0)
    every = set(session.scalars(select(Step.id).where(Step.workflow_id == lease.workflow_id)))
    here = every.intersection(chunk.step_ids)
    by_step = {item.step_id: item for item in result.results if item.step_id in here}
    labels = {step_id: item.label for step_id, item in by_step.items() if item.label and _usable(item.label)}
    failed = sorted(here - labels.keys())
    reasons = [by_step[step_id].failure if step_id in by_step else None for step_id in failed]
    error = (reasons[0] or NO_ANSWER) if reasons else None
    if not _close(session, chunk.id, "failed" if failed and not labels else "done", error):
        return
    if labels and labeler.source is LabelSource.AI:
        labels = _told_apart(labels, rule_labels, workflow_labels.shown(session, every - labels.keys()))
    _write_labels(session, lease, labels, labeler)
    _set_state(session, sorted(labels), LabelState.LABELLED)
    _set_state(session, failed, LabelState.FAILED)
    proposals.write(session, lease.workflow_id, result)
    run = LabelingRun
    counters = {
        "steps_labeled": run.steps_labeled + len(labels),
        "steps_failed": run.steps_failed + len(failed),
        "total_steps": run.total_steps - (len(chunk.step_ids) - len(here)),
    }
    session.execute(update(run).where(run.id == lease.run_id).values(**counters))


def _close(session: Session, chunk_id: int, state: str, error: str | None) -> bool:
    """False: it was closed before."""
    chunk = LabelingChunk
    open_ = (chunk.id == chunk_id, chunk.state == "pending")
    result = session.execute(update(chunk).where(*open_).values(state=state, error=error))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _told_apart(
    labels: Mapping[int, StepLabel], rule_labels: Mapping[int, StepLabel], elsewhere: Mapping[int, Label]
) -> dict[int, StepLabel]:
    """Chunks that were asked for side by side may say the same: the later one takes the rules' label, else a flag."""
    taken = {same(label.instruction) for label in elsewhere.values()}
    told = dict(labels)
    for step_id, label in labels.items():
        if same(label.instruction) not in taken:
            continue
        others = taken | {same(other.instruction) for number, other in told.items() if number != step_id}
        rule = rule_labels.get(step_id)
        if rule is not None and same(rule.instruction) not in others:
            told[step_id] = rule
        elif "duplicate" not in label.flags:
            told[step_id] = replace(label, flags=(*label.flags, "duplicate"))
    return told


def uncount_attempt(session: Session, chunk_id: int) -> None:
    """The provider asked for a pause: that is no fault of this chunk's."""
    chunk = LabelingChunk
    session.execute(update(chunk).where(chunk.id == chunk_id).values(attempts=chunk.attempts - 1))


def finish(session: Session, lease: Lease) -> RunState:
    """Close a run that has no chunk left."""
    leases.fence(session, lease)
    run = LabelingRun
    labelled, failed, total = session.execute(
        select(run.steps_labeled, run.steps_failed, run.total_steps).where(run.id == lease.run_id)
    ).one()
    state, reason = RunState.SUCCEEDED, None
    if failed:
        state = RunState.PARTIAL if labelled else RunState.FAILED
        chunk = LabelingChunk
        why = session.scalars(select(chunk.error).where(chunk.run_id == lease.run_id, chunk.error.is_not(None))).first()
        reason = f"{failed} of {total} steps could not be labelled. {why or NO_ANSWER}"
    outcomes.end(session, lease.run_id, lease.workflow_id, state, reason)
    return state


def key_of(chunk: Chunk, labeler: Labeler) -> str:
    """The same for the same call: steps, pictures, prompt version, model."""
    facts = hashlib.sha256(f"{labeler.name}\0{labeler.model}\0{labeler.prompt_version}".encode())
    for step in chunk.steps:
        facts.update(step.content.model_dump_json().encode())  # a picture's id stands for its bytes
    return facts.hexdigest()


def _write_labels(session: Session, lease: Lease, labels: dict[int, StepLabel], labeler: Labeler) -> None:
    if labeler.source is LabelSource.RULES:
        labels = _changed(session, labels)
    new = {
        step_id: NewLabel(
            label.field_label,
            label.instruction,
            label.confidence,
            source=labeler.source,
            model=labeler.model,
            prompt_version=labeler.prompt_version,
            run_id=lease.run_id,
            flags=list(label.flags) or None,
        )
        for step_id, label in sorted(labels.items())
    }
    workflow_labels.add(session, new)


def _changed(session: Session, labels: dict[int, StepLabel]) -> dict[int, StepLabel]:
    """Without those that say what the newest rule label says: deriving rules again must not make labels grow."""
    old = session.scalars(
        select(Label).where(Label.step_id.in_(labels), Label.source == LabelSource.RULES).order_by(Label.id)
    )
    newest = {label.step_id: StepLabel(label.field_label, label.instruction, label.confidence) for label in old}
    return {step_id: label for step_id, label in labels.items() if newest.get(step_id) != _cleaned(label)}


def _cleaned(label: StepLabel) -> StepLabel:
    return StepLabel(clean(label.field_label), clean(label.instruction), label.confidence)


def _usable(label: StepLabel) -> bool:
    return bool(clean(label.field_label) and clean(label.instruction))


def _set_state(session: Session, step_ids: Sequence[int], state: LabelState) -> None:
    if step_ids:
        session.execute(update(Step).where(Step.id.in_(step_ids)).values(label_state=state))
