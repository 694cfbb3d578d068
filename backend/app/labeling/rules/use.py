"""What kind of control an element is by how it is used, where neither its role nor its tag says it."""

from collections.abc import Sequence

from app.labeling.rules.controls import Control
from app.workflows.content import Action, StepContent, Target

_CANNOT_BE_TYPED_INTO = frozenset({"span", "div", "a", "li", "td"})


def fields_of(steps: Sequence[StepContent]) -> frozenset[str]:
    """The best selectors of the elements that are written into somewhere in the workflow."""
    return frozenset(
        _first(step.target)
        for step in steps
        if step.action is Action.INPUT and step.target and step.target.selectors and not step.target.tag
    )


def used_as(step: StepContent, target: Target, fields: frozenset[str]) -> Control:
    """A thing that takes a number and cannot be typed into is a slider; one that is typed into later is a field."""
    if step.action is Action.INPUT and step.value_kind == "number" and target.tag in _CANNOT_BE_TYPED_INTO:
        return Control.SLIDER
    if not target.tag and target.selectors and _first(target) in fields:
        return Control.FIELD
    return Control.OTHER


def is_written_into(step: StepContent) -> bool:
    """Whether what the element shows is what somebody entered."""
    return step.action in _WRITING


_WRITING = frozenset({Action.INPUT, Action.SELECT, Action.PASTE, Action.COPY, Action.UPLOAD})


def _first(target: Target) -> str:
    return str(target.selectors[0])
