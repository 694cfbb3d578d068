"""The table of faults at the end of a run, and where to write it: `--faults-table FILE`, `--write-docs`."""

from itertools import chain
from pathlib import Path

import pytest

from tests.faults import document, record
from tests.faults.api import start_api
from tests.faults.record import faulted
from tests.faults.trial import as_they_come, trial

__all__ = ["as_they_come", "faulted", "start_api", "trial"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Of all workers of the run: what they recorded comes with their reports."""
    reports = chain.from_iterable(terminalreporter.stats.get(outcome, []) for outcome in ("passed", "failed"))
    found = list(chain.from_iterable(report.user_properties for report in reports))
    if hasattr(config, "workerinput") or not any(name == record.PROPERTY for name, _ in found):
        return
    table = record.table(found)
    terminalreporter.section("faults")
    terminalreporter.write_line(table)
    if file := config.getoption("--faults-table"):
        Path(file).write_text(f"{table}\n", encoding="utf-8")
    if config.getoption("--write-docs") and exitstatus == pytest.ExitCode.OK:
        document.write(table)
