"""Live events, over a real Valkey and without one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.core.config import Settings
from app.labeling import feed, progress
from app.labeling.feed import Event, Feed, Snapshot
from tests.services import Broker

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIMIT_SECONDS = 20


class Rows:
    """What the database would say, and how often it was asked."""

    def __init__(self) -> None:
        self.labelled = 0
        self.active = True
        self.reads = 0

    def read(self, workflow_id: int) -> Snapshot:
        self.reads += 1
        steps = {n: {"label_state": "labelled" if n <= self.labelled else "pending"} for n in (1, 2)}
        run = {"workflow_id": workflow_id, "steps_labeled": self.labelled}
        return Snapshot(run, steps, self.active)


def run(scenario: Callable[[Feed], Any], url: str) -> None:
    """In an event loop of its own."""

    async def bounded() -> None:
        hub = Feed(url)
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                await scenario(hub)
        finally:
            await hub.close()

    ThreadPoolExecutor(1).submit(asyncio.run, bounded()).result()


async def first(events: Any, count: int) -> list[Event]:
    return [await anext(events) for _ in range(count)]


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - what is waited for is inside the hub, or another process
        await asyncio.sleep(0.01)


def test_without_redis_the_rows_are_read_now_and_then(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 0.05)
    rows = Rows()

    async def scenario(hub: Feed) -> None:
        events = hub.watch(1, rows.read)
        await first(events, 3)
        rows.labelled = 1
        changed = await first(events, 2)
        assert changed[0] == Event("step", {"step_id": 1, "label_state": "labelled"})
        rows.active = False
        assert [event.kind async for event in events] == ["progress", "done"]

    run(scenario, settings.redis_url)


def test_a_read_that_fails_lets_the_viewers_go(settings: Settings) -> None:
    def broken(_: int) -> Snapshot:
        raise RuntimeError

    async def scenario(hub: Feed) -> None:
        assert [event async for event in hub.watch(1, broken)] == []
        assert hub.watchers == 0

    run(scenario, settings.redis_url)


@pytest.mark.usefixtures("queue_settings")
def test_a_notice_is_read_once_for_all_viewers(broker: Broker) -> None:
    rows = Rows()

    async def scenario(hub: Feed) -> None:
        viewers = [hub.watch(1, rows.read) for _ in range(20)]
        for events in viewers:
            assert [event.kind for event in await first(events, 3)] == ["step", "step", "progress"]
        await until(lambda: hub._connected)
        await until(lambda: rows.reads >= 2)
        before = rows.reads
        rows.labelled = 1
        assert await asyncio.to_thread(progress.announce, 1, 1)
        for events in viewers:
            step, now = await first(events, 2)
            assert (step.data["step_id"], now.data["steps_labeled"]) == (1, 1)
        assert rows.reads - before == 1

        late = hub.watch(1, rows.read)
        assert (await first(late, 3))[-1].data["steps_labeled"] == 1
        assert rows.reads - before == 1
        for events in [*viewers, late]:
            await events.aclose()
        assert hub.watchers == 0

    run(scenario, broker.url)


@pytest.mark.usefixtures("queue_settings")
def test_it_listens_again_after_redis_was_away(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "POLL_SECONDS", 0.05)
    rows = Rows()

    async def scenario(hub: Feed) -> None:
        events = hub.watch(1, rows.read)
        await first(events, 3)
        await until(lambda: hub._connected)
        broker.kill()
        await until(lambda: not hub._connected)
        rows.labelled = 1
        await first(events, 2)
        await asyncio.to_thread(broker.start)
        await until(lambda: hub._connected)
        rows.active = False
        await asyncio.to_thread(progress.announce, 1, 1)
        assert [event.kind async for event in events][-1] == "done"

    run(scenario, broker.url)
