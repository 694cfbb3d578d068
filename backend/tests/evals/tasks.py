"""The register of tasks: which page, which kind of page, which problems (seeds) of it."""

from collections.abc import Callable
from typing import NamedTuple

from tests.evals.recording import Recording

Perform = Callable[[Recording], None]


class Task(NamedTuple):
    """`perform` does the right thing on the page and says the gold label of each step."""

    page: str
    kind: str
    seeds: tuple[int, ...]
    perform: Perform
    rewarded: bool
    """Whether the page itself confirms at the end that the right thing was done."""


TASKS: list[Task] = []


def task(*pages: str, kind: str, seeds: tuple[int, ...] = (1,), rewarded: bool = True) -> Callable[[Perform], Perform]:
    """Register what is to be done on these pages, which are alike."""

    def register(perform: Perform) -> Perform:
        TASKS.extend(Task(page, kind, seeds, perform, rewarded) for page in pages)
        return perform

    return register
