"""`workflow-platform eval --calibration`."""

import json

import pytest
from click.testing import CliRunner

from app.cli import main
from app.core.db import transaction
from tests.labeling.recordings import record
from tests.labeling.test_calibration import write

pytestmark = pytest.mark.usefixtures("engine")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["eval", "--calibration", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_where_nobody_decided_anything_it_says_so() -> None:
    recorded = record(["Save"])
    with transaction() as session:
        write(session, recorded.step_ids[0], "ai", "Click it.", 0.9)
    assert "Nobody has decided" in run()
    facts = json.loads(run("--json"))
    assert (facts["count"], facts["brier"]) == (0, None)


def test_what_people_changed_stands_in_a_table_and_in_json() -> None:
    recorded = record(["Save", "Send"])
    with transaction() as session:
        for step_id, words in zip(recorded.step_ids, ('Click "Save".', 'Press "Send".'), strict=True):
            write(session, step_id, "ai", 'Click "Save".', 0.95)
            write(session, step_id, "human", words)
    assert "0.9–1.0" in run()
    facts = json.loads(run("--json"))
    assert (facts["count"], facts["kept"]) == (2, 1)
    assert [bucket["kept_share"] for bucket in facts["buckets"]] == [None, None, None, None, None, 0.5]
