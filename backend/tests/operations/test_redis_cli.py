"""The stand-in for redis-cli says what redis-cli says."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.tools import required
from tests.operations import redis_cli
from tests.services import Broker

COMMANDS = [
    (["PING"], "PONG\n"),
    (["CONFIG", "SET", "appendonly", "yes"], "OK\n"),
    (["RPUSH", "ai_labeling\x06\x163", "one"], "1\n"),
    (["LLEN", "ai_labeling\x06\x163"], "1\n"),
    (["GET", "nothing"], "\n"),
    (["TTL", "nothing"], "-2\n"),
    (["--scan", "--pattern", "ai_labeling*"], "ai_labeling\x06\x163\n"),
]


@pytest.mark.parametrize("program", ["stand-in", "redis-cli"])
def test_it_prints_what_redis_cli_prints(broker: Broker, program: str) -> None:
    command = [sys.executable, str(Path(redis_cli.__file__))]
    if program == "redis-cli":
        command = [required("redis-cli", "redis-tools")]
    for arguments, printed in COMMANDS:
        done = subprocess.run([*command, "-u", broker.url, *arguments], capture_output=True, text=True, check=True)
        assert done.stdout == printed, arguments
