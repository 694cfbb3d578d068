"""What a person chooses of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.workflows.rerecording.comparing import Comparison, Row
from app.workflows.rerecording.errors import ComparisonOutdated, NoSuchRow

Take = Literal["new", "old"]
"""How a step shall be from now on: as recorded anew, or as it was; so one that came or went stays or goes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Of one row, by the numbers that it shows."""

    step_id: int | None
    position: int | None
    """In the new recording."""
    take: Take = "new"
    picture: Take | None = None
    """None: the new one, unless it is held. `new` of a held one says: I have looked at it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All choices; `take` is for the rows that none of them names."""

    basis: str
    take: Take = "new"
    choices: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A row, and what becomes of it."""

    row: Row
    taken: bool
    new_picture: bool


def decide(comparison: Comparison, wanted: Wanted) -> list[Decided]:
    """Every row with what becomes of it, in their order. Raises `ComparisonOutdated`, `NoSuchRow`."""
    if wanted.basis != comparison.basis:
        raise ComparisonOutdated(basis=comparison.basis)
    chosen = {(choice.step_id, choice.position): choice for choice in wanted.choices}
    decided = [_decide(row, chosen.pop(_numbers(row), None), wanted.take) for row in comparison.rows]
    if chosen:
        step_id, position = next(iter(chosen))
        raise NoSuchRow(
            f"The comparison has no row with step_id {step_id or 'null'} and position {position or 'null'}.",
            field="choices",
        )
    return decided


def _decide(row: Row, choice: Choice | None, otherwise: Take) -> Decided:
    taken = (choice.take if choice else otherwise) == "new"
    picture = choice.picture if choice else None
    return Decided(row, taken, taken and (picture == "new" or (picture is None and not row.held)))


def _numbers(row: Row) -> tuple[int | None, int | None]:
    return row.old.step.id if row.old else None, row.new.position if row.new else None
