"""The one event loop of a process, in which clients of model APIs live."""

import asyncio
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest

from app.labeling import loop

THREADS = 8


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[asyncio.AbstractEventLoop]]:
    """The loops that were made in a process that had called no model yet."""
    make, slow = asyncio.new_event_loop, threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    def make_slowly() -> asyncio.AbstractEventLoop:
        slow.wait(0.1)
        loops.append(make())
        return loops[-1]

    monkeypatch.setattr(loop, "_started", lru_cache(maxsize=1)(loop._started.__wrapped__))
    monkeypatch.setattr(asyncio, "new_event_loop", make_slowly)
    yield loops
    for each in loops:
        each.call_soon_threadsafe(each.stop)
        while each.is_running():
            slow.wait(0.01)
        each.close()


async def here() -> int:
    return id(asyncio.get_running_loop())


def test_threads_that_begin_at_once_share_it(made: list[asyncio.AbstractEventLoop]) -> None:
    all_there = threading.Barrier(THREADS)

    def call() -> int:
        all_there.wait()
        return loop.run(here())

    with ThreadPoolExecutor(THREADS) as pool:
        calls = [pool.submit(call) for _ in range(THREADS)]
    assert [id(each) for each in made] == list({each.result() for each in calls})


def test_a_forked_child_has_its_own_and_the_parent_keeps_its(made: list[asyncio.AbstractEventLoop]) -> None:
    before = loop.run(here())
    child = os.fork()
    if not child:
        os._exit(0 if loop.run(asyncio.sleep(0, "answered")) == "answered" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert loop.run(here()) == before
    assert len(made) == 1
