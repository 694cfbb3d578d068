"""The Makefile, without running what it would run."""

import subprocess
from pathlib import Path

import pytest

from app.core.config import BACKEND

ROOT = BACKEND.parent
TARGETS = (
    "up",
    "test",
    "faults",
    "recorder",
    "load",
    "check",
    "format",
    "bench",
    "evals-set",
    "lock",
    "extension",
    "openapi",
    "docs",
    "clean",
)


def make(*arguments: str) -> str:
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_make_alone_lists_every_target_in_a_line() -> None:
    lines = make().splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["help", *TARGETS]
    assert all(len(line.split()) > 3 for line in lines)


@pytest.mark.parametrize("target", TARGETS)
def test_target_can_be_made(target: str) -> None:
    assert make("--dry-run", target)


@pytest.mark.parametrize("script", sorted((ROOT / ".ci").iterdir()), ids=lambda path: path.name)
def test_script_is_sound(script: Path) -> None:
    shell = script.read_text("utf-8").partition("\n")[0].split("/")[-1].split()[-1]
    assert script.stat().st_mode & 0o111
    subprocess.run([shell, "-n", str(script)], check=True, timeout=60)
