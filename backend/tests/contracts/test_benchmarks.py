"""The benchmarks' own machinery, and that the page about them tells of all."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.core.config import BACKEND
from benchmarks import __main__ as bench
from benchmarks import report
from benchmarks.report import Row


def test_a_missed_target_says_so() -> None:
    row = Row("slow", 3.0, "ms", 2.0, at_most=1.3)
    assert row.met is False
    assert row.cells() == ("slow", "3.00 ms", "2.00 ms", "1.50", "≤ 1.3 ×", "no")


def test_a_target_may_be_about_our_own_figure() -> None:
    assert Row("quick", 12_000, "/s", 1e6, at_least=10_000, of="ours").met is True
    assert Row("without a target", 1, "ms", 1).met is None


def test_every_benchmark_is_documented() -> None:
    text = bench.DOCUMENT.read_text()
    assert [name for name in bench.BENCHMARKS if f"| `{name}` |" not in text] == []


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In the place of the page."""
    document = tmp_path / "performance.md"
    document.write_text("before\n" + "\nold\n".join(bench.MARKERS) + "\nafter\n")
    monkeypatch.setattr(bench, "DOCUMENT", document)
    return document


def test_results_are_written_between_the_markers(document: Path) -> None:
    found = {"growth": [Row("create", 1, "ms", 2, at_most=1)]}
    for _ in range(2):
        bench.write_document({"Python": "3"}, found, "python -m benchmarks")
    text = document.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert text.count("| create | 1.00 ms | 2.00 ms | 0.50 | ≤ 1 × | yes |") == 1
    assert "old" not in text


def test_results_of_benchmarks_that_were_not_run_stay(document: Path) -> None:
    bench.write_document({"Python": "3"}, {"queue": [Row("sent", 1, "ms", 2)]}, "python -m benchmarks queue")
    bench.write_document({"Python": "4"}, {"memory": [Row("all", 1, "MB", 2)]}, "python -m benchmarks memory")
    bench.write_document({"Python": "5"}, {"ingest": [Row("read", 1, "ms", 2)]}, "python -m benchmarks ingest")
    bench.write_document({"Python": "6"}, {"queue": [Row("sent again", 3, "ms", 2)]}, "python -m benchmarks queue")
    text = document.read_text()
    assert [line for line in text.splitlines() if line.startswith("### ")] == ["### ingest", "### queue", "### memory"]
    assert [text.count(name) for name in ("| sent |", "| sent again |", "| all |", "| read |")] == [0, 1, 1, 1]
    assert [text.count(f"Python: {number}") for number in (3, 4, 5, 6)] == [0, 1, 1, 1]


def test_a_benchmark_hands_on_its_rows(tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    command = [sys.executable, "-m", "benchmarks.rules", "--quick", "--rows", str(rows)]
    subprocess.run(command, cwd=BACKEND, check=True, capture_output=True)
    assert all(row.ours > 0 and row.baseline for row in report.read(rows))
