"""Flower with the password of its unit: what it guards, and what it leaves open."""

import urllib.error
import urllib.request
from base64 import b64encode
from pathlib import Path

from tests.commands.conftest import PATIENCE, environment
from tests.operations import command_lines
from tests.operations.running import running, wait_for
from tests.servers import free_port

PASSWORD = "operator:long"


def status(url: str, password: str | None = None) -> int:
    request = urllib.request.Request(url)  # noqa: S310 - our own address
    if password:
        request.add_header("Authorization", f"Basic {b64encode(password.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - our own address
            code: int = answer.status
    except urllib.error.HTTPError as error:
        code = error.code
    return code


def test_pages_want_the_password_and_two_addresses_do_not(tmp_path: Path) -> None:
    port = free_port()
    line = command_lines.here(command_lines.found()["workflow-platform-flower.service"], tmp_path)
    command = [word.replace("5555", str(port)) for word in line]
    surroundings = environment(REDIS_URL="redis://127.0.0.1:1/0", FLOWER_BASIC_AUTH=PASSWORD)
    with running(command, surroundings) as (_, lines):
        wait_for(command_lines.SAYS["flower"], lines, command)
        url = f"http://127.0.0.1:{port}"
        assert [status(f"{url}/workers"), status(f"{url}/workers", "operator:short")] == [401, 401]
        assert status(f"{url}/workers", PASSWORD) == 200
        assert [status(f"{url}/metrics"), status(f"{url}/healthcheck")] == [200, 200]
