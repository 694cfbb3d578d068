"""Results as rows of cells, which the terminal, the HTML page and the documents show alike."""

from collections.abc import Sequence

from app.labeling.evaluation.metrics import Score
from app.labeling.evaluation.results import ALL, Result

HEAD = (
    "kind of page",
    "steps",
    "right verb",
    "named exactly",
    "named, name on screen only",
    "token F1",
    "same sentence",
    "style violations",
    "unique",
    "secrets leaked",
)

SHORT = ("kind of page", "steps", "verb", "named", "on screen", "F1", "same", "style", "unique", "leaks")
"""The same for a terminal."""


def rows(result: Result) -> list[tuple[str, ...]]:
    """A row for each kind of page; the last one is for all."""
    return [*(_row(kind, one) for kind, one in result.by_kind().items()), _row(ALL, result.total)]


def markdown(results: Sequence[Result]) -> str:
    """A table for each labeler."""
    return "\n\n".join(_one_table(result) for result in results)


def _one_table(result: Result) -> str:
    lines = [HEAD, ("---", *["--:"] * (len(HEAD) - 1)), *rows(result)]
    return "\n".join([f"### {result.labeler}", "", *(f"| {' | '.join(line)} |" for line in lines)])


def _row(kind: str, one: Score) -> tuple[str, ...]:
    return (
        kind,
        str(one.steps),
        percent(one.verb),
        percent(one.named),
        percent(one.named_otherwise),
        "–" if one.f1 is None else f"{one.f1:.3f}",
        percent(one.same),
        str(one.style_violations),
        percent(one.unique),
        str(one.leaked),
    )


def percent(share: float | None) -> str:
    """`97.3 %`; a dash where there is nothing to count."""
    return "–" if share is None else f"{100 * share:.1f} %"
