"""A sign of life for as long as a run is worked on, however long one call takes."""

import threading
import time
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import DBAPIError

from app.core.db import transaction
from app.labeling import leases
from app.labeling.leases import Lease

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Renews a lease from a thread, three times in its length; `lost` is set when it cannot be kept."""

    def __init__(self, lease: Lease, seconds: float) -> None:
        self._lease = lease
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_stopped, name="lease-keeper", daemon=True)
        self.lost = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()

    def _renew_until_stopped(self) -> None:
        ends = time.monotonic() + self._seconds
        while not self._stop.wait(self._seconds / 3):
            asked = time.monotonic()
            try:
                with transaction() as session:
                    held = leases.renew(session, self._lease, self._seconds)
            except DBAPIError as error:
                log.warning("lease_not_renewed", run_id=self._lease.run_id, error=type(error).__name__)
                held = asked < ends
            else:
                ends = asked + self._seconds
            if not held:
                self.lost.set()
                return
