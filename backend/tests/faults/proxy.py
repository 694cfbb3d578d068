"""A TCP proxy whose connections break where a test wants them to: between client and API, or API and database."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

Answer = TypeVar("Answer")
Target = tuple[str, int] | Path
"""Host and port, or a socket's file."""

CHUNK = 65_536
LONGEST_MARK = 200


@dataclass
class Fault:
    """What happens, once, to the first connection over which the client sent all of `after`, in this order."""

    kind: Literal["refuse", "cut_request", "cut_unheard", "cut_answer", "delay"]
    """`refuse`: closed at once. `cut_request`: closed, and the server never gets what was sent last. `cut_unheard`: the
    server gets it and answers, and then all is closed and the answer not passed on. `cut_answer`: closed after half of
    the answer. `delay`: passed on after `seconds`."""
    after: tuple[bytes, ...] = ()
    seconds: float = 0
    happened: threading.Event = field(default_factory=threading.Event)


class Cut(Exception):
    """This connection is to be closed."""


class Proxy:
    """Listens on a port of its own, in a thread of its own; passes everything on, except where there is a fault."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.faults: list[Fault] = []
        self._connections: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def plan(self, fault: Fault) -> Fault:
        """Do this to one of the connections that are open, or come."""
        self._loop.call_soon_threadsafe(self.faults.append, fault)
        return fault

    def close(self) -> None:
        """Close every connection, and listen no more."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _end(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        ends = [writer]
        try:
            if refused := next((fault for fault in self.faults if fault.kind == "refuse"), None):
                self.faults.remove(refused)
                refused.happened.set()
                return
            server_reader, server_writer = await self._connect()
            ends.append(server_writer)
            await _Connection(self, reader, writer, server_reader, server_writer).pass_on()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            for end in ends:
                end.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection(*self.target)


@dataclass
class _Connection:
    proxy: Proxy
    client_reader: asyncio.StreamReader
    client_writer: asyncio.StreamWriter
    server_reader: asyncio.StreamReader
    server_writer: asyncio.StreamWriter
    tail: bytes = b""
    """Of what the client sent last: a mark may be cut in two."""
    marks: dict[int, int] = field(default_factory=dict)
    """How many of a fault's marks were seen here."""
    at_answer: Fault | None = None

    async def pass_on(self) -> None:
        """Until one side closes it, or a fault does."""
        directions = [asyncio.create_task(self._requests()), asyncio.create_task(self._answers())]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)

    async def _requests(self) -> None:
        while sent := await self.client_reader.read(CHUNK):
            fault = self._due(sent)
            if fault and fault.kind == "cut_request":
                fault.happened.set()
                raise Cut
            if fault and fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
                fault.happened.set()
            elif fault:
                self.at_answer = fault
            self.server_writer.write(sent)
            await self.server_writer.drain()

    async def _answers(self) -> None:
        while answer := await self.server_reader.read(CHUNK):
            if self.at_answer:
                if self.at_answer.kind == "cut_answer":
                    self.client_writer.write(answer[: len(answer) // 2])
                    await self.client_writer.drain()
                self.at_answer.happened.set()
                raise Cut
            self.client_writer.write(answer)
            await self.client_writer.drain()

    def _due(self, sent: bytes) -> Fault | None:
        """The fault whose last mark was just sent; it is taken from the plan."""
        seen = self.tail + sent
        self.tail = seen[-LONGEST_MARK:]
        for fault in self.proxy.faults:
            at = 0
            for mark in fault.after[self.marks.get(id(fault), 0) :]:
                if (found := seen.find(mark, at)) < 0:
                    break
                at = found + len(mark)
                self.marks[id(fault)] = self.marks.get(id(fault), 0) + 1
                self.tail = seen[at:][-LONGEST_MARK:]
            if self.marks.get(id(fault), 0) == len(fault.after):
                self.proxy.faults.remove(fault)
                return fault
        return None


@contextmanager
def proxied(target: Target) -> Iterator[Proxy]:
    """A proxy for as long as the block lasts."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
