"""How a test steers a double over HTTP: the endpoints under `/_double/` that every double has."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import web

from tests.doubles.faults import BadRule
from tests.doubles.latency import Latency
from tests.doubles.stage import LOOK_SECONDS, Stage


class Double(Protocol):
    """What the control needs of a vendor's server."""

    stage: Stage

    def reset(self) -> None:
        """Everything as it was at the start."""

    def state(self) -> dict[str, Any]:
        """What a test may want to know."""


def control_routes(double: Double) -> list[web.RouteDef]:
    """See each function."""
    return [*_script_routes(double.stage), *_watch_routes(double)]


def _script_routes(stage: Stage) -> list[web.RouteDef]:
    async def add_fault(request: web.Request) -> web.Response:
        options = await request.json()
        try:
            stage.faults.add(options.pop("kind"), **options)
        except (BadRule, TypeError, KeyError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({})

    async def clear_faults(_: web.Request) -> web.Response:
        stage.faults.clear()
        return web.json_response({})

    async def set_latency(request: web.Request) -> web.Response:
        stage.latency = Latency(**await request.json())
        return web.json_response({})

    async def set_clock(request: web.Request) -> web.Response:
        """`{"stop": true}`, `{"advance": seconds}`, or both."""
        asked = await request.json()
        if asked.get("stop"):
            stage.clock.stop()
        stage.clock.advance(asked.get("advance", 0))
        return web.json_response({"now": stage.clock.now()})

    async def open_gate(request: web.Request) -> web.Response:
        stage.open_gates.add(request.match_info["name"])
        return web.json_response({})

    return [
        web.post("/_double/faults", add_fault),
        web.delete("/_double/faults", clear_faults),
        web.post("/_double/latency", set_latency),
        web.post("/_double/clock", set_clock),
        web.post("/_double/gate/{name}", open_gate),
    ]


def _watch_routes(double: Double) -> list[web.RouteDef]:
    stage = double.stage

    async def ledger(request: web.Request) -> web.Response:
        """`?bodies=1&since=N`"""
        bodies, since = request.query.get("bodies") == "1", int(request.query.get("since", 0))
        return web.json_response(stage.ledger.read(bodies=bodies, since=since))

    async def reset(_: web.Request) -> web.Response:
        double.reset()
        return web.json_response({})

    async def state(_: web.Request) -> web.Response:
        return web.json_response(_state(double))

    async def wait(request: web.Request) -> web.Response:
        """`?calls=3&in_flight=2&ended=1&gate=NAME&seconds=30`: answers when it is so, 408 when it takes too long."""
        true, deadline = _condition(double, dict(request.query)), time.monotonic() + float(request.query["seconds"])
        while not true():
            if time.monotonic() > deadline:
                return web.json_response(_state(double), status=408)
            await asyncio.sleep(LOOK_SECONDS)
        return web.json_response(_state(double))

    return [
        web.get("/_double/ledger", ledger),
        web.post("/_double/reset", reset),
        web.get("/_double/state", state),
        web.get("/_double/wait", wait),
    ]


def _state(double: Double) -> dict[str, Any]:
    stage = double.stage
    return {
        "now": stage.clock.now(),
        "calls": len(stage.ledger.calls),
        "ended": sum(call.ended is not None for call in stage.ledger.calls),
        "in_flight": stage.in_flight,
        "waiting": stage.waiting,
    } | double.state()


def _condition(double: Double, query: dict[str, str]) -> Callable[[], bool]:
    def true() -> bool:
        now = _state(double)
        counted = all(now[name] >= int(query[name]) for name in ("calls", "ended", "in_flight") if name in query)
        return counted and ("gate" not in query or now["waiting"].get(query["gate"], 0) > 0)

    return true
