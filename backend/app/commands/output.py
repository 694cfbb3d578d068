"""What every command shares: `--json`, `-v`, and errors as one clear line."""

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

import click

from app.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's result goes: words for people, or one JSON document for programs."""

    as_json: bool

    def show(self, facts: Any, words: str | None = None) -> None:
        """Print `facts` as JSON, or `words`; neither for a person if there are no words."""
        if self.as_json:
            click.echo(json.dumps(facts, default=str, ensure_ascii=False))
        elif words is not None:
            click.echo(words)

    def table(self, rows: list[dict[str, Any]], *, empty: str) -> None:
        """Print rows as `{"items": […]}` or as columns."""
        if self.as_json or not rows:
            self.show({"items": rows}, empty)
            return
        cells = [
            [name.replace("_", " ") for name in rows[0]],
            *([_cell(value) for value in row.values()] for row in rows),
        ]
        widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
        for number, line in enumerate(cells):
            text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            click.secho(text, bold=number == 0)


class Failed(click.ClickException):
    """The command could not do what it was asked for: one line on stderr, exit code 1."""

    def __init__(self, name: str, detail: str, *, as_json: bool) -> None:
        super().__init__(detail)
        self.name, self.as_json = name, as_json

    def show(self, file: IO[Any] | None = None) -> None:
        if self.as_json:
            click.echo(json.dumps({"error": self.name, "detail": self.message}), file=file or sys.stderr)
        else:
            click.secho(f"Error: {self.message}", fg="red", file=file or sys.stderr)


def options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--json` and `-v`; it gets an `Output` first, and its errors become one line."""

    @click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
    @click.option("-v", "--verbose", is_flag=True, help="Log more, and show where an error came from.")
    @functools.wraps(function)
    def wrapper(*args: Any, as_json: bool, verbose: bool, **kwargs: Any) -> None:
        from app.core import logging  # noqa: PLC0415 - `--help` needs none of it

        try:
            logging.configure("debug" if verbose else "warning")
            function(Output(as_json), *args, **kwargs)
        except Exception as error:
            named = readable(error)
            if verbose or named is None:
                raise
            raise Failed(*named, as_json=as_json) from error

    return wrapper


def readable(error: Exception) -> tuple[str, str] | None:
    """Name and explanation of an error that a person can do something about; None: it is our mistake."""
    if isinstance(error, AppError):
        return error.name, error.detail
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - `up` does without it

    if isinstance(error, DBAPIError):
        cause = str(error.orig).strip().splitlines()[0]
        return "DatabaseFailed", f'The database says: {cause}. See "workflow-platform doctor" for what to do.'
    return None


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
