"""The labelers that can be evaluated, by the names that `eval --labeler` takes."""

from collections.abc import Callable, Sequence

from app.labeling.evaluation.metrics import LabelSteps
from app.labeling.protocol import StepLabel
from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent


def _rules() -> LabelSteps:
    return label_by_rules


def label_by_rules(steps: Sequence[StepContent]) -> list[StepLabel]:
    """What the rules say, as at ingest."""
    return [StepLabel(one.field_label, one.instruction, one.confidence) for one in derive_labels(steps)]


LABELERS: dict[str, Callable[[], LabelSteps]] = {"rules": _rules}
"""Each makes the function that labels a workflow's steps; a picture is had by `sets.picture(step.screenshot_id)`."""
