"""What the recorder is made of: vendored files are what they say, files have their order, no lock names a host."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from app.core.config import BACKEND

EXTENSION = BACKEND.parent / "extension"
RECORDER = EXTENSION / "recorder"
VENDORED: dict[str, dict[str, str]] = json.loads((EXTENSION / "vendor.json").read_text("utf-8"))
FILES: list[str] = json.loads((RECORDER / "files.json").read_text("utf-8"))


def test_every_vendored_file_is_listed() -> None:
    found = {path.relative_to(EXTENSION).as_posix() for path in EXTENSION.glob("**/vendor/**/*.js")}
    assert {name for name in found if not name.startswith("node_modules/")} == set(VENDORED)


@pytest.mark.parametrize("name", VENDORED)
def test_vendored_file_is_unchanged_and_carries_its_licence(name: str) -> None:
    entry, content = VENDORED[name], (EXTENSION / name).read_bytes()
    assert sha256(content).hexdigest() == entry["sha256"]
    assert f"{entry['name']} {entry['version']}".encode() in content[:200]
    assert f"{entry['licence']} License".encode() in content[:2_000]
    assert (EXTENSION / entry["made_by"]).is_file()


def test_every_file_of_the_core_has_its_place_in_the_order() -> None:
    found = {path.relative_to(RECORDER).as_posix() for path in RECORDER.glob("**/*.js")}
    assert sorted(FILES) == sorted(found)


@pytest.mark.parametrize("name", FILES)
def test_file_is_a_classic_script_that_may_run_twice(name: str) -> None:
    text = (RECORDER / name).read_text("utf-8")
    assert not any(line.startswith(("import ", "export ", "const ", "let ", "class ")) for line in text.splitlines())


def test_core_is_checked_and_knows_no_host() -> None:
    own = [RECORDER / name for name in FILES if not name.startswith("vendor/")]
    texts = {path.name: path.read_text("utf-8") for path in own}
    assert [name for name, text in texts.items() if not text.startswith('// @ts-check\n"use strict";\n')] == []
    assert [name for name, text in texts.items() if "chrome." in text or "playwright" in text.lower()] == []


@pytest.mark.parametrize(
    "lock", sorted(path for path in EXTENSION.glob("package-lock.json")), ids=lambda path: path.name
)
def test_lock_names_no_registry(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "resolved" not in text
    assert "://" not in "".join(line for line in text.splitlines() if "integrity" in line)
    assert text.count('"integrity"') > 1
