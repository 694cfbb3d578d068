"""A named lease that a process keeps for as long as a job takes, renewed by a thread of its own."""

import threading
import time
from types import TracebackType
from typing import Self
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import singleton
from app.core.db import transaction
from app.core.errors import Conflict

log = structlog.get_logger(__name__)

ASK_AGAIN_SECONDS = 0.2
SECONDS = 60
"""After which the lease of a process that died is free again."""


class AlreadyHeld(Conflict):
    """Another process does what only one may do at a time. Try again when it is done, or a minute after it died."""


class HoldLost(Conflict):
    """This process was halted for so long that another one may have begun what only one may do at a time. Try again."""


class Holding:
    """`with Holding("name") as mine:`; raises `held` if it is not free within `patience_seconds`."""

    def __init__(self, name: str, *, held: type[AlreadyHeld] = AlreadyHeld, patience_seconds: float = 0) -> None:
        self._name, self._seconds, self._held, self._patience = name, SECONDS, held, patience_seconds
        self._holder = uuid4().hex
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_stopped, name=f"holding-{name}", daemon=True)

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._patience
        while not self._hold(self._seconds):
            if time.monotonic() >= deadline:
                raise self._held
            time.sleep(ASK_AGAIN_SECONDS)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        try:
            self._hold(-1)
        except DBAPIError as gone:
            log.warning("hold_not_released", name=self._name, error=type(gone).__name__)  # it ends by itself

    def check(self) -> None:
        """Raises HoldLost once it could not be renewed in time."""
        if self._lost.is_set():
            raise HoldLost

    def confirm(self, session: Session) -> None:
        """Renew it in this transaction: until it ends, nobody else can take it. Raises HoldLost."""
        if not singleton.hold(session, self._name, self._holder, self._seconds):
            raise HoldLost

    def _hold(self, seconds: float) -> bool:
        with transaction() as session:
            return singleton.hold(session, self._name, self._holder, seconds)

    def _renew_until_stopped(self) -> None:
        while not self._stop.wait(self._seconds / 4):
            try:
                held = self._hold(self._seconds)
            except DBAPIError as error:
                log.warning("hold_not_renewed", name=self._name, error=type(error).__name__)
                continue  # whether somebody else took it meanwhile is seen at the next try
            if not held:
                self._lost.set()
                return
