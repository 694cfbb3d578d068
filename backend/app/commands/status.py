"""`workflow-platform status`."""

from functools import partial
from typing import Any

import click

from app.commands import checks
from app.commands.checks import Finding, look
from app.commands.output import Output, options
from app.commands.surroundings import join_running_up
from app.commands.up import lock
from app.core.config import Settings, get_settings
from app.labeling.budget import dollars

DOCTOR = "workflow-platform doctor"


@click.command("status")
@options
def command(output: Output) -> None:
    """Show what runs, and how many labellings stand where."""
    join_running_up()
    settings = get_settings()
    running = lock.running(settings.data_dir.resolve())
    parts = [
        look("database", checks.database, DOCTOR),
        look("broker", partial(_broker, settings), DOCTOR),
        look("storage", partial(checks.storage, settings), DOCTOR),
        look("worker", checks.worker, DOCTOR),
    ]
    runs = checks.runs_by_state() if parts[0].state == "ok" else {}
    facts = {
        "up": running.shown() if running else None,
        "parts": {part.check: {"state": part.state, "detail": part.found} for part in parts},
        "runs": runs,
        "budget": checks.budgets() if parts[0].state == "ok" else {},
    }
    output.show(facts, _words(facts))


def _broker(settings: Settings) -> Finding:
    return next(checks.redis(settings))


def _words(facts: dict[str, Any]) -> str:
    up = facts["up"]
    lines = [f"up        {'runs as process {pid} at {url}'.format(**up) if up else 'does not run on this data folder'}"]
    lines += [f"{name:10}{part['state']}: {part['detail']}" for name, part in facts["parts"].items()]
    runs = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in facts["runs"].items())
    lines.append(f"{'runs':10}{runs or 'none'}")
    for period, budget in facts["budget"].items():
        lines.append(f"{'budget':10}{dollars(budget['left_usd'])} of {dollars(budget['limit_usd'])} a {period} left")
    return "\n".join(lines)
