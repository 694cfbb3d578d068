"""The program of a double: serves until it is killed or the one who started it is gone."""

import asyncio
import json
import sys
from collections.abc import Sequence

from aiohttp import web

from tests.doubles.control import Double, control_routes

HOST = "127.0.0.1"

MOST_BYTES = 300 * 1024 * 1024
"""That are read at all; what the vendor takes is checked by its double."""

READ_BYTES = 8 * 1024 * 1024
"""That are taken in before the client has to wait."""


def serve(
    double: Double, routes: Sequence[web.RouteDef], *, port: int, until_stdin_closes: bool, host: str = HOST
) -> None:
    """Prints its address as JSON on the first line."""
    try:
        import uvloop
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(double, routes, (host, port), until_stdin_closes))


async def _serve(
    double: Double, routes: Sequence[web.RouteDef], address: tuple[str, int], until_stdin_closes: bool
) -> None:
    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes([*control_routes(double), *routes])
    runner = web.AppRunner(
        app,
        handler_cancellation=True,
        shutdown_timeout=0,
        access_log=None,
        keepalive_timeout=60,
        read_bufsize=READ_BYTES,
    )
    await runner.setup()
    await web.TCPSite(runner, *address, backlog=1024).start()
    host, bound = runner.addresses[0][:2]
    sys.stdout.write(json.dumps({"url": f"http://{host}:{bound}", "port": bound}) + "\n")
    sys.stdout.flush()
    if until_stdin_closes:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    else:
        await asyncio.Event().wait()
    await runner.cleanup()
