"""Every command of docs/operations.md is run, or says why it is not; so are the command lines of deploy/."""

import os
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.commands.conftest import PATIENCE, Up, environment
from tests.deploy.files import ROOT
from tests.operations import blocks, command_lines, redis_cli
from tests.operations.blocks import Block
from tests.operations.running import Shell
from tests.servers import free_port
from tests.services import wait_until

BLOCKS = blocks.read((ROOT / "docs" / "operations.md").read_text("utf-8"))
SERVERS = [block for block in BLOCKS if block.kind == "server"]
SIDE_BY_SIDE = 4
SAMPLE = ROOT / "samples" / "approve-an-expense-report.devtools.json"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A person's shell beside a running `up` that holds three workflows, two of whose runs were given up on."""
    folder = tmp_path_factory.mktemp("operations")
    up = Up(folder / "data", free_port())
    try:
        facts = {event["name"]: event["value"] for event in (_variable(up), _variable(up))}
        up.wait_until_ready()
        path = f"{_tools(folder)}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        surroundings = environment(**facts, DATA_DIR=str(up.data_dir), PATH=path, FLOWER_BASIC_AUTH="operator:long")
        shell = Shell(surroundings, up.port, folder)
        _give_up_on_two_runs(shell, up.data_dir / "workflow-platform.db")
        yield shell
    finally:
        up.stop()


def _variable(up: Up) -> dict[str, str]:
    return up.wait_for(lambda event: event.get("name") in {"DATABASE_URL", "REDIS_URL"})


def _tools(folder: Path) -> Path:
    """Where `redis-cli` is, if the system has none."""
    tools = folder / "bin"
    tools.mkdir()
    if shutil.which("redis-cli") is None:
        program = tools / "redis-cli"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{redis_cli.__file__}" "$@"\n', "utf-8")
        program.chmod(0o700)
    return tools


def _give_up_on_two_runs(shell: Shell, database: Path) -> None:
    sample = shlex.quote(str(SAMPLE))
    shell.run(Block(0, "shell", f"workflow-platform import {sample} {sample}\n"))
    connection = sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)
    unfinished = "SELECT 1 FROM labeling_runs WHERE state IN ('queued', 'running')"
    wait_until(lambda: connection.execute(unfinished).fetchone() is None, "all is labelled")
    change = "UPDATE labeling_runs SET state = 'needs_attention', reason = 'Three workers died.' WHERE id IN (2, 3)"
    assert connection.execute(change).rowcount == 2
    connection.close()


def test_what_needs_a_service_manager_or_root_says_so() -> None:
    assert [block.text for block in BLOCKS if block.needs_a_mark] == []


def test_most_commands_can_be_run_here() -> None:
    kinds = [block.kind for block in BLOCKS]
    assert kinds.count("elsewhere") < len(kinds) / 3
    assert {"shell", "python", "server"} <= set(kinds)


def test_commands_of_the_document(shell: Shell, subtests: pytest.Subtests) -> None:
    """One after another beside the same parts, as a person would."""
    for block in BLOCKS:
        if block.kind in {"shell", "python"}:
            with subtests.test(line=block.line):
                shell.run(block)


def test_programs_that_run_until_they_are_stopped(shell: Shell, subtests: pytest.Subtests) -> None:
    """Those of the document and of deploy/, side by side: they mostly wait."""
    jobs = {f"operations.md, line {block.line}": (tuple(shlex.split(block.text)), block.says) for block in SERVERS}
    for name, line in command_lines.found().items():
        jobs[name] = (command_lines.here(line, shell.folder), command_lines.says(line))
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        served = {job: pool.submit(shell.serve, *job) for job in set(jobs.values())}
    for name, job in jobs.items():
        with subtests.test(name):
            served[job].result()
