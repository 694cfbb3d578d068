"""Many workflows at once: each in a transaction of its own, so that one that is refused does not stop the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.core.errors import AppError, InvalidInput

MOST = 200

T = TypeVar("T")


class TooManyAtOnce(InvalidInput):
    """This can be done to 200 workflows at once."""


@dataclass(frozen=True, slots=True)
class Handled(Generic[T]):
    """What became of one of them: what was done, or why it was not."""

    workflow_id: int
    done: T | None = None
    error: AppError | None = None


def each(actor: Actor, workflow_ids: Sequence[int], do: Callable[[Session, int, Actor], T]) -> list[Handled[T]]:
    """Do this to each of them, in their order."""
    chosen = list(dict.fromkeys(workflow_ids))
    if len(chosen) > MOST:
        raise TooManyAtOnce(limit=MOST)
    return [_handled(actor, workflow_id, do) for workflow_id in chosen]


def _handled(actor: Actor, workflow_id: int, do: Callable[[Session, int, Actor], T]) -> Handled[T]:
    try:
        with transaction() as session:
            return Handled(workflow_id, done=do(session, workflow_id, actor))
    except AppError as error:
        return Handled(workflow_id, error=error)
