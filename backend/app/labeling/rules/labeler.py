"""The labeler that needs no network and no key: it takes what the rules derived over the whole workflow."""

from app.labeling.protocol import Chunk, ChunkResult, Desk, StepResult
from app.workflows.models import LabelSource


class RuleLabeler:
    """Gives every step its rule label."""

    name = "rules"
    source = LabelSource.RULES
    model = None
    prompt_version = None
    limited = False

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:  # noqa: ARG002 - rules call nobody
        return ChunkResult(tuple(StepResult(step.step_id, label=step.rule_label) for step in chunk.steps))
