from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.workflows import steps
from app.workflows.content import (
    SECRET_KINDS,
    Action,
    Box,
    Context,
    Page,
    StepContent,
    Target,
    Viewport,
)
from app.workflows.models import Step, Workflow

# Everything that `CLEAN` lets through and a database can hold.
CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\u202d\u202e", include_characters="\t\n\r"
)
short = st.text(CHARACTERS, max_size=20)
maybe = st.none() | short
numbers = st.floats(-1e5, 1e5) | st.integers(-100_000, 100_000)
sizes = st.floats(0, 1e5)
kinds = st.sampled_from(["text", "email", "number", "date", "password", "secret", "file", "option", "url", None])
targets = st.builds(
    Target,
    tag=maybe,
    role=maybe,
    name=maybe,
    text=maybe,
    attributes=st.dictionaries(short, maybe, max_size=3),
    selectors=st.lists(short | st.lists(short, max_size=2), max_size=3),
    box=st.none() | st.builds(Box, x=numbers, y=numbers, width=sizes, height=sizes),
    context=st.builds(Context, label=maybe, heading=maybe, nearby=maybe),
    frame=st.lists(short | st.integers(0, 50), max_size=3),
)
pages = st.builds(
    Page, url=maybe, title=maybe, viewport=st.none() | st.builds(Viewport, width=st.integers(1, 9), height=st.just(5))
)
contents = st.builds(
    StepContent,
    action=st.sampled_from(Action),
    timestamp=st.none() | st.datetimes(datetime(2, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    target=st.none() | targets,
    value=maybe,
    value_kind=kinds,
    page=pages,
).map(lambda c: c.model_copy(update={"value": None}) if c.value_kind in SECRET_KINDS else c)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=contents)
def test_what_is_stored_comes_back_exactly(session: Session, workflow: Workflow, content: StepContent) -> None:
    row = {"workflow_id": workflow.id, **steps.row_values(content, 1)}
    step_id = session.scalars(insert(Step).returning(Step.id), [row]).one()
    session.expire_all()
    step = session.get(Step, step_id)
    assert step is not None
    assert steps.content(step) == content


def test_empty_fields_take_no_room() -> None:
    row = steps.row_values(StepContent(action=Action.CLICK, target=Target(name="Save")), 3)
    assert (row["target"], row["page"], row["position"]) == ({"name": "Save"}, {}, 3)
    assert steps.row_values(StepContent(action=Action.NAVIGATE), 1)["target"] is None


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_outside_of_the_calendar_is_refused(moment: str) -> None:
    with pytest.raises(ValidationError, match="outside the years 1 to 9999"):
        StepContent.model_validate({"action": "click", "timestamp": moment})


def test_moments_are_kept_in_utc() -> None:
    east = TypeAdapter(datetime).validate_python("2026-11-23T10:00:00+02:00")
    stored = StepContent(action=Action.CLICK, timestamp=east).timestamp
    assert stored == east
    assert stored is not None
    assert stored.tzinfo == UTC
