"""Following a labelling run until it ends."""

import sys
import time
from collections.abc import Callable

import click

from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import ACTIVE, Mode

LOOK_EVERY_SECONDS = 0.2

Show = Callable[[int, int], None]
"""Told how many steps of how many are done."""


def wake(run_id: int, workflow_id: int, mode: Mode) -> bool:
    """Send the message for a queued run; False: without a broker the reconciler does it later."""
    from app.tasks.publishing import publish  # noqa: PLC0415 - Celery is slow to load, and not every command publishes

    return publish(run_id, workflow_id, runs.PRIORITIES[mode])


def follow(run_id: int, show: Show, *, seconds: float | None = None) -> bool:
    """Show the run's progress until it ends; False if that takes more than `seconds`."""
    deadline = None if seconds is None else time.monotonic() + seconds
    shown = -1
    while True:
        with transaction(read_only=True) as session:
            run = runs.get(session, run_id)
        done = run.steps_labeled + run.steps_failed
        if done != shown:
            show(done, run.total_steps)
            shown = done
        if run.state not in ACTIVE:
            return True
        if deadline is not None and time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_SECONDS)


def bar(name: str, *, as_json: bool) -> Show:
    """A progress bar on a terminal, lines elsewhere, both on stderr; nothing for programs."""
    if as_json:
        return lambda _done, _total: None
    if not sys.stderr.isatty():
        return lambda done, total: click.echo(f"{name}: {done} of {total} steps labelled", err=True)
    return lambda done, total: _draw(name, done, total, "steps")


def stages(words: dict[str, str], *, as_json: bool) -> Callable[[str, int, int], None]:
    """The same for a job of several stages (`words`: name of a stage → what is counted in it), however many items each
    has: drawn anew at every percent, or a line at every tenth."""
    if as_json:
        return lambda _stage, _done, _total: None
    terminal = sys.stderr.isatty()
    parts, drawn = (100 if terminal else 10), dict.fromkeys(words, -1)

    def show(stage: str, done: int, total: int) -> None:
        share = parts * done // total if total else parts
        if share <= drawn[stage]:
            return
        drawn[stage] = share
        if terminal:
            _draw(f"{stage:9}", done, total, words[stage])
        else:
            click.echo(f"{stage}: {done} of {total} {words[stage]}", err=True)

    return show


def _draw(name: str, done: int, total: int, what: str) -> None:
    filled = round(30 * done / total) if total else 30
    end = "\n" if done >= total else ""
    text = f"\r{name}  {click.style('━' * filled, fg='green')}{'╌' * (30 - filled)}  {done}/{total} {what}{end}"
    click.echo(text, err=True, nl=False)
