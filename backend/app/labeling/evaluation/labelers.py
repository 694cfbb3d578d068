"""The labelers that can be evaluated, by the names that `eval --labeler` takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.config import Settings
from app.labeling import registry
from app.labeling.evaluation import drawn
from app.labeling.evaluation.direct import DirectDesk, EvaluationStopped
from app.labeling.evaluation.metrics import LabelSteps
from app.labeling.protocol import ChunkStep, Labeler, PermanentLabelError, StepLabel, TransientLabelError
from app.labeling.reading import Material
from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent


def label_by_rules(steps: Sequence[StepContent], *, click_verb: str = "Click") -> list[StepLabel]:
    """What the rules say, as at ingest."""
    derived = derive_labels(steps, click_verb=click_verb)
    return [StepLabel(one.field_label, one.instruction, one.confidence) for one in derived]


@dataclass(frozen=True, slots=True)
class ByModel:
    """Labels a workflow's steps as a run does: in chunks, over the rules' labels, with pictures. Nobody named it."""

    labeler: Labeler
    desk: DirectDesk
    settings: Settings

    def __call__(self, contents: Sequence[StepContent]) -> list[StepLabel]:
        """Raises EvaluationStopped."""
        material = self._material(contents)
        labels = {step.step_id: step.rule_label for step in material.steps}
        left = set(labels)
        for ids in self._chunks(len(contents)):
            for result in self.labeler.label(material.chunk(ids), self.desk).results:
                if result.label is not None:
                    labels[result.step_id] = result.label
                    left.discard(result.step_id)
        self.desk.left_to_the_rules(len(left))
        return list(labels.values())

    def calls(self, steps: int) -> int:
        """How many a workflow of so many steps takes if all goes well."""
        return len(self._chunks(steps))

    def _chunks(self, steps: int) -> list[range]:
        size = self.settings.label_chunk_steps
        return [range(first, min(first + size, steps + 1)) for first in range(1, steps + 1, size)]

    def _material(self, contents: Sequence[StepContent]) -> Material:
        by_rules = label_by_rules(contents, click_verb=self.settings.click_verb)
        parts = zip(contents, by_rules, drawn.for_model(contents), strict=True)
        steps = tuple(ChunkStep(number, number, *part) for number, part in enumerate(parts, 1))
        shown = {step.step_id: step.rule_label.instruction for step in steps}
        return Material(
            workflow_name="",
            description=None,
            language=None,
            steps=steps,
            shown=shown,
            shown_before=shown,
            shots={},
            wants_name=False,
            wants_description=False,
            wants_headings=False,
        )


def by_model(name: str, settings: Settings) -> ByModel:
    """The labeler of this name with the settings' key, address and model. EvaluationStopped: it cannot be had."""
    try:
        labeler = registry.LABELERS[name](settings)
    except (PermanentLabelError, TransientLabelError) as error:
        raise EvaluationStopped(error.reason) from error
    return ByModel(labeler, DirectDesk(labeler), settings)


LABELERS: dict[str, Callable[[Settings], LabelSteps | ByModel]] = {
    "rules": lambda _: label_by_rules,
    "claude": lambda settings: by_model("claude", settings),
    "openai": lambda settings: by_model("openai", settings),
}
"""Each makes the function that labels a workflow's steps; a picture is had by `sets.picture(step.screenshot_id)`."""
