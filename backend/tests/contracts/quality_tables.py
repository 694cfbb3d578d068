"""Writes the rules' results into docs/labelling-quality.md: `make docs`."""

from app.core.config import BACKEND
from app.labeling.evaluation import sets, table
from app.labeling.evaluation.labelers import label_by_rules
from app.labeling.evaluation.results import evaluate

DOCUMENT = BACKEND.parent / "docs" / "labelling-quality.md"
BEGIN, END = "<!-- results: begin -->\n", "<!-- results: end -->"


def results() -> str:
    """The tables: of the set as it is, and of the same steps from a recorder that computes no names."""
    workflows = sets.load().workflows
    nameless = [sets.without_names(workflow) for workflow in workflows]
    found = [
        evaluate("Rules", label_by_rules, workflows),
        evaluate("Rules, without recorded names and roles", label_by_rules, nameless),
    ]
    return f"{table.markdown(found)}\n"


def document(text: str) -> str:
    """The page with its tables written anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{results()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text("utf-8")), "utf-8")
