"""Waiting for a database that is away for a moment (restarted, failed over), instead of losing paid work."""

import time
from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError

PAUSES_SECONDS = (0.1, 0.5, 1, 2, 4, 8)


def patiently(action: Callable[[], None]) -> None:
    """Do it, again if the database was away: it must be harmless to do twice. Raises what the last try raised."""
    for pause in PAUSES_SECONDS:
        try:
            action()
        except (OperationalError, InterfaceError):
            time.sleep(pause)
        else:
            return
    action()
