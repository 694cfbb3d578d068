"""Time that runs by itself, or stands still until it is told to go on."""

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, for everything of a double that has a time but does not sleep."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()
        self._stopped: float | None = None

    def now(self) -> float:
        return time.monotonic() + self._ahead if self._stopped is None else self._stopped

    def stop(self) -> None:
        """From here on it goes only by `advance`."""
        self._stopped = self.now()

    def advance(self, seconds: float) -> None:
        if self._stopped is None:
            self._ahead += seconds
        else:
            self._stopped += seconds


def rfc3339(seconds: float) -> str:
    """As the API writes times: UTC, whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
