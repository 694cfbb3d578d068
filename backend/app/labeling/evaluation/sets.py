"""The set of labelled steps: recorded steps, their pictures, and for each a label that a person would write.

It lies inside the package, so that the installed command finds it; `make evals-set` makes it.
"""

import zipfile
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.workflows.content import StepContent

DATA = Path(__file__).with_name("data")
SET = DATA / "set.json"
PICTURES = DATA / "pictures.zip"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gold(_Frozen):
    """What is right for a step. `name` is the control's as it stands on the screen; None: a person knows none."""

    verb: str
    control: str
    name: str | None
    accessible: bool
    """Whether the browser computes an accessible name for the control, whatever it is."""
    instruction: str


class GoldStep(_Frozen):
    """A recorded step with its gold label. Its `screenshot_id` is the name of its picture."""

    content: StepContent
    gold: Gold


class GoldWorkflow(_Frozen):
    """`utterance` is the task in the words of the person who gave it."""

    name: str
    kind: str
    origin: Literal["miniwob", "sample", "planted"]
    utterance: str
    planted: tuple[str, ...]
    """Secrets that the steps hold; none may stand in a label."""
    steps: Annotated[tuple[GoldStep, ...], Field(min_length=1)]

    @property
    def contents(self) -> list[StepContent]:
        """The steps as a labeler gets them."""
        return [step.content for step in self.steps]


class EvaluationSet(_Frozen):
    """All workflows of the file."""

    format: Literal["evaluation-set/1"]
    workflows: Annotated[tuple[GoldWorkflow, ...], Field(min_length=1)]


def load(path: Path = SET) -> EvaluationSet:
    """The committed set, or another of the same shape."""
    return EvaluationSet.model_validate_json(path.read_bytes())


def without_names(workflow: GoldWorkflow) -> GoldWorkflow:
    """The same as recorders send it that compute no accessible names: they must be found in what else was noted."""
    steps = tuple(step.model_copy(update={"content": _nameless(step.content)}) for step in workflow.steps)
    return workflow.model_copy(update={"steps": steps})


def _nameless(content: StepContent) -> StepContent:
    if content.target is None:
        return content
    kept = [selector for selector in content.target.selectors if not str(selector).startswith(("aria/", "text/"))]
    target = content.target.model_copy(update={"name": None, "role": None, "selectors": kept})
    return content.model_copy(update={"target": target})


def picture(name: str | None) -> bytes | None:
    """The picture of a step as WebP; None if it has none."""
    return _pictures().get(name) if name else None


@cache
def _pictures() -> dict[str, bytes]:
    with zipfile.ZipFile(PICTURES) as archive:
        return {entry.filename.removesuffix(".webp"): archive.read(entry) for entry in archive.infolist()}
