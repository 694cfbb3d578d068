"""How `prepare` tells `up` how far it is: marked lines of JSON on its stdout, among the lines that it logs."""

import json
import sys
from typing import Any

MARK = "up:"


def emit(event: str, **facts: Any) -> None:
    sys.stdout.write(f"{MARK}{json.dumps({'event': event, **facts})}\n")
    sys.stdout.flush()


def parse(line: str) -> dict[str, Any] | None:
    """The event that a line carries; None: it is a log line."""
    if not line.startswith(MARK):
        return None
    event: dict[str, Any] = json.loads(line.removeprefix(MARK))
    return event
