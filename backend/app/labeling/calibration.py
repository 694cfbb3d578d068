"""Whether confidence means something: a model's labels against what people did with them afterwards.

A label counts as kept if a person accepted it, wrote the same words, or published the workflow with it; as changed if
they rejected it or wrote other words. Labels that nobody decided about, and those that a newer label of a model
replaced before anybody did, count neither way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.workflows.models import Label, LabelSource, ProposalDecision, Step, Workflow, WorkflowStatus

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_REVIEWED = frozenset({WorkflowStatus.PUBLISHED, WorkflowStatus.ARCHIVED})


class Verdict(NamedTuple):
    """One label of a model about which a person decided."""

    confidence: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """Labels with a confidence from `low` on, below `high` (the last one: up to it)."""

    low: float
    high: float
    count: int
    kept: int
    mean_confidence: float | None

    @property
    def kept_share(self) -> float | None:
        """0–1; None: no label is in it."""
        return self.kept / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Report:
    """`brier`: mean squared distance between confidence and what happened (0 is best, 0.25 is a coin).
    `error`: expected calibration error, the mean distance between a bucket's confidence and the share that was kept.
    Both None while nothing was decided."""

    buckets: tuple[Bucket, ...]
    count: int
    kept: int
    brier: float | None
    error: float | None


class _Row(NamedTuple):
    step_id: int
    id: int
    source: LabelSource
    confidence: float | None
    words: tuple[str, str]
    decision: str | None
    status: WorkflowStatus


def report(session: Session) -> Report:
    """Over every workflow."""
    return of(
        verdict for _, labels in groupby(_rows(session), key=lambda row: row.step_id) for verdict in _judged(labels)
    )


def of(verdicts: Iterable[Verdict]) -> Report:
    """The figures for these."""
    found = list(verdicts)
    buckets = tuple(_bucket(found, low, high) for low, high in pairwise(EDGES))
    if not found:
        return Report(buckets, 0, 0, None, None)
    brier = sum((one.confidence - one.kept) ** 2 for one in found) / len(found)
    distances = (
        bucket.count * abs(bucket.mean_confidence - bucket.kept / bucket.count)
        for bucket in buckets
        if bucket.mean_confidence is not None
    )
    return Report(buckets, len(found), sum(one.kept for one in found), brier, sum(distances) / len(found))


def render(report: Report) -> list[tuple[str, str, str, str]]:
    """Rows of a table: a head, one row a bucket, the whole, and the two scores."""
    rows = [("confidence", "labels", "kept", "mean confidence")]
    rows += [
        (f"{one.low:.1f}–{one.high:.1f}", str(one.count), _share(one.kept_share), _share(one.mean_confidence))
        for one in report.buckets
    ]
    whole = report.kept / report.count if report.count else None
    return [
        *rows,
        ("all", str(report.count), _share(whole), ""),
        ("Brier score", "", _score(report.brier), ""),
        ("calibration error", "", _score(report.error), ""),
    ]


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _score(score: float | None) -> str:
    return "" if score is None else f"{score:.3f}"


def _bucket(verdicts: Sequence[Verdict], low: float, high: float) -> Bucket:
    inside = [one for one in verdicts if low <= one.confidence < high or one.confidence == high == EDGES[-1]]
    mean = sum(one.confidence for one in inside) / len(inside) if inside else None
    return Bucket(low, high, len(inside), sum(one.kept for one in inside), mean)


def _rows(session: Session) -> Iterator[_Row]:
    """Labels of the steps that a model ever labelled, step by step, oldest first."""
    by_model = select(Label.step_id).where(Label.source == LabelSource.AI)
    query = (
        select(
            Label.step_id,
            Label.id,
            Label.source,
            Label.confidence,
            Label.field_label,
            Label.instruction,
            ProposalDecision.decision,
            Workflow.status,
        )
        .join(Step, Step.id == Label.step_id)
        .join(Workflow, Workflow.id == Step.workflow_id)
        .outerjoin(ProposalDecision, ProposalDecision.label_id == Label.id)
        .where(Label.step_id.in_(by_model), Label.source != LabelSource.RULES)
        .order_by(Label.step_id, Label.id)
    )
    for step_id, number, source, confidence, field_label, instruction, decision, status in session.execute(query):
        words = (" ".join(field_label.split()), " ".join(instruction.split()))
        yield _Row(step_id, number, source, confidence, words, decision, status)


def _judged(labels: Iterable[_Row]) -> Iterator[Verdict]:
    """What became of the labels of one step."""
    row = list(labels)
    by_person = False
    for label, after in zip(row, [*row[1:], None], strict=True):
        if label.source == LabelSource.HUMAN:
            by_person = True
            continue
        kept = _is_kept(label, after, beside_a_persons=by_person)
        if kept is not None and label.confidence is not None:
            yield Verdict(label.confidence, kept)


def _is_kept(label: _Row, after: _Row | None, *, beside_a_persons: bool) -> bool | None:
    """None: nobody decided. A label beside a person's is a proposal: silence says nothing about it."""
    if label.decision is not None:
        return label.decision == "accepted"
    if after is not None and after.source == LabelSource.HUMAN:
        same = after.words == label.words
        return None if beside_a_persons and not same else same
    if after is None and not beside_a_persons and label.status in _REVIEWED:
        return True
    return None
