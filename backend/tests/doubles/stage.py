"""What every double has: a clock, faults, a ledger, gates, latency; and how a call goes through them."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from aiohttp import web

from tests.doubles.clock import Clock
from tests.doubles.faults import Faults, Struck
from tests.doubles.latency import Latency
from tests.doubles.ledger import Call, Ledger

LOOK_SECONDS = 0.005


class Refusal(Exception):
    """An answer that is an error; the body is in the vendor's shape."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.outcome = "refused"


class Reset(Exception):
    """The connection goes down without an answer."""


Play = Callable[[web.Request, bytes, Call], Awaitable[web.Response]]
Dress = Callable[[web.Response, Call], None]


def _undressed(_: web.Response, __: Call) -> None:
    pass


@dataclass
class Stage:
    """One server's state, but for what only its vendor has."""

    ledger_path: Path | None = None
    latency: Latency = field(default_factory=Latency)
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    in_flight: int = 0
    open_gates: set[str] = field(default_factory=set)
    waiting: dict[str, int] = field(default_factory=dict)
    epoch: int = 0
    """Goes up with every reset: whoever waits since before leaves."""
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.ledger_path)

    def reset(self, latency: Latency) -> None:
        self.latency, self.clock = latency, Clock()
        self.faults.clear()
        self.ledger.clear()
        self.open_gates, self.waiting = set(), {}
        self.epoch += 1

    async def play(self, request: web.Request, kind: str, play: Play, dress: Dress = _undressed) -> web.Response:
        """One call from its first byte to its last, written down whatever becomes of it; `dress` adds headers."""
        call = self.ledger.begin(kind, request.headers, self.clock.now())
        self.in_flight += 1
        call.in_flight = self.in_flight
        try:
            body = await request.read()
            self.ledger.keep_body(call, body)
            response = await play(request, body, call)
            call.status, call.outcome = response.status, call.outcome or "answered"
        except Refusal as refusal:
            call.status, call.error = refusal.status, str(refusal.body)
            call.outcome = call.outcome or refusal.outcome
            named = {"request_id": call.request_id} if call.request_id else {}
            response = web.json_response(refusal.body | named, status=refusal.status, headers=refusal.headers)
        except Reset:
            _abort(request)
            response = web.Response()
        except (asyncio.CancelledError, ConnectionError):
            call.outcome = "client_left"
            raise
        finally:
            self.in_flight -= 1
            self.ledger.end(call, self.clock.now())
        dress(response, call)
        return response

    async def pass_gate(self, struck: Struck) -> None:
        """Waits until the gate that struck is open."""
        gate = struck.of("gate")
        if gate is None:
            return
        name, epoch = str(gate.get("name", "gate")), self.epoch
        self.waiting[name] = self.waiting.get(name, 0) + 1
        try:
            while name not in self.open_gates:
                await asyncio.sleep(LOOK_SECONDS)
                if epoch != self.epoch:
                    raise Reset
        finally:
            if epoch == self.epoch:
                self.waiting[name] -= 1

    async def hang(self) -> NoReturn:
        """Until the client leaves or the double is reset."""
        epoch = self.epoch
        while epoch == self.epoch:  # noqa: ASYNC110 - looked for, so that a reset need not know who waits
            await asyncio.sleep(LOOK_SECONDS * 4)
        raise Reset

    async def first_token(self) -> None:
        """Until the model begins to speak."""
        if self.latency.first_token > 0:
            await asyncio.sleep(self.latency.first_token)

    async def think(self, output_tokens: int, struck: Struck, *, skip_seconds: float = 0) -> None:
        """As long as the answer takes; `skip_seconds` of it were waited already."""
        slow = struck.of("slow") or {}
        seconds = self.latency.seconds(output_tokens) + float(slow.get("seconds", 0)) - skip_seconds
        if seconds > 0:
            await asyncio.sleep(seconds)


def _abort(request: web.Request) -> None:
    """With a RST, as when a load balancer drops it."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
