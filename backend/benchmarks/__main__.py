"""Everything that is measured, one after another, each in a process of its own, with one table at the end.

    python -m benchmarks [ingest] [rules] [pictures] [queue] [growth] [reconciler] [size] [memory] [pages]
                         [labeling] [recorder] [--quick] [--write-docs]

`--write-docs` puts the machine and the tables into docs/performance.md, in the place of those of the same benchmarks.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import machine, report
from benchmarks.report import Row
from benchmarks.services import BACKEND

BENCHMARKS = (
    "ingest",
    "rules",
    "pictures",
    "queue",
    "growth",
    "reconciler",
    "size",
    "memory",
    "pages",
    "labeling",
    "recorder",
)
DOCUMENT = BACKEND.parent / "docs" / "performance.md"
MARKERS = ("<!-- results: begin -->", "<!-- results: end -->")
RESULTS_OF = re.compile(r"^### (\w+)\n(.*?\n)(?=\n### |\n*\Z)", re.MULTILINE | re.DOTALL)
"""The name of a benchmark and what was found last, up to the next one."""


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


def write_document(facts: dict[str, str], found: Mapping[str, Sequence[Row]], command: str) -> None:
    """Put the results between the document's markers; those of benchmarks that were not run stay as they are."""
    before, _, rest = DOCUMENT.read_text().partition(MARKERS[0])
    held, marker, after = rest.partition(MARKERS[1])
    if not marker:
        raise SystemExit(f"{DOCUMENT} has lost its markers: {' and '.join(MARKERS)}")
    day = time.strftime("%Y-%m-%d", time.gmtime())
    on = "; ".join(f"{name}: {value}" for name, value in facts.items())
    printed = f"Printed by `{command}` in `backend/` on {day}. {on}."
    results = dict(RESULTS_OF.findall(held)) | {
        name: f"{printed}\n\n{report.markdown(rows)}\n" for name, rows in found.items()
    }
    blocks = "\n".join(f"### {name}\n{results[name]}" for name in BENCHMARKS if name in results)
    DOCUMENT.write_text(f"{before}{MARKERS[0]}\n{blocks}\n{MARKERS[1]}{after}")


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
    tried = {name: measure(name, *options) for name in given.names or BENCHMARKS}
    found = {name: rows for name, rows in tried.items() if rows is not None}
    print(f"\n{report.table([row for rows in found.values() for row in rows])}")
    if given.write_docs:
        write_document(facts, found, " ".join(["python -m benchmarks", *given.names, *options]))
    return int(len(found) < len(tried))


if __name__ == "__main__":
    sys.exit(main())
