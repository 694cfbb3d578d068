"""A workflow as JSON: the body of `POST /workflows`, in an envelope with every label. An import takes it back."""

import json
from collections.abc import Sequence
from typing import Any

from app.guides.model import masked
from app.workflows import steps as workflow_steps
from app.workflows.content import SECRET_KINDS
from app.workflows.models import Label, LabelSource, Workflow
from app.workflows.steps import StepView

FORMAT = "workflow-platform/1"


def document(workflow: Workflow, views: Sequence[StepView]) -> dict[str, Any]:
    """The envelope, ready to be written. A person's words stand at the steps, because those an import keeps."""
    body: dict[str, Any] = {
        "name": workflow.name,
        "description": workflow.description,
        "starting_url": workflow.starting_url,
        "language": workflow.language,
    }
    if workflow.variables:
        body["variables"] = workflow.variables
    body = {field: value for field, value in body.items() if value is not None}
    body["steps"] = [_step(view) for view in views]
    return {
        "format": FORMAT,
        "status": str(workflow.status),
        "workflow": masked(body),
        "labels": masked([_label(view.label) for view in views]),
    }


def render(document: dict[str, Any]) -> str:
    """The text of `document`."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _step(view: StepView) -> dict[str, Any]:
    content = workflow_steps.content(view.step)
    step = content.model_dump(mode="json", exclude_defaults=True)
    if content.value_kind in SECRET_KINDS:
        step.pop("value", None)
    if view.step.heading and view.step.heading_source != LabelSource.AI:
        step["heading"] = view.step.heading
    if view.label and view.label.source == LabelSource.HUMAN:
        step["label"] = {"field_label": view.label.field_label, "instruction": view.label.instruction}
    return step


def _label(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {
        "field_label": label.field_label,
        "instruction": label.instruction,
        "confidence": label.confidence,
        "source": str(label.source),
        "model": label.model,
    }
