"""When a recording ends: the browser is closed, Ctrl-C, or stdin has no more to say."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_EVERY_MS = 100


class Ending:
    """Signals only leave a note while it is held: an exception in the middle of Playwright would break it.

    `listen`: a line on stdin, or its end, ends the recording too.
    """

    def __init__(self, *, listen: bool) -> None:
        self._listen = listen
        self._wanted = threading.Event()
        self._at_once = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._heard) for number in SIGNALS}
        if self._listen:
            threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self, context: "BrowserContext") -> None:
        """Until it is wanted, or no page is left."""
        from playwright.sync_api import Error  # noqa: PLC0415 - it is not installed everywhere

        while not self._wanted.is_set() and context.pages:
            with suppress(Error):  # that page was closed just now
                context.pages[0].wait_for_timeout(LOOK_EVERY_MS)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """A script that runs does not look for notes: it is interrupted."""
        if self._wanted.is_set():
            raise KeyboardInterrupt
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted.set()
        if self._at_once:
            self._at_once = False
            raise KeyboardInterrupt

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            sys.stdin.readline()
        self._wanted.set()
