"""Expected steps beside recorded ones."""

from collections.abc import Sequence
from dataclasses import fields

from app.labeling.rules.keys import key_name
from app.workflows.content import StepContent
from tests.browser.torture.steps import ANY, Step

_FIELDS = tuple(each.name for each in fields(Step))


def seen(recorded: StepContent) -> Step:
    """What was recorded, in the terms in which it is expected."""
    target = recorded.target
    context = target.context if target else None
    return Step(
        action=recorded.action.value,
        name=(target.name or target.text) if target else None,
        role=target.role if target else None,
        value=recorded.value,
        kind=recorded.value_kind,
        row=context.row if context else None,
        column=context.column if context else None,
        near="\n".join(filter(None, context.model_dump().values())) if context else "",
        place=target.attributes.get("data-wp-place") if target else None,
        frame=len(target.frame) if target else 0,
        path=(recorded.page.url or "").rpartition("/")[2],
    )


def fits(expected: Step, recorded: Step) -> bool:
    """Whether all that is expected was recorded."""
    if expected.action == recorded.action == "press":
        return key_name(expected.value or "") == key_name(recorded.value or "")
    return all(
        getattr(expected, name) in {ANY, getattr(recorded, name)}
        or (name == "near" and expected.near in recorded.near.splitlines())
        for name in _FIELDS
    )


def difference(expected: Sequence[Step], recorded: Sequence[Step]) -> str:
    """A line for each step, `-` before a missing and `+` before a superfluous one; empty if all is as expected."""
    pairs = _aligned(expected, recorded)
    if all(wanted and had and fits(wanted, had) for wanted, had in pairs):
        return ""
    lines = []
    for wanted, had in pairs:
        if wanted and had and fits(wanted, had):
            lines.append(f"    {_told(wanted)}")
            continue
        lines += [f"  - {_told(wanted)}"] if wanted else []
        lines += [f"  + {_told(had)}"] if had else []
    return "\n".join(lines)


def _told(step: Step) -> str:
    said = ((name, getattr(step, name)) for name in _FIELDS[1:])
    return f"{step.action}({', '.join(f'{name}={value!r}' for name, value in said if value not in {ANY, None, 0})})"


def _aligned(expected: Sequence[Step], recorded: Sequence[Step]) -> list[tuple[Step | None, Step | None]]:
    """The longest common subsequence; what stands between two common steps is paired in order."""
    longest = [[0] * (len(recorded) + 1) for _ in range(len(expected) + 1)]
    for row in reversed(range(len(expected))):
        for column in reversed(range(len(recorded))):
            longest[row][column] = (
                1 + longest[row + 1][column + 1]
                if fits(expected[row], recorded[column])
                else max(longest[row + 1][column], longest[row][column + 1])
            )
    pairs: list[tuple[Step | None, Step | None]] = []
    row = column = 0
    while row < len(expected) and column < len(recorded):
        if fits(expected[row], recorded[column]):
            pairs.append((expected[row], recorded[column]))
            row, column = row + 1, column + 1
        elif longest[row + 1][column] >= longest[row][column + 1]:
            pairs.append((expected[row], None))
            row += 1
        else:
            pairs.append((None, recorded[column]))
            column += 1
    pairs += [(step, None) for step in expected[row:]]
    pairs += [(None, step) for step in recorded[column:]]
    return pairs
