"""`workflow-platform up`, as a real process with real parts."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import PATIENCE, PROGRAM, Up, environment
from tests.servers import free_port

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")

StartUp = Callable[..., Up]


def processes(data_dir: Path) -> dict[int, str]:
    """Numbers and command lines of living processes that were given this folder, or work in it (Valkey)."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            belongs = f"DATA_DIR={data_dir}".encode() in (folder / "environ").read_bytes().split(b"\0")
            belongs = belongs or (folder / "cwd").readlink().is_relative_to(data_dir)
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue  # it has ended meanwhile, or is not ours
        if belongs and command:
            found[int(folder.name)] = command
    return found


def the(parts: dict[int, str], pattern: str) -> int:
    """The oldest process whose command line matches."""
    return min(pid for pid, command in parts.items() if re.search(pattern, command))


def wait_until_none(data_dir: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while left := processes(data_dir):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.05)


def answer(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=PATIENCE) as response:
        status: int = response.status
        return status


def restarted(part: str) -> Callable[[dict[str, Any]], bool]:
    return lambda event: event["event"] == "error" and event["text"].startswith(f"{part} was killed by signal 9")


def worker_is_ready(event: dict[str, Any]) -> bool:
    return event.get("part") == "worker" and "ready" in event["text"]


def test_busy_port_is_named_before_anything_is_started(start_up: StartUp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        up = start_up(port)
        assert up.wait() == 1
    error = up.wait_for(lambda event: "error" in event)
    assert error["error"] == "PortBusy"
    assert f"Port {port}" in error["detail"]
    assert "PORT=" in error["detail"]
    assert not (up.data_dir / "valkey").exists()


def test_unusable_setting_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "up"],
        env=environment(DATA_DIR=str(tmp_path), PORT="many"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_second_up_says_where_the_first_one_runs(start_up: StartUp) -> None:
    first = start_up()
    first.wait_until_ready()
    second = start_up()
    assert second.wait() == 1
    error = second.wait_for(lambda event: "error" in event)
    assert error["error"] == "AlreadyRunning"
    assert str(first.process.pid) in error["detail"]
    assert f"http://127.0.0.1:{first.port}" in error["detail"]
    assert "redis_url" not in error, "it holds a secret"
    assert answer(first.port) == 200


def test_killed_parts_are_started_again_and_sigterm_stops_all(start_up: StartUp) -> None:
    up = start_up()
    up.wait_until_ready()
    before = processes(up.data_dir)
    for part, pattern in (("worker", "celery"), ("api", "uvicorn"), ("valkey", "valkey-server")):
        os.kill(the(before, pattern), signal.SIGKILL)
        up.wait_for(restarted(part))
    up.wait_for(worker_is_ready)

    assert up.stop() == 0
    assert processes(up.data_dir) == {}


def test_killed_up_leaves_no_orphan_and_the_next_one_works_at_once(start_up: StartUp) -> None:
    first = start_up()
    first.wait_until_ready()
    first.process.kill()
    first.process.wait(PATIENCE)
    second = start_up(first.port)
    second.wait_until_ready()
    assert answer(second.port) == 200

    os.kill(second.process.pid, signal.SIGKILL)
    second.process.wait(PATIENCE)
    wait_until_none(second.data_dir)


def test_valkey_that_was_left_behind_is_stopped_and_the_address_stays(start_up: StartUp) -> None:
    first = start_up()
    address = first.wait_for(lambda event: event.get("name") == "REDIS_URL")["value"]
    first.wait_until_ready()
    running = processes(first.data_dir)
    valkey = the(running, "valkey-server")
    os.kill(the(running, "leash"), signal.SIGKILL)
    for pid in {first.process.pid, the(running, "celery"), the(running, "uvicorn")}:
        os.kill(pid, signal.SIGKILL)
    first.process.wait(PATIENCE)

    second = start_up()
    assert second.wait_for(lambda event: event.get("name") == "REDIS_URL")["value"] == address
    second.wait_until_ready()
    assert valkey not in processes(second.data_dir)


def test_variables_stand_on_lines_of_their_own_without_a_terminal(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*PROGRAM, "up"],
        env=environment(DATA_DIR=str(tmp_path / "plain"), PORT=str(port)),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Ready: " in line:
                process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert f"DATABASE_URL=sqlite:///{tmp_path}/plain/workflow-platform.db" in lines
    assert any(re.fullmatch(r"REDIS_URL=redis://workflow-platform:[\w-]+@127\.0\.0\.1:\d+/0", line) for line in lines)
    assert f"up      | Ready: http://127.0.0.1:{port}" in lines
    assert "\x1b" not in "".join(lines)
