"""Everything that is measured, one after another, each in a process of its own, with one table at the end.

    python -m benchmarks [ingest] [rules] [pictures] [queue] [growth] [reconciler] [size] [memory] [labeling] [--quick] [--write-docs]

`--write-docs` puts the machine and the table into docs/performance.md.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine, report
from benchmarks.report import Row
from benchmarks.services import BACKEND

BENCHMARKS = ("ingest", "rules", "pictures", "queue", "growth", "reconciler", "size", "memory", "labeling")
DOCUMENT = BACKEND.parent / "docs" / "performance.md"
MARKERS = ("<!-- results: begin -->", "<!-- results: end -->")


def measure(name: str, *options: str) -> list[Row] | None:
    """The rows of a benchmark, whose lines are printed as they come; None: it failed."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="wp-bench-") as folder:
        rows = Path(folder) / "rows.json"
        command = [sys.executable, "-m", f"benchmarks.{name}", "--rows", str(rows), *options]
        code = subprocess.run(command, cwd=BACKEND, check=False).returncode
        print(f"== {name}: {time.monotonic() - began:.0f} s" + (f", failed with {code}" if code else ""), flush=True)
        return None if code else report.read(rows)


def write_document(facts: dict[str, str], rows: Sequence[Row], command: str) -> None:
    """Put the results between the document's markers."""
    before, _, rest = DOCUMENT.read_text().partition(MARKERS[0])
    _, found, after = rest.partition(MARKERS[1])
    if not found:
        raise SystemExit(f"{DOCUMENT} has lost its markers: {' and '.join(MARKERS)}")
    on = "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())])
    day = time.strftime("%Y-%m-%d", time.gmtime())
    results = f"Printed by `{command}` in `backend/` on {day}:\n\n{on}\n\n{report.markdown(rows)}"
    DOCUMENT.write_text(f"{before}{MARKERS[0]}\n{results}\n{MARKERS[1]}{after}")


def main() -> int:
    """1 if a benchmark could not be run; a target that is missed is no failure, only a line that says so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *BENCHMARKS], help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="a short look: fewer calls, less stored")
    parser.add_argument("--write-docs", action="store_true", help="put the results into docs/performance.md")
    given = parser.parse_args()
    facts = machine.facts()
    for name, value in facts.items():
        print(f"{name:12} {value}")
    options = ["--quick"] if given.quick else []
    found = [measure(name, *options) for name in given.names or BENCHMARKS]
    rows = [row for of_one in found for row in of_one or ()]
    print(f"\n{report.table(rows)}")
    if given.write_docs:
        write_document(facts, rows, " ".join(["python -m benchmarks", *given.names, *options]))
    return int(None in found)


if __name__ == "__main__":
    sys.exit(main())
