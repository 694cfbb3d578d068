"""Stands in for `redis-cli` where it is not installed: the same protocol, for the commands of the documents."""

import argparse
import sys
from typing import Any

import redis


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-u", dest="url", required=True)
    parser.add_argument("--scan", action="store_true")
    parser.add_argument("--pattern", default="*")
    parser.add_argument("command", nargs="*")
    asked = parser.parse_args()
    with redis.Redis.from_url(asked.url) as client:
        if asked.scan:
            for key in client.scan_iter(match=asked.pattern):
                show(key)
            return
        client.response_callbacks.clear()
        show(client.execute_command(*asked.command))


def show(answer: Any) -> None:
    for item in answer if isinstance(answer, list) else [answer]:
        text = item if isinstance(item, bytes) else str("" if item is None else item).encode()
        sys.stdout.buffer.write(text + b"\n")


if __name__ == "__main__":
    main()
