"""The labels of steps: every one is kept; a step shows the newest of a person, else of a model, else of the rules."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, insert, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.core.clock import now
from app.workflows.errors import LabelUnusable
from app.workflows.models import Label, LabelSource, ProposalDecision

MAX_FIELD_LABEL = 200
MAX_INSTRUCTION = 1_000
LIMITS = {"field_label": MAX_FIELD_LABEL, "instruction": MAX_INSTRUCTION}

_SPACE = re.compile(r"\s+")
_UNWANTED = frozenset({"Cc", "Cs", "Co", "Cn"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label to be written."""

    field_label: str
    instruction: str
    confidence: float | None = None
    source: LabelSource = LabelSource.RULES
    model: str | None = None
    prompt_version: str | None = None
    run_id: int | None = None
    user_id: int | None = None
    flags: list[str] | None = None


def clean(text: str) -> str:
    """On one line, without control characters and marks that turn the direction of reading."""
    text = _SPACE.sub(" ", text)
    if not (text.isascii() and text.isprintable()):
        text = "".join(c for c in text if unicodedata.category(c) not in _UNWANTED and c not in _BIDI)
    return text.strip()


def by_person(field_label: str, instruction: str, user_id: int) -> NewLabel:
    """A label in a person's words, which are refused rather than cut."""
    texts = {"field_label": clean(field_label), "instruction": clean(instruction)}
    for field, text in texts.items():
        if not text:
            raise LabelUnusable(f"{field} is empty: write what the reader should see.", field=field)
        if len(text) > LIMITS[field]:
            raise LabelUnusable(
                f"{field} has {len(text)} characters; at most {LIMITS[field]} are allowed.", field=field
            )
    return NewLabel(texts["field_label"], texts["instruction"], source=LabelSource.HUMAN, user_id=user_id)


def add(session: Session, new: Mapping[int, NewLabel]) -> None:
    """Write one label for each of these steps (number → label), cleaned and cut to what a label may hold."""
    if not new:
        return
    moment = now()
    rows = [asdict(fitting(label)) | {"step_id": step_id, "created_at": moment} for step_id, label in new.items()]
    session.execute(insert(Label.__table__), rows)  # type: ignore[arg-type]


def write(session: Session, step_id: int, new: NewLabel) -> int:
    """Write one label; its number."""
    add(session, {step_id: new})
    return session.scalars(select(func.max(Label.id)).where(Label.step_id == step_id)).one()


def withdraw(session: Session, written: Mapping[int, int], user_id: int) -> None:
    """A person's labels (step → label) count no more: the edit that wrote them was undone."""
    wanted = select(Label.id, Label.step_id).where(
        Label.id.in_(written.values()), Label.source == LabelSource.HUMAN, ~withdrawn(Label.id)
    )
    moment = now()
    rows = [
        {"label_id": label_id, "decision": "withdrawn", "user_id": user_id, "created_at": moment}
        for label_id, step_id in session.execute(wanted)
        if written.get(step_id) == label_id
    ]
    if rows:
        session.execute(insert(ProposalDecision), rows)


def fitting(label: NewLabel) -> NewLabel:
    """Cleaned and cut to what a label may hold."""
    field_label = clean(label.field_label)[:MAX_FIELD_LABEL].rstrip()
    instruction = clean(label.instruction)[:MAX_INSTRUCTION].rstrip()
    if not field_label or not instruction:
        empty = "instruction" if field_label else "field_label"
        raise LabelUnusable(f"{empty} is empty.", field=empty)
    return replace(label, field_label=field_label, instruction=instruction)


def shown(session: Session, step_ids: Collection[int], *, before_run: int | None = None) -> dict[int, Label]:
    """The label that each of these steps shows; a step without any is missing from the answer.

    `before_run`: that it showed before this run wrote its first label.
    """
    known: list[ColumnElement[bool]] = [Label.step_id.in_(step_ids), ~withdrawn(Label.id)]
    if before_run is not None:
        first = select(func.min(Label.id)).where(Label.run_id == before_run).scalar_subquery()
        known.append(func.coalesce(Label.id < first, true()))
    rank = case((Label.source == LabelSource.HUMAN, 2), (Label.source == LabelSource.AI, 1), else_=0)
    order = func.row_number().over(partition_by=Label.step_id, order_by=(rank.desc(), Label.id.desc()))
    ranked = select(Label.id, order.label("place")).where(*known).subquery()
    best = select(Label).join(ranked, ranked.c.id == Label.id).where(ranked.c.place == 1)
    return {label.step_id: label for label in session.scalars(best)}


def withdrawn(label_id: Any) -> ColumnElement[bool]:
    """Whether the person's edit that wrote the label was undone."""
    return exists().where(ProposalDecision.label_id == label_id, ProposalDecision.decision == "withdrawn")


def proposals(session: Session, step_ids: Collection[int]) -> dict[int, int]:
    """How many proposals wait for a person (see `proposed`); steps with none are missing."""
    waiting = proposed(step_ids).subquery()
    return dict(session.execute(select(waiting.c.step_id, func.count()).group_by(waiting.c.step_id)).all())


def proposed(step_ids: Collection[int] | Select[int]) -> Select[int, int]:
    """Numbers of labels of a model, and their steps', that are proposals.

    They are newer than the newest of a person, say something else, and nobody has decided about them.
    """
    person, model, decided = aliased(Label), aliased(Label), ProposalDecision
    edited = (
        select(func.max(Label.id))
        .where(Label.step_id.in_(step_ids), Label.source == LabelSource.HUMAN, ~withdrawn(Label.id))
        .group_by(Label.step_id)
    )
    return (
        select(model.id.label("id"), model.step_id.label("step_id"))
        .join(person, person.step_id == model.step_id)
        .outerjoin(decided, decided.label_id == model.id)
        .where(
            person.id.in_(edited),
            model.source == LabelSource.AI,
            model.id > person.id,
            or_(model.field_label != person.field_label, model.instruction != person.instruction),
            decided.label_id.is_(None),
        )
    )


def history(session: Session, step_id: int) -> Sequence[Label]:
    """Every label that the step ever had, newest first."""
    return session.scalars(select(Label).where(Label.step_id == step_id).order_by(Label.id.desc())).all()
