"""`record` as people run it: a real process with a browser of its own, without a window."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from click.testing import CliRunner
from playwright.sync_api import Playwright

from app.browser import launching
from app.browser.errors import NoChromium
from app.browser.journal import LINES
from app.cli import main
from app.core.config import get_settings
from tests.commands.conftest import PATIENCE, PROGRAM, environment
from tests.services import wait_until

PAGE = """<!doctype html><title>Contacts</title><h1>Contacts</h1><label>Name <input></label><button>Save</button>"""
WORK = """
page.get_by_label("Name").fill("Ada")
page.get_by_role("button", name="Save").click()
"""
DONE = ["navigate", "input", "click"]

Record = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "contacts.html").write_text(PAGE)
    return (tmp_path / "contacts.html").as_uri()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    started: list[subprocess.Popen[str]] = []
    surroundings = environment(DATA_DIR=str(tmp_path / "data"), REDIS_URL="redis://127.0.0.1:1/0")

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*PROGRAM, "record", *arguments, "--json"],
            env=surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=PATIENCE * 2)
    return process.returncode, out, err


def steps_in(journal: Path) -> list[str]:
    lines = map(json.loads, (journal / LINES).read_text().splitlines())
    return list({line["key"]: line["step"]["action"] for line in lines if line["kind"] == "put"}.values())


@pytest.mark.parametrize(
    "arguments",
    [[], ["http://a.test", "--output", "a.zip", "--server", "http://b.test"], ["x", "--server", "http://b"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["record", *arguments]).exit_code == 2


def test_without_a_browser_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launching, "ON_PATH", ())
    monkeypatch.setattr(launching, "WITHOUT_WINDOWS", ())
    monkeypatch.setattr(launching, "ELSEWHERE", ())
    with_none = SimpleNamespace(chromium=SimpleNamespace(executable_path=str(tmp_path / "chrome")))
    with pytest.raises(NoChromium, match="apt install chromium"):
        launching._program(cast(Playwright, with_none), headless=True)


def test_without_playwright_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    assert settings
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    done = CliRunner().invoke(main, ["record", "http://a.test", "--headless"])
    assert done.exit_code == 1
    assert "workflow-platform[record]" in done.output
    assert not list((get_settings().data_dir / "recordings").rglob("*.jsonl"))


def test_a_page_that_is_not_there(record: Record, tmp_path: Path) -> None:
    code, _, err = ended(record("http://127.0.0.1:1/", "--headless", "--script", os.devnull))
    assert code == 1
    assert json.loads(err)["error"] == "PageNotReached"
    assert not list((tmp_path / "data" / "recordings").glob("*"))


def test_what_a_script_did_before_it_failed_is_recorded(record: Record, page: str, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(WORK + "raise ValueError('on purpose')\n")
    code, out, err = ended(record(page, "--headless", "--script", str(tmp_path / "work.py")))
    assert code == 1
    assert json.loads(out)["steps"] == len(DONE)
    assert "on purpose" in json.loads(err.splitlines()[-1])["detail"]


def test_killed_and_taken_up_again(record: Record, page: str, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(WORK + "page.wait_for_timeout(600_000)\n")
    process = record(page, "--name", "Try", "--headless", "--script", str(tmp_path / "work.py"))
    folder = tmp_path / "data" / "recordings"

    def is_written() -> bool:
        return any(steps_in(path.parent) == DONE for path in folder.glob(f"*/{LINES}"))

    wait_until(is_written, "three steps on disk", PATIENCE)
    process.kill()
    process.communicate()
    code, out, err = ended(record("--resume", "-o", str(tmp_path / "out.zip")))
    assert (code, err) == (0, "")
    assert json.loads(out)["steps"] == len(DONE)
    assert (tmp_path / "out.zip").is_file()
    assert not list(folder.glob("*"))
    assert ended(record("--resume"))[0] == 1


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "stdin"])
def test_it_ends_when_it_is_told_to(record: Record, page: str, how: str) -> None:
    process = record(page, "--headless")
    assert process.stdin
    assert process.stderr
    if how == "stdin":
        process.stdin.write("\n")
        process.stdin.flush()
    else:
        folder = Path(str(page).removeprefix("file://")).parent / "data" / "recordings"
        wait_until(lambda: list(folder.glob(f"*/{LINES}")) and steps_in(next(folder.iterdir())), "the first step")
        process.send_signal(signal.Signals[how])
    code, out, err = ended(process)
    assert (code, json.loads(out)["steps"]) == (0, 1), err
    assert json.loads(out)["workflow"] == 1
