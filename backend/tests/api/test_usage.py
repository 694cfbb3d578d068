"""`GET /usage`."""

from datetime import UTC, datetime

import pytest

from app.core.config import get_settings
from app.core.db import transaction
from app.labeling.models import ModelCall
from tests.api.callers import Caller
from tests.api.refusals import assert_refused


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=yesterday", "from"), ("to=2026-13-01", "to"), ("from=2026-11-24T10:00:00", "from"), ("from=", "from")],
)
def test_a_bad_time_is_a_422_that_names_it(as_owner: Caller, query: str, field: str) -> None:
    answer = as_owner.get(f"/usage?{query}")
    assert_refused(answer, 422, f"{field}: ")
    assert answer.json()["fields"][0]["field"] == field


def test_the_end_before_the_beginning_is_a_422(as_owner: Caller) -> None:
    assert_refused(as_owner.get("/usage?from=2026-11-24&to=2026-11-23"), 422, "before the end")


def test_the_answer_has_the_sums_and_the_budget(as_owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "2.5")
    get_settings.cache_clear()
    with transaction() as session:
        session.add(
            ModelCall(
                workflow_id=7,
                step_ids=[],
                labeler="claude",
                model="claude-haiku-5-5",
                outcome="answered",
                input_tokens=1_000,
                output_tokens=100,
                cache_read_tokens=400,
                cost_usd=0.25,
                started_at=datetime(2026, 11, 24, 23, 59, tzinfo=UTC),
            )
        )
    sums = {"calls": 1, "input_tokens": 1000, "output_tokens": 100, "cache_read_tokens": 400, "cost_usd": 0.25}
    assert as_owner.get("/usage?from=2026-11-24&to=2026-11-24").json() == {
        **sums,
        "from": "2026-11-24T00:00:00Z",
        "to": "2026-11-25T00:00:00Z",
        "by_model": [{**sums, "model": "claude-haiku-5-5"}],
        "by_workflow": [{**sums, "kind": "deleted", "workflow_id": 7, "name": None}],
        "by_outcome": {"answered": 1},
        "by_day": [{**sums, "day": "2026-11-24"}],
        "open_calls": 0,
        "budget": {
            "day": {"limit_usd": 2.5, "spent_usd": 0, "left_usd": 2.5},
            "month": {"limit_usd": None, "spent_usd": 0, "left_usd": None},
        },
    }
    assert as_owner.get("/usage?from=2026-11-25&to=2026-11-30").json()["calls"] == 0
    assert as_owner.get("/usage?to=2026-11-24T23:59:00Z").json()["calls"] == 0
