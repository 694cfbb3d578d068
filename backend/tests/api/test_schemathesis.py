"""Made-up requests against every operation of the OpenAPI document: no server error, and every answer as described."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks

from app.accounts.actor import Actor
from app.main import create_app
from app.workflows.models import Visibility
from tests.api.callers import Caller
from tests.api.rights.things import things, vars_of
from tests.conftest import KINDS

EXAMPLES = 6
STREAMS = {"watch_labeling"}
"""Answers that go on until a run ends; `tests/labeling/test_feed.py` tries them."""

NOT_ASKED = (
    "positive_data_acceptance",  # a schema cannot say that a number exists, or that a recording's pictures do
    "missing_required_header",  # no header is required but that of authentication, which `ignored_auth` tries
    "unsupported_method",  # `test_errors.py` asks this once
    "use_after_free",
    "ensure_resource_availability",
    "object_level_authorization",  # the authorisation table does this
)

OPENAPI = create_app().openapi()
OPERATIONS = sorted(
    operation["operationId"]
    for methods in OPENAPI["paths"].values()
    for operation in methods.values()
    if operation["operationId"] not in STREAMS
)

TAKE_NOTHING = {"live", "ready", "read_metrics", "read_shared_guide"}
"""Or any text."""

CASES = [
    *((kind, GenerationMode.POSITIVE, name) for kind in KINDS for name in OPERATIONS),
    *(("sqlite", GenerationMode.NEGATIVE, name) for name in OPERATIONS if name not in TAKE_NOTHING),
]
"""What does not fit the document seldom gets as far as the database."""


@pytest.fixture(scope="module")
def read_document() -> Any:
    load_all_checks()
    return schemathesis.openapi.from_dict(OPENAPI)


@pytest.fixture
def document(read_document: Any, app: FastAPI) -> Any:
    """The description, of this test's application."""
    read_document.app = app
    return read_document


@pytest.mark.parametrize(("database_url", "mode", "operation_id"), CASES, indirect=["database_url"])
def test_operation_keeps_its_word(
    operation_id: str, mode: GenerationMode, document: Any, as_owner: Caller, editor: Actor
) -> None:
    operation = document.find_operation_by_id(operation_id)
    own = {"n": 1, "position": 1} | vars_of(things(editor, Visibility.TEAM, 1, route=operation.path))
    named = {parameter.name: own[parameter.name] for parameter in operation.path_parameters}
    cases = operation.as_strategy(generation_mode=mode)
    if named and mode is GenerationMode.POSITIVE:
        cases = operation.as_strategy(generation_mode=mode, path_parameters=named) | cases
    excluded: list[Any] = [check for check in schemathesis.checks.CHECKS.get_all() if check.__name__ in NOT_ASKED]

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def answered_as_described(case: Case[Any]) -> None:
        case.call_and_validate(headers=dict(as_owner.headers), excluded_checks=excluded)

    answered_as_described()
