"""The Containerfile, as far as it can be judged without building it."""

import json
import re
import shutil
import sys
from pathlib import Path

from tests.deploy.files import DEPLOY, ROOT

FILE = DEPLOY / "Containerfile"


def instructions(name: str) -> list[str]:
    joined = FILE.read_text("utf-8").replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def sources() -> set[str]:
    copies = [line.split() for line in instructions("COPY") if not line.startswith("--from=")]
    return {source for copy in copies for source in copy[:-1]}


def test_what_it_copies_is_there() -> None:
    assert sources()
    assert [source for source in sources() if not list(ROOT.glob(source))] == []


def test_nothing_else_is_sent_to_the_builder() -> None:
    lines = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == sources()


def test_it_starts_a_program_of_the_lock_with_an_app_that_exists() -> None:
    command = json.loads(instructions("CMD")[-1])
    assert shutil.which(command[0], path=str(Path(sys.executable).parent))
    module, _, name = command[1].partition(":")
    assert (ROOT / "backend" / f"{module.replace('.', '/')}.py").exists()
    assert name == "app"


def test_it_installs_with_the_version_of_uv_that_the_makefile_does() -> None:
    wanted = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert wanted
    assert f"uv=={wanted[1]}" in FILE.read_text("utf-8")


def test_it_does_not_run_as_root_nor_from_a_moving_image() -> None:
    assert instructions("USER") == ["10001:10001"]
    images = {line.split()[0] for line in instructions("FROM")}
    assert len(images) == 1
    assert re.fullmatch(r"python:3\.\d+-slim", images.pop())
