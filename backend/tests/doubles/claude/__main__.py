"""`python -m tests.doubles.claude --port 0`: prints its address as JSON, then serves."""

import argparse
from dataclasses import fields
from pathlib import Path

from tests.doubles.buckets import Rates
from tests.doubles.claude.handle import API_KEY
from tests.doubles.claude.routes import routes_of
from tests.doubles.claude.server import ClaudeServer, Settings
from tests.doubles.latency import Latency
from tests.doubles.program import HOST, serve


def main() -> None:
    """See `--help`."""
    parser = argparse.ArgumentParser(description="A strict double of the Anthropic Messages API.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--ledger", type=Path, help="a file that gets a line of JSON for every call")
    parser.add_argument("--batch-seconds", type=float, help="after which a batch ends by itself")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the one who started it is gone")
    for kind in (Rates, Latency):
        for field in fields(kind):
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    given = parser.parse_args()
    settings = Settings(
        api_key=given.api_key,
        rates=Rates(**{field.name: getattr(given, field.name) for field in fields(Rates)}),
        latency=Latency(**{field.name: getattr(given, field.name) for field in fields(Latency)}),
        batch_seconds=given.batch_seconds,
        ledger=given.ledger,
    )
    server = ClaudeServer(settings)
    serve(server, routes_of(server), port=given.port, until_stdin_closes=given.until_stdin_closes, host=given.host)


if __name__ == "__main__":
    main()
