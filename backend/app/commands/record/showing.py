"""The steps of a recording while it is made."""

import sys
from typing import Self

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from app.browser.recording import Recording
from app.commands.output import Output
from app.labeling.rules.derive import derive_labels

SHOWN = 12


class Shown:
    """On a terminal, the last steps as they are understood; elsewhere nothing until the end."""

    def __init__(self, recording: Recording, output: Output, *, by_ctrl_c: bool) -> None:
        self._recording = recording
        self._as_json = output.as_json
        self._live: Live | None = None
        self._how = "close the browser or press Ctrl-C" if by_ctrl_c else "press Ctrl-C or Enter"

    def __enter__(self) -> Self:
        if self._as_json:
            return self
        if not sys.stderr.isatty():
            click.echo(f"Recording; {self._how} when you are done.", err=True)
            return self
        self._live = Live(self._picture(), console=Console(stderr=True), auto_refresh=False)
        self._live.start()
        self._recording.tell(self._draw)
        return self

    def __exit__(self, *_: object) -> None:
        self._recording.tell(None)
        if self._live is not None:
            self._live.update(Text(), refresh=True)
            self._live.stop()

    def _draw(self) -> None:
        if self._live is not None:
            self._live.update(self._picture(), refresh=True)

    def _picture(self) -> Text:
        sentences = sentences_of(self._recording)
        text = Text.assemble(("● ", "bold red"), ("Recording", "bold"), f"; {self._how} when you are done.\n")
        if len(sentences) > SHOWN:
            text.append(f"  … {len(sentences) - SHOWN} before\n", style="dim")
        for number, sentence in list(enumerate(sentences, 1))[-SHOWN:]:
            text.append(f"{number:4}  ", style="cyan").append(f"{sentence}\n")
        return text


def sentences_of(recording: Recording) -> list[str]:
    """A sentence for each step, as the guide will have them at first."""
    return [label.instruction for label in derive_labels(recording.steps)]
