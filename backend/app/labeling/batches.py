"""What a provider's batches are to us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from app.labeling.prompt.question import Question
from app.labeling.protocol import Reply


@dataclass(frozen=True, slots=True)
class BatchLook:
    """A batch as the provider sees it."""

    provider_id: str
    ended: bool
    requests: int
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class BatchFailure:
    """A request of a batch that was not answered, and cost nothing."""

    outcome: Literal["rejected", "expired", "cancelled"]
    reason: str
    permanent: bool = False


class Batches(Protocol):
    """A provider's batches. Every function raises TransientLabelError or PermanentLabelError."""

    def submit(self, questions: Mapping[str, Question]) -> BatchLook:
        """Hand over questions by their `custom_id`s."""

    def look(self, provider_id: str) -> BatchLook: ...

    def cancel(self, provider_id: str) -> None: ...

    def recent(self, since: datetime) -> Sequence[BatchLook]:
        """Batches made since then, with the same key by whomever."""

    def results(self, provider_id: str) -> dict[str, Reply | BatchFailure]:
        """Of a batch that has ended."""
