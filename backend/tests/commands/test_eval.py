"""`workflow-platform eval`, as a program would call it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.labeling.evaluation import labelers
from app.labeling.protocol import StepLabel


def test_an_unknown_labeler_is_wrong_usage() -> None:
    done = CliRunner().invoke(main, ["eval", "--labeler", "nobody"])
    assert done.exit_code == 2
    assert "rules" in done.stderr


def test_a_label_that_says_a_secret_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        labelers.LABELERS, "rules", lambda _: lambda steps: [StepLabel("Value", str(step.value)) for step in steps]
    )
    done = CliRunner().invoke(main, ["eval", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stderr)["error"] == "SecretsLeaked"


def test_results_are_one_json_document_for_programs() -> None:
    done = CliRunner().invoke(main, ["eval", "--json"])
    assert done.exit_code == 0, done.output
    (rules,) = json.loads(done.stdout)["labelers"]
    assert rules["labeler"] == "rules"
    assert rules["all"]["steps"] == sum(kind["steps"] for kind in rules["kinds"].values())


def test_people_get_a_table_and_a_page(tmp_path: Path) -> None:
    page = tmp_path / "quality.html"
    done = CliRunner().invoke(main, ["eval", "--html", str(page)])
    assert done.exit_code == 0, done.output
    assert "menus and tabs" in done.stdout
    assert page.read_text("utf-8").startswith("<!doctype html>")
