"""One event loop a process, in a thread of its own, for the clients of model APIs: threads hand it their calls.

A client belongs to the loop in which it was made, so it is made in this one and kept: connections are used again.
"""

import asyncio
import os
import threading
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def run(call: Coroutine[Any, Any, Answer]) -> Answer:
    """Run `call` in the loop and wait for it in this thread; it has to keep its own time limit."""
    return asyncio.run_coroutine_threadsafe(call, _loop()).result()


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model-calls", daemon=True).start()
    return loop


# The thread does not exist in a forked child, which makes a loop of its own.
os.register_at_fork(after_in_child=_loop.cache_clear)
