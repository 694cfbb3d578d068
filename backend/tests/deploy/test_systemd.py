"""The units of systemd, judged by systemd itself."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, ROOT, SETTINGS, variables
from tests.deploy.tools import required

UNITS = DEPLOY / "systemd"
NAMES = sorted(path.name for path in UNITS.iterdir() if path.suffix in {".service", ".target"})
SERVICES = [name for name in NAMES if name.endswith(".service")]
INSTALLED = "/opt/workflow-platform"
OF_THE_UNITS = {"WORKER_OPTIONS", "FLOWER_BASIC_AUTH"}
MOST_EXPOSED = 20
"""Of `systemd-analyze security`, in tenths: 100 has no protection at all."""

Analyze = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A copy of the units that finds its programs where they are on this machine."""
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    for path in folder.glob("*.service"):
        text = path.read_text("utf-8")
        path.write_text(text.replace(f"{INSTALLED}/backend/.venv/bin", str(Path(sys.executable).parent)), "utf-8")
    return folder


@pytest.fixture
def analyze(units: Path) -> Analyze:
    program = required("systemd-analyze", "systemd")

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, "--no-pager", *arguments],
            env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"},
            cwd=units,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return call


def instance(name: str) -> str:
    return name.replace("@.", "@2.")


def test_a_setting_that_systemd_does_not_know_is_noticed(units: Path, analyze: Analyze) -> None:
    with (units / "workflow-platform-.service.d" / "common.conf").open("a") as file:
        file.write("ProtectEverything=yes\n")
    assert "ProtectEverything" in analyze("verify", "--man=no", SERVICES[0]).stderr


@pytest.mark.parametrize("name", NAMES)
def test_unit_is_sound(analyze: Analyze, name: str) -> None:
    done = analyze("verify", "--man=no", instance(name))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", SERVICES)
def test_service_can_do_little_beyond_its_work(analyze: Analyze, name: str) -> None:
    done = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", instance(name))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_service_starts_a_program_that_is_installed(name: str) -> None:
    text = (UNITS / name).read_text("utf-8")
    programs = re.findall(rf"^ExecStart={INSTALLED}/backend/\.venv/bin/(\S+)", text, re.MULTILINE)
    assert len(programs) == 1
    assert (Path(sys.executable).parent / programs[0]).exists()
    assert INSTALLED in (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_a_worker_is_given_the_time_that_a_task_may_take() -> None:
    from app.celery_app import celery_app

    text = (UNITS / "workflow-platform-worker@.service").read_text("utf-8")
    assert "\nKillMode=mixed\n" in text
    seconds = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert seconds
    assert int(seconds[1]) > celery_app.conf.task_time_limit


@pytest.mark.parametrize(("value", "starts"), [("", False), ("operator:", False), ("operator:long", True)])
def test_flower_does_not_start_without_a_password(value: str, starts: bool) -> None:
    line = next(
        line
        for line in (UNITS / "workflow-platform-flower.service").read_text("utf-8").splitlines()
        if line.startswith("ExecStartPre=")
    )
    script = re.fullmatch(r"ExecStartPre=/bin/sh -c '(.*)'", line)
    assert script
    done = subprocess.run(
        ["/bin/sh", "-c", script[1].replace("$$", "$")],
        env={"FLOWER_BASIC_AUTH": value},
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    assert (done.returncode == 0) is starts
    assert ("FLOWER_BASIC_AUTH" in done.stdout) is not starts


def test_flower_listens_to_this_machine_alone() -> None:
    text = (UNITS / "workflow-platform-flower.service").read_text("utf-8")
    assert "--address=127.0.0.1" in text
    target = (UNITS / "workflow-platform.target").read_text("utf-8")
    assert "flower" not in target


@pytest.mark.parametrize("path", sorted(UNITS.glob("*.example")), ids=lambda path: path.name)
def test_environment_files_name_settings_that_exist(path: Path) -> None:
    assert variables(path)
    assert variables(path).keys() - SETTINGS - OF_THE_UNITS == set()


def test_environment_file_means_the_same_to_a_shell() -> None:
    """The command line reads it as a shell does, the services as systemd does."""
    path = UNITS / "environment.example"
    done = subprocess.run(
        ["/bin/sh", "-euc", f'set -a; . "{path}"; exec env'],
        env={},
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    read = dict(line.split("=", 1) for line in done.stdout.splitlines())
    written = re.findall(r'^([A-Z_]+)="([^"$`\\]*)"$', path.read_text("utf-8"), re.MULTILINE)
    assert len(written) > 4
    assert [name for name, value in written if read[name] != value] == []


def test_the_wrapper_of_the_command_line_is_sound() -> None:
    wrapper = UNITS / "workflow-platform"
    assert wrapper.stat().st_mode & 0o111
    subprocess.run(["/bin/sh", "-n", str(wrapper)], check=True, timeout=10)
