"""What each fault did, for the table at the end of `make faults`: see the fixture `faulted`."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pytest

PROPERTY = "fault"
HEAD = ("#", "fault", "tries", "lost", "doubled", "extra calls", "seconds to recover")


@dataclass(frozen=True, slots=True)
class Faulted:
    """One fault that was tried: counted from the database and from the model's own ledger, never from logs."""

    number: int
    """Its row among the faults that the system survives."""
    name: str
    tries: int = 1
    lost: int = 0
    """Accepted recordings, or steps of them, that were not labelled in the end."""
    doubled: int = 0
    """Labels that were written twice, or runs that were worked on twice."""
    extra_calls: int = 0
    """Paid calls beyond one for each chunk."""
    seconds: float | None = None
    """From the fault, or the end of it, until everything was done; None: there is nothing to recover from."""


Record = Callable[[Faulted], None]


@pytest.fixture
def faulted(record_property: Callable[[str, object], None]) -> Record:
    """Puts a line into the table; to be called before the assertions about it."""
    return lambda fault: record_property(PROPERTY, asdict(fault))


def table(properties: Iterable[tuple[str, Any]]) -> str:
    """Markdown, by the faults' numbers; the same fault tried several times is one line, with its worst seconds."""
    merged: dict[tuple[int, str], Faulted] = {}
    for name, facts in properties:
        if name != PROPERTY:
            continue
        fault = Faulted(**facts)
        key = (fault.number, fault.name)
        merged[key] = _together(merged[key], fault) if key in merged else fault
    lines = [_line(merged[key]) for key in sorted(merged)]
    return "\n".join(["| " + " | ".join(HEAD) + " |", "|--:|---|--:|--:|--:|--:|--:|", *lines])


def _together(one: Faulted, other: Faulted) -> Faulted:
    seconds = [fault.seconds for fault in (one, other) if fault.seconds is not None]
    return Faulted(
        one.number,
        one.name,
        one.tries + other.tries,
        one.lost + other.lost,
        one.doubled + other.doubled,
        one.extra_calls + other.extra_calls,
        max(seconds, default=None),
    )


def _line(fault: Faulted) -> str:
    seconds = "" if fault.seconds is None else f"{fault.seconds:.1f}"
    cells = (fault.number, fault.name, fault.tries, fault.lost, fault.doubled, fault.extra_calls, seconds)
    return "| " + " | ".join(map(str, cells)) + " |"
