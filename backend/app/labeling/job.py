"""A run that is being worked on, and why it may have to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.config import Settings
from app.labeling.keeper import LeaseKeeper
from app.labeling.leases import Lease
from app.labeling.limiter import Limiter
from app.labeling.protocol import Labeler
from app.labeling.reading import Material


class MustRest(Exception):
    """The run has to wait for longer than a worker should wait with it."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


class LabelerCrashed(Exception):
    """The labeler raised what it never should."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run that is being worked on."""

    lease: Lease
    labeler: Labeler
    material: Material
    keeper: LeaseKeeper
    settings: Settings
    turn_ends: float
    """On the clock `time.monotonic`: no further chunk is begun after that, and the run is given back."""
    limiter: Limiter | None = None
    """None: calls need not wait for a turn."""
    serve_urgent: Callable[[], object] = lambda: None
    """Works on a run for which a person waits, if there is one and this run can wait."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set by the first chunk that stops the run: none is begun after that, those under way are finished."""

    rejected: list[int] = field(default_factory=list)
    """Chunks that the model's provider would not take."""

    def must_stop(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.stop.is_set() or self.keeper.lost.is_set()
