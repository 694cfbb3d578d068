"""The sentences that the rules say of recorded steps."""

from typing import Any

from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent


def sentences(*recorded: StepContent, **options: Any) -> list[str]:
    return [label.instruction for label in derive_labels(recorded, **options)]


def sentence(recorded: StepContent) -> str:
    return sentences(recorded)[0]


CHECKBOX: dict[str, Any] = {"tag": "input", "attributes": {"type": "checkbox"}}
PASSWORD: dict[str, Any] = {"tag": "input", "attributes": {"type": "password"}}
