"""Neighbouring steps made into one."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, labels, order, removing
from app.workflows.errors import CannotUndo, NotInARow, StepNotFound
from app.workflows.models import Label, Workflow

Keep = Literal["first", "last"]


def merge(
    session: Session,
    workflow_id: int,
    actor: Actor,
    step_ids: Sequence[int],
    *,
    keep_picture: Keep = "last",
    version: int | None = None,
) -> int:
    """Make steps that stand in a row into one; its number.

    The one whose picture is kept stays, with all of its labels; a person's label says the sentences of all. The others
    are taken out, and kept to be put back.
    """
    workflow, present = order.open_for_change(session, workflow_id, actor, version, {"step_ids": list(step_ids)})
    merged = order.in_a_row(present, step_ids)
    if len(merged) < 2:
        raise NotInARow("Choose at least two steps that stand in a row.")
    steps = [order.find(session, workflow_id, step_id) for step_id in merged]
    kept = steps[0 if keep_picture == "first" else -1]
    shown = labels.shown(session, merged)
    label_id = None
    if words := _words(shown, merged, kept.id):
        label_id = labels.write(session, kept.id, labels.by_person(*words, user_id=actor.user_id))
    before = {"heading": kept.heading, "heading_source": kept.heading_source}
    headed = next((step for step in steps if step.heading), kept)
    kept.heading, kept.heading_source = headed.heading, headed.heading_source
    kept.version += 1
    session.flush()
    removing.take_out(session, workflow_id, [step_id for step_id in merged if step_id != kept.id])
    order.changed(session, workflow)
    after = {"heading": kept.heading, "heading_source": kept.heading_source}
    edits.record(
        session, workflow, actor, "steps_merged", kept=kept.id, steps=merged, label=label_id, before=before, after=after
    )
    return kept.id


@edits.undoes("steps_merged")
def _part(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    try:
        kept = order.find(session, workflow.id, facts["kept"])
    except StepNotFound:
        raise CannotUndo("The step that they were made into is not in this workflow any more.") from None
    others = [step_id for step_id in facts["steps"] if step_id != kept.id]
    removing.put_back(session, workflow.id, others)
    labels.withdraw(session, {kept.id: facts["label"]} if facts["label"] else {}, actor.user_id)
    if {name: getattr(kept, name) for name in facts["after"]} == facts["after"]:
        for name, value in facts["before"].items():
            setattr(kept, name, value)
    kept.version += 1
    present = [step_id for step_id in order.ids(session, workflow.id) if step_id not in set(others)]
    place = present.index(kept.id)
    session.flush()
    order.arrange(session, workflow.id, [*present[:place], *facts["steps"], *present[place + 1 :]])
    order.changed(session, workflow)


def _words(shown: Mapping[int, Label], merged: Sequence[int], kept_id: int) -> tuple[str, str] | None:
    """Short name and sentences of the merged step; None: none of them has a label."""
    spoken = [shown[step_id] for step_id in merged if step_id in shown]
    if not spoken:
        return None
    sentences = dict.fromkeys(_sentence(label.instruction) for label in spoken)
    return shown.get(kept_id, spoken[-1]).field_label, " ".join(sentences)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", ":", "。")) else f"{text}."
