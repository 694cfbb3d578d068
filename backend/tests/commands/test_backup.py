"""`backup`, `restore` and `runs`, as they are typed; every command of docs/backup.md."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.config import BACKEND
from tests import forked
from tests.commands.conftest import PATIENCE, environment

ROOT = BACKEND.parent
SAMPLE = str(ROOT / "samples" / "create-an-account.zip")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Calls the command line in a folder of its own, on the data folder that is named, without a broker."""

    def call(*arguments: str, data: str = "data") -> subprocess.CompletedProcess[str]:
        surroundings = environment(DATA_DIR=str(tmp_path / data), REDIS_URL="redis://127.0.0.1:1/0")
        return forked.run(["app.cli", *arguments], surroundings, tmp_path, timeout=PATIENCE)

    return call


def the_json(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [("backup",), ("restore",), ("restore", "none.tar"), ("runs", "retry"), ("runs", "acknowledge", "1", "--all")],
)
def test_wrong_usage_is_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")


def test_there_and_back(run: Run, tmp_path: Path) -> None:
    assert run("import", SAMPLE).returncode == 0
    facts = the_json(run("backup", "backup.tar", "--json"))
    assert (facts["pictures"], facts["missing_pictures"]) == (14, 0)
    assert facts["bytes"] == (tmp_path / "backup.tar").stat().st_size
    again = run("backup", "backup.tar", "--json")
    assert (again.returncode, json.loads(again.stderr)["error"]) == (1, "BackupExists")

    restored = run("restore", "backup.tar", data="other")
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.startswith(f"Restored: {facts['rows']} rows and 14 pictures of ")
    for data in ("data", "other"):
        assert run("export", "1", "--format", "markdown", "-o", f"{data}.md", data=data).returncode == 0
    assert (tmp_path / "data.md").read_text() == (tmp_path / "other.md").read_text()
    findings = json.loads(run("doctor", "--json", data="other").stdout)["checks"]
    failed = {one["check"] for one in findings if one["state"] == "failed"}
    assert failed == {"broker", "worker"}  # which this test has none of


def test_a_used_instance_wants_to_be_asked(run: Run) -> None:
    assert run("import", SAMPLE).returncode == 0
    assert run("backup", "backup.tar").returncode == 0
    refused = run("restore", "backup.tar", "--json")
    assert (refused.returncode, json.loads(refused.stderr)["error"]) == (1, "InstanceUsed")
    unasked = run("restore", "backup.tar", "--replace", "--json")
    assert (unasked.returncode, json.loads(unasked.stderr)["error"]) == (1, "NotConfirmed")
    assert "1 workflows" in json.loads(unasked.stderr)["detail"]
    assert the_json(run("restore", "backup.tar", "--replace", "--yes", "--json"))["runs_queued"] == 0


def test_a_broken_file_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_bytes(b"nothing of the kind" * 100)
    done = run("restore", "backup.tar")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: This is no backup of this program, or it is damaged or cut off. Nothing was changed.\n"
    )


def test_runs_are_listed_and_handled(run: Run) -> None:
    assert "There are none." in run("runs", "list").stdout
    assert run("import", SAMPLE).returncode == 0
    (listed,) = the_json(run("runs", "list", "--state", "queued", "--json"))["items"]
    assert (listed["id"], listed["stalled"]) == (1, False)
    assert "queued" in run("runs", "list").stdout
    done = run("runs", "retry", "1", "99", "--json")
    assert done.returncode == 1
    assert [item["error"] for item in json.loads(done.stdout)["items"]] == ["RunNotRetryable", "RunNotFound"]
    assert json.loads(done.stderr)["error"] == "NotAllHandled"
    assert the_json(run("runs", "acknowledge", "--all", "--json")) == {"items": []}


def test_the_commands_of_the_document(run: Run, tmp_path: Path) -> None:
    """In their order; the first restore goes to an empty instance, as it says."""
    assert run("import", SAMPLE).returncode == 0
    text = (ROOT / "docs" / "backup.md").read_text()
    commands = re.findall(r"^ {4,}workflow-platform (.+)$", text, re.MULTILINE)
    assert len(commands) == 8
    for command in commands:
        data = "other" if command.startswith("restore") and "--replace" not in command else "data"
        if data == "other" and (tmp_path / "other").exists():
            (tmp_path / "other").rename(tmp_path / "before")
        done = run(*shlex.split(command), data=data)
        expected = 1 if command == "doctor" else 0  # there is neither broker nor worker here
        assert done.returncode == expected, (command, done.stderr)
