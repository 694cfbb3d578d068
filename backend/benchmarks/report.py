"""What a benchmark found: rows of one shape, printed alike, handed on to `python -m benchmarks`."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

HEAD = ("measurement", "ours", "baseline", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement beside its baseline."""

    measurement: str
    ours: float
    unit: str
    baseline: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    of: Literal["ratio", "ours"] = "ratio"
    """What the target is about."""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the baseline."""
        return self.ours / self.baseline if self.baseline else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None: there is none."""
        value = self.ours if self.of == "ours" else self.ratio
        if value is None or (self.at_least is None and self.at_most is None):
            return None
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def cells(self) -> tuple[str, ...]:
        """As text, in the order of `HEAD`."""
        bounds = [f"{sign} {bound:,g}" for sign, bound in (("≥", self.at_least), ("≤", self.at_most)) if bound]
        unit = f" {self.unit}" if self.of == "ours" else " ×"
        return (
            self.measurement,
            f"{number(self.ours)} {self.unit}",
            "" if self.baseline is None else f"{number(self.baseline)} {self.unit}",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "".join(f"{bound}{unit}" for bound in bounds),
            {True: "yes", False: "no", None: ""}[self.met],
        )


def number(value: float) -> str:
    """Three significant digits at least, none invented."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(rows: Sequence[Row]) -> str:
    """Aligned columns for a terminal."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at in {0, 4} else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def markdown(rows: Sequence[Row]) -> str:
    """The same as a table of Markdown."""
    ruler = "|---|--:|--:|--:|---|:-:|"
    return "\n".join(["| " + " | ".join(HEAD) + " |", ruler, *("| " + " | ".join(row.cells()) + " |" for row in rows)])


def parser(description: str | None) -> argparse.ArgumentParser:
    """With the options that every benchmark has."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--quick", action="store_true", help="a short look: fewer calls, less stored")
    made.add_argument("--rows", type=Path, help=argparse.SUPPRESS)  # where `python -m benchmarks` wants to read them
    return made


def run(measure: Callable[[argparse.Namespace], list[Row]], arguments: argparse.Namespace) -> None:
    """Measure, print the rows, and hand them on if that was asked for."""
    rows = measure(arguments)
    print(table(rows), flush=True)
    if arguments.rows:
        arguments.rows.write_text(json.dumps([asdict(row) for row in rows]))


def read(path: Path) -> list[Row]:
    """What `run` wrote."""
    return [Row(**fields) for fields in json.loads(path.read_text())]
