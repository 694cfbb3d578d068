"""Workflows that a reviewer should look at; an index over the few rows that it is about answers each condition."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from app.workflows import labels
from app.workflows.models import DOUBTFUL, Label, LabelSource, LabelState, Step, Workflow


class Attention(StrEnum):
    """`check`: a label is doubtful, or of an older recording; `failed`: a step could not be labelled; `proposals`: a
    model has other words."""

    CHECK = "check"
    FAILED = "failed"
    PROPOSALS = "proposals"


def needs(attention: Attention) -> ColumnElement[bool]:
    """Whether a workflow has such a step."""
    return or_(*(Workflow.id.in_(steps()) for steps in STEPS[attention]))


def _doubtful() -> Select[int]:
    """Steps that show a label of little confidence: no better one stands above it."""
    low, other = aliased(Label), aliased(Label)
    by_person = and_(other.source == LabelSource.HUMAN, ~labels.withdrawn(other.id))
    by_model = and_(other.source == LabelSource.AI, or_(low.source == LabelSource.RULES, other.id > low.id))
    by_rules = and_(other.source == LabelSource.RULES, low.source == LabelSource.RULES, other.id > low.id)
    above = exists().where(other.step_id == low.step_id, or_(by_person, by_model, by_rules))
    return select(Step.workflow_id).join(low, low.step_id == Step.id).where(low.confidence < _inline(DOUBTFUL), ~above)


def _stale() -> Select[int]:
    """Steps that still show the label which a newer recording made doubtful."""
    old, other = aliased(Label), aliased(Label)
    by_person = and_(other.source == LabelSource.HUMAN, ~labels.withdrawn(other.id))
    by_model = and_(other.source == LabelSource.AI, old.source != LabelSource.HUMAN)
    newer = exists().where(other.step_id == old.step_id, other.id > old.id, or_(by_person, by_model))
    marked = select(Step.workflow_id).join(old, old.id == Step.stale_label_id)
    return marked.where(Step.stale_label_id.is_not(None), ~labels.withdrawn(old.id), ~newer)


def _failed() -> Select[int]:
    return select(Step.workflow_id).where(Step.label_state == _inline(LabelState.FAILED.value))


def _with_proposals() -> Select[int]:
    edited = select(Label.step_id).where(Label.source == _inline(LabelSource.HUMAN.value))
    proposed = labels.proposed(edited).subquery()
    return select(Step.workflow_id).where(Step.id.in_(select(proposed.c.step_id)))


def _inline(value: float | str) -> ColumnElement[float | str]:
    """Written into the statement: an index over some rows is not used for a value that comes later."""
    return bindparam(None, value, literal_execute=True)


STEPS: dict[Attention, tuple[Callable[[], Select[int]], ...]] = {
    Attention.CHECK: (_doubtful, _stale),
    Attention.FAILED: (_failed,),
    Attention.PROPOSALS: (_with_proposals,),
}
