"""In which order workflows are listed. Each has an index; a workflow's number decides between equals."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.clock import UtcDateTime
from app.core.pages import BrokenCursor, cursor_after, cursor_at, id_before, place_at
from app.workflows.models import Workflow


class Sort(StrEnum):
    """What stands first: the `newest`, what was `changed` last, or the first `name`."""

    NEWEST = "newest"
    CHANGED = "changed"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Order:
    """An order of workflows, and places in it."""

    sort: Sort

    @property
    def by_number(self) -> bool:
        """Whether the number alone decides."""
        return self.sort is Sort.NEWEST

    def columns(self, table: type[Workflow] = Workflow) -> list[InstrumentedAttribute[Any]]:
        """What is compared."""
        first: dict[Sort, list[InstrumentedAttribute[Any]]] = {
            Sort.NEWEST: [],
            Sort.CHANGED: [table.updated_at],
            Sort.NAME: [table.name],
        }
        return [*first[self.sort], table.id]

    def by(self, table: type[Workflow] = Workflow) -> list[ColumnElement[Any]]:
        """For ORDER BY."""
        ascending = self.sort is Sort.NAME
        return [column.asc() if ascending else column.desc() for column in self.columns(table)]

    def after(self, place: tuple[Any, ...]) -> ColumnElement[bool]:
        """Whether a workflow stands behind this place: the values of `columns`."""
        if self.by_number:
            before: int = place[0]
            return Workflow.id < before
        kind = UtcDateTime() if self.sort is Sort.CHANGED else None
        here, there = tuple_(*self.columns()), tuple_(literal(place[0], kind), literal(place[1]))
        if self.sort is Sort.NAME:
            return here > there
        return here < there

    def place(self, cursor: str) -> tuple[Any, ...]:
        """The place that a cursor holds; BrokenCursor for one of another order."""
        if self.by_number:
            return (id_before(cursor),)
        value, number = place_at(self.sort, cursor)
        return value if self.sort is Sort.NAME else moment_of(value), number

    def cursor(self, workflow: Workflow) -> str:
        """Of the page that follows this workflow."""
        if self.by_number:
            return cursor_after(workflow.id)
        value = workflow.name if self.sort is Sort.NAME else workflow.updated_at.isoformat()
        return cursor_at(self.sort, value, workflow.id)


NEWEST_FIRST = Order(Sort.NEWEST)


def moment_of(value: str) -> datetime:
    """The moment in a cursor."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise BrokenCursor from error
    if moment.tzinfo != UTC:
        raise BrokenCursor
    return moment
