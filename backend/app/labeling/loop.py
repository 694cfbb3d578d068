"""One event loop a process, in a thread of its own, for the clients of model APIs: threads hand it their calls.

A client belongs to the loop in which it was made, so it is made in this one and kept: connections are used again.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

Answer = TypeVar("Answer")

CLOSING_SECONDS = 2.0

_closers: list[Callable[[], Awaitable[None]]] = []
_starting = threading.Lock()
"""Runs begin in several threads at once, and a client that is used in two loops loses calls."""


def run(call: Coroutine[Any, Any, Answer]) -> Answer:
    """Run `call` in the loop and wait for it in this thread; it has to keep its own time limit."""
    return asyncio.run_coroutine_threadsafe(call, _loop()).result()


def close_at_exit(close: Callable[[], Awaitable[None]]) -> None:
    """Have a client closed when the process ends; until then it is kept."""
    _closers.append(close)


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _started()


@lru_cache(maxsize=1)
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model-calls", daemon=True).start()
    return loop


async def _close_all() -> None:
    async with asyncio.timeout(CLOSING_SECONDS):
        for close in _closers:
            await close()


@atexit.register
def _end() -> None:
    if _closers:
        with suppress(Exception):  # the process ends anyway, and its connections with it
            asyncio.run_coroutine_threadsafe(_close_all(), _loop()).result(2 * CLOSING_SECONDS)


def _begin_anew() -> None:
    """The thread does not exist in a forked child, which makes a loop and clients of its own."""
    _started.cache_clear()
    _closers.clear()
    _starting.release()


os.register_at_fork(before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_begin_anew)
