"""Which address does what."""

from aiohttp import web

from tests.doubles.buckets import Rates
from tests.doubles.claude import errors
from tests.doubles.claude.server import ClaudeServer, Work
from tests.doubles.faults import Struck
from tests.doubles.ledger import Call


async def _nothing(_: web.Request, __: bytes, ___: Call, ____: Struck) -> web.Response:
    raise errors.not_found("Not found")


def routes_of(server: ClaudeServer) -> list[web.RouteDef]:
    """Of the API, and what only this double is steered by."""
    batches = server.batches

    def endpoint(method: str, path: str, kind: str, work: Work) -> web.RouteDef:
        async def handle(request: web.Request) -> web.Response:
            return await server.answer(request, kind, work)

        return web.route(method, path, handle)

    async def set_rates(request: web.Request) -> web.Response:
        server.set_rates(Rates(**await request.json()))
        return web.json_response({})

    async def set_batch_seconds(request: web.Request) -> web.Response:
        batches.seconds = (await request.json())["seconds"]
        return web.json_response({})

    async def end_batches(_: web.Request) -> web.Response:
        batches.end_all()
        return web.json_response({})

    return [
        web.post("/_double/rates", set_rates),
        web.post("/_double/batches", set_batch_seconds),
        web.post("/_double/batches/end", end_batches),
        endpoint("GET", "/v1/models", "models", server.models),
        endpoint("POST", "/v1/messages", "message", server.message),
        endpoint("POST", "/v1/messages/batches", "batch_create", batches.create),
        endpoint("GET", "/v1/messages/batches", "batch_list", batches.list),
        endpoint("GET", "/v1/messages/batches/{id}", "batch_get", batches.get),
        endpoint("DELETE", "/v1/messages/batches/{id}", "batch_delete", batches.delete),
        endpoint("POST", "/v1/messages/batches/{id}/cancel", "batch_cancel", batches.cancel),
        endpoint("GET", "/v1/messages/batches/{id}/results", "batch_results", batches.results),
        endpoint("*", "/{path:.*}", "unknown", _nothing),
    ]
