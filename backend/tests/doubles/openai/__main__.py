"""`python -m tests.doubles.openai --port 0`: prints its address as JSON, then serves."""

import argparse
from dataclasses import fields
from pathlib import Path

from aiohttp import web

from tests.doubles.latency import Latency
from tests.doubles.openai.flavours import Flavour
from tests.doubles.openai.handle import API_KEY, MODEL
from tests.doubles.openai.server import OpenAIServer, Settings
from tests.doubles.program import serve


def main() -> None:
    """See `--help`."""
    parser = argparse.ArgumentParser(description="A strict double of an OpenAI-compatible server.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--ledger", type=Path, help="a file that gets a line of JSON for every call")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the one who started it is gone")
    for field in fields(Latency):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    parser.add_argument("--structured", choices=("json_schema", "json_object", "none"), default="json_schema")
    parser.add_argument("--style", choices=("plain", "prose", "fence", "trailing_comma", "all"), default="all")
    parser.add_argument("--context", type=int, default=Flavour().context)
    for name in ("--vision", "--key-wanted"):
        parser.add_argument(name, type=lambda value: value == "True", default=True, help="True or False")
    given = parser.parse_args()
    settings = Settings(
        api_key=given.api_key,
        model=given.model,
        flavour=Flavour(**{field.name: getattr(given, field.name) for field in fields(Flavour)}),
        latency=Latency(**{field.name: getattr(given, field.name) for field in fields(Latency)}),
        ledger=given.ledger,
    )
    server = OpenAIServer(settings)

    async def set_flavour(request: web.Request) -> web.Response:
        server.flavour = Flavour(**await request.json())
        return web.json_response({})

    routes = [
        web.post("/_double/flavour", set_flavour),
        web.post("/v1/chat/completions", server.chat),
        web.get("/v1/models", server.models),
        web.route("*", "/{path:.*}", server.nothing),
    ]
    serve(server, routes, port=given.port, until_stdin_closes=given.until_stdin_closes)


if __name__ == "__main__":
    main()
