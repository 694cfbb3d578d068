"""A labeler's results over the whole set: by kind of page, and all together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.labeling.evaluation.metrics import Judged, LabelSteps, Score, judge, score
from app.labeling.evaluation.sets import GoldWorkflow

ALL = "all"


@dataclass(frozen=True, slots=True)
class Result:
    """What one labeler made of the set."""

    labeler: str
    judged: tuple[Judged, ...]

    @property
    def total(self) -> Score:
        """Over all steps."""
        return score(self.judged)

    def by_kind(self) -> dict[str, Score]:
        """A score for each kind of page, in alphabetical order."""
        kinds = sorted({one.kind for one in self.judged})
        return {kind: score([one for one in self.judged if one.kind == kind]) for kind in kinds}


def evaluate(name: str, label_steps: LabelSteps, workflows: Sequence[GoldWorkflow], *, at_once: int = 1) -> Result:
    """Label every workflow, so many side by side, and compare."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="evaluate") as pool:
        judged = list(pool.map(lambda workflow: judge(workflow, label_steps), workflows))
    return Result(name, tuple(one for workflow in judged for one in workflow))
