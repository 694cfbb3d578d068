"""The recordings that come with the project are read without loss."""

from pathlib import Path

from app.core.config import Settings
from app.recordings.formats.reading import read
from app.workflows.content import Action

SAMPLES = Path(__file__).parents[4] / "samples"


def test_the_sample_of_the_devtools_recorder() -> None:
    (imported,) = read((SAMPLES / "approve-an-expense-report.devtools.json").read_bytes(), limits=Settings())
    steps = imported.recording.steps
    assert [step.value for step in steps if step.action is Action.PRESS] == ["Enter"]
    assert [step.target.name for step in steps if step.target and step.action is Action.INPUT] == [
        "Search reports",
        "Cost centre",
        "Comment",
        "Password",
    ]
    assert [warning.step for warning in imported.warnings] == [16]


def test_the_sample_of_our_own() -> None:
    (imported,) = read((SAMPLES / "create-an-account.zip").read_bytes(), limits=Settings())
    assert not imported.warnings
    assert {step.screenshot_id for step in imported.recording.steps} == set(imported.screenshots)
