"""What `up` says: in colour with a progress bar on a terminal, plain lines elsewhere, JSON lines for programs."""

import json
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

COLOURS = {"up": "bold", "valkey": "magenta", "api": "cyan", "worker": "green", "prepare": "blue"}


class Voice(Protocol):
    """Thread-safe."""

    def line(self, part: str, text: str) -> None:
        """A log line of a part."""

    def say(self, text: str, *, error: bool = False) -> None:
        """A sentence of our own."""

    def variable(self, name: str, value: str) -> None:
        """A variable that points other programs at the same parts, on a line of its own."""

    def progress(self, what: str, done: int, total: int) -> None:
        """`done` of `total` steps labelled."""

    def ready(self, url: str, sign_in: str | None) -> None:
        """Everything runs."""


def choose(*, as_json: bool) -> Voice:
    if as_json:
        return JsonLines()
    return Terminal() if sys.stdout.isatty() else Plain()


class Plain:
    """Lines, each written at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def _write(self, text: str) -> None:
        with self._lock, suppress(OSError):  # whoever read this may be gone; the parts go on
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    def line(self, part: str, text: str) -> None:
        self._write(f"{part:7} | {text}")

    def say(self, text: str, *, error: bool = False) -> None:
        self._write(f"up      | {'error: ' if error else ''}{text}")

    def variable(self, name: str, value: str) -> None:
        self._write(f"{name}={value}")

    def progress(self, what: str, done: int, total: int) -> None:
        self.say(f"{what}: {done} of {total} steps labelled")

    def ready(self, url: str, sign_in: str | None) -> None:
        self.say(f"Ready: {url}")
        if sign_in:
            self.say(f"Sign in (works once): {sign_in}")


class JsonLines(Plain):
    """One object a line."""

    def _object(self, event: str, **facts: Any) -> None:
        self._write(json.dumps({"event": event, **facts}, ensure_ascii=False))

    def line(self, part: str, text: str) -> None:
        self._object("log", part=part, text=text)

    def say(self, text: str, *, error: bool = False) -> None:
        self._object("error" if error else "message", text=text)

    def variable(self, name: str, value: str) -> None:
        self._object("variable", name=name, value=value)

    def progress(self, what: str, done: int, total: int) -> None:
        self._object("progress", workflow=what, done=done, total=total)

    def ready(self, url: str, sign_in: str | None) -> None:
        self._object("ready", url=url, sign_in=sign_in)


class Terminal:
    """Colours, and a progress bar below the lines."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

        self._console = Console(highlight=False, soft_wrap=True)
        self._progress: tuple[Progress, TaskID] | None = None
        self._lock = threading.RLock()

    def _print(self, prefix: str, text: str, style: str = "") -> None:
        from rich.text import Text  # noqa: PLC0415 - only a terminal needs it

        with self._lock, suppress(OSError):
            line = Text(f"{prefix:7} │ ", style=COLOURS.get(prefix, ""))
            self._console.print(line + Text.from_ansi(text, style=style))

    def line(self, part: str, text: str) -> None:
        self._print(part, text)

    def say(self, text: str, *, error: bool = False) -> None:
        self._print("up", text, "bold red" if error else "bold")

    def variable(self, name: str, value: str) -> None:
        with self._lock:
            self._console.print(f"{name}={value}", markup=False)

    def progress(self, what: str, done: int, total: int) -> None:
        with self._lock:
            if self._progress is None:
                self._progress = self._begin(what, total)
            bar, task = self._progress
            bar.update(task, completed=done)
            if done >= total:
                bar.stop()
                self._progress = None

    def _begin(self, what: str, total: int) -> "tuple[Progress, TaskID]":
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - as above

        columns = (TextColumn("Labelling {task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"))
        bar = Progress(*columns, console=self._console)
        bar.start()
        return bar, bar.add_task(what, total=total)

    def ready(self, url: str, sign_in: str | None) -> None:
        with self._lock:
            if self._progress is not None:
                self._progress[0].stop()
                self._progress = None
            lines = [f"[bold green]Open[/]     {url}"]
            if sign_in:
                lines.append(f"[bold green]Sign in[/]  {sign_in}  [dim](works once)[/]")
            # Not in a frame, and not broken: a terminal is often narrower than the link, which is to be copied.
            self._console.print("\n".join(["", *lines, "[dim]Ctrl-C stops everything.[/]", ""]), soft_wrap=True)
