"""Live events for people who watch a workflow being labelled: many viewers, one look at the rows a change.

A worker's notices (`progress`) come through one Redis subscription a process. For each watched workflow one task reads
the rows, in a thread, when a notice came, and hands what changed to all its viewers. While Redis is away the rows are
read every two seconds; they are also read now and then besides, because a notice may get lost.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.labeling.progress import CHANNEL

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
"""Between two looks while Redis is away."""
LOOK_ANYWAY_SECONDS = 10.0
SUBSCRIBE_PATIENCE_SECONDS = 2.0
EVENTS_A_VIEWER = 1_000
"""Of a viewer who reads too slowly; then it is let go, and its browser connects anew."""


@dataclass(frozen=True, slots=True)
class Event:
    """`progress`: the run; `step`: its number, label and label state; `done`: the run at its end."""

    kind: Literal["progress", "step", "done"]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A workflow's newest run as it is shown (None: there was none), and its steps: number → what events say of it."""

    run: dict[str, Any] | None
    steps: dict[int, dict[str, Any]]
    active: bool
    """Whether the run still goes on."""


Read = Callable[[int], Snapshot]


@dataclass(slots=True, eq=False)
class _Watched:
    """One workflow with its viewers."""

    changed: asyncio.Event = field(default_factory=asyncio.Event)
    viewers: set["asyncio.Queue[Event | None]"] = field(default_factory=set)
    last: Snapshot | None = None
    task: "asyncio.Task[None] | None" = None


class Feed:
    """The hub of one process and one event loop."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url
        self._watched: dict[int, _Watched] = {}
        self._subscription: asyncio.Task[None] | None = None
        self._connected = False

    async def watch(self, workflow_id: int, read: Read) -> AsyncGenerator[Event, None]:
        """The present state first, then every change, until the run is over; it ends early for who cannot follow."""
        watched = self._join(workflow_id, read)
        viewer: asyncio.Queue[Event | None] = asyncio.Queue(EVENTS_A_VIEWER)
        if watched.last is not None:
            _hand_out(_changes(None, watched.last), [viewer])
        watched.viewers.add(viewer)
        try:
            while (event := await viewer.get()) is not None:
                yield event
                if event.kind == "done":
                    return
        finally:
            self._leave(workflow_id, watched, viewer)

    async def close(self) -> None:
        """Let everyone go."""
        tasks = [watched.task for watched in self._watched.values() if watched.task]
        tasks += [self._subscription] if self._subscription else []
        for watched in self._watched.values():
            _hand_out([None], watched.viewers)
        self._watched.clear()
        self._subscription = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def watchers(self) -> int:
        """Workflows that somebody looks at just now."""
        return len(self._watched)

    def _join(self, workflow_id: int, read: Read) -> _Watched:
        watched = self._watched.get(workflow_id)
        if watched is None:
            watched = self._watched[workflow_id] = _Watched()
            watched.task = asyncio.create_task(self._look(workflow_id, watched, read))
        if self._subscription is None:
            self._subscription = asyncio.create_task(self._listen())
        return watched

    def _leave(self, workflow_id: int, watched: _Watched, viewer: "asyncio.Queue[Event | None]") -> None:
        watched.viewers.discard(viewer)
        if not watched.viewers and self._watched.get(workflow_id) is watched:
            self._forget(workflow_id, watched)

    def _forget(self, workflow_id: int, watched: _Watched) -> None:
        del self._watched[workflow_id]
        if watched.task and watched.task is not asyncio.current_task():
            watched.task.cancel()
        if not self._watched and self._subscription:
            self._subscription.cancel()
            self._subscription = None

    async def _look(self, workflow_id: int, watched: _Watched, read: Read) -> None:
        """Read the rows at every notice, until the run is over."""
        while True:
            watched.changed.clear()
            try:
                snapshot = await asyncio.to_thread(read, workflow_id)
            except Exception:
                log.exception("feed_not_read", workflow_id=workflow_id)
                _hand_out([None], watched.viewers)
                break
            _hand_out(_changes(watched.last, snapshot), watched.viewers)
            watched.last = snapshot
            if not snapshot.active:
                break
            with suppress(TimeoutError):
                pause = LOOK_ANYWAY_SECONDS if self._connected else POLL_SECONDS
                await asyncio.wait_for(watched.changed.wait(), pause)
        if self._watched.get(workflow_id) is watched:
            self._forget(workflow_id, watched)

    async def _listen(self) -> None:
        """Pass on the workers' notices; subscribe again when Redis was away."""
        while True:
            try:
                await self._subscribed()
            except (RedisError, OSError) as error:
                log.debug("feed_without_redis", error=type(error).__name__)
            finally:
                self._connected = False
            await asyncio.sleep(POLL_SECONDS)

    async def _subscribed(self) -> None:
        patience = SUBSCRIBE_PATIENCE_SECONDS
        client = redis.asyncio.Redis.from_url(
            self._url, socket_connect_timeout=patience, retry=Retry(NoBackoff(), 0), health_check_interval=10
        )
        async with client, client.pubsub() as notices:
            await notices.subscribe(CHANNEL)
            self._connected = True
            for watched in self._watched.values():
                watched.changed.set()  # what happened before we listened
            while True:
                message = await notices.get_message(ignore_subscribe_messages=True, timeout=patience)
                if message is not None:
                    self._notice(message["data"])

    def _notice(self, data: bytes) -> None:
        try:
            workflow_id = json.loads(data)["workflow_id"]
        except (ValueError, KeyError, TypeError):
            return
        if watched := self._watched.get(workflow_id):
            watched.changed.set()


def _changes(old: Snapshot | None, new: Snapshot) -> list[Event | None]:
    """What a viewer who knows `old` has to be told."""
    before = old.steps if old else {}
    events: list[Event | None] = [
        Event("step", {"step_id": step_id} | step) for step_id, step in new.steps.items() if before.get(step_id) != step
    ]
    if new.run is None:
        return [*events, None]
    if not new.active:
        return [*events, Event("progress", new.run), Event("done", new.run)]
    if old is None or old.run != new.run:
        events.append(Event("progress", new.run))
    return events


def _hand_out(events: list[Event | None], viewers: Iterable["asyncio.Queue[Event | None]"]) -> None:
    for viewer in viewers:
        for event in events:
            if viewer.full():
                viewer.get_nowait()
                viewer.put_nowait(None)  # too slow: it is let go
                break
            viewer.put_nowait(event)
