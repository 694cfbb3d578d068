"""`POST /api/v1/runs`."""

import pytest

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling.models import LabelingRun
from app.workflows.models import Visibility, Workflow
from tests.api.callers import Caller
from tests.labeling.recordings import store

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def theirs(colleague: Actor) -> dict[Visibility, int]:
    """Workflows of a colleague."""
    made = {}
    with transaction() as session:
        for visibility in (Visibility.PRIVATE, Visibility.TEAM):
            workflow_id, _ = store(session, ["Save"])
            workflow = session.get_one(Workflow, workflow_id)
            workflow.owner_id, workflow.visibility = colleague.user_id, visibility
            made[visibility] = workflow_id
    return made


def runs() -> list[tuple[int, str]]:
    with transaction(read_only=True) as session:
        return [(run.workflow_id, run.mode) for run in session.query(LabelingRun)]


@pytest.mark.parametrize("mode", ["interactive", "normal", "fast"])
def test_nobody_labels_everything_before_all_else(as_owner: Caller, theirs: dict[Visibility, int], mode: str) -> None:
    assert theirs
    assert as_owner.post("/runs", json={"mode": mode}).status_code == 422
    assert runs() == []


def test_what_is_private_to_others_is_left_out(as_owner: Caller, theirs: dict[Visibility, int]) -> None:
    answer = as_owner.post("/runs")
    assert (answer.status_code, answer.json()) == (202, {"runs": 1})
    assert runs() == [(theirs[Visibility.TEAM], "batch")]
    assert as_owner.post("/runs", json={"mode": "bulk"}).json() == {"runs": 0}, "it is being labelled"
