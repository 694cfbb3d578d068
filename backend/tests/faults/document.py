"""Writes the table of faults into docs/reliability.md: `make faults ARGS=--write-docs`."""

from app.core.config import BACKEND

DOCUMENT = BACKEND.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->\n", "<!-- faults: end -->"


def write(table: str) -> None:
    """The page with its table written anew."""
    before, begin, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin
    assert end
    DOCUMENT.write_text(f"{before}{BEGIN}{table}\n{END}{after}", "utf-8")
