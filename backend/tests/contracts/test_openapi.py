"""The description of the API that is committed is the one that the server gives, and it is right."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.core.config import get_settings
from app.main import create_app
from tests.contracts.openapi import FILE, text


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_committed_file_is_fresh() -> None:
    assert FILE.read_text("utf-8") == text(), 'run "make openapi", and say in CHANGELOG.md what changed'


def test_it_is_the_same_wherever_the_server_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = text()
    for name, value in (("PUBLIC_URL", "https://guides.example.com"), ("MAX_STEPS", "7")):
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    try:
        assert text() == usual
    finally:
        get_settings.cache_clear()
    assert "servers" not in create_app().openapi()


def test_operation_ids_are_readable_and_unique(document: dict[str, Any]) -> None:
    ids = Counter(operation["operationId"] for _, _, operation in operations(document))
    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_every_route_for_programs_is_described(document: dict[str, Any]) -> None:
    described = {(method, path) for method, path, _ in operations(document)}
    routes = {
        (method, route.path_format)
        for route in iter_route_contexts(create_app().routes)
        for method in (route.methods or set()) - {"HEAD"}
        if (route.path or "").startswith("/api/")
    }
    assert {one for one in described if one[1].startswith("/api/")} == routes


OPEN_TO_ALL = {"read_shared_guide"}
"""Its address is the key."""


def test_every_operation_says_what_it_does_who_may_and_how_errors_look(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation.get("description"), (method, path)
        if path.startswith("/api/"):
            if operation["operationId"] not in OPEN_TO_ALL:
                assert operation["security"] == [{"HTTPBearer": []}, {"SessionCookie": []}], (method, path)
            for errors in ("4XX", "5XX"):
                schema = operation["responses"][errors]["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorRead"}, (method, path)


def test_every_change_says_what_it_takes(document: dict[str, Any]) -> None:
    without = {"cancel_labeling", "retry_run", "acknowledge_run"}
    without |= {"renew_webhook_secret", "test_webhook", "send_delivery_again"}
    without |= {"reject_proposal", "accept_all_proposals", "reject_all_proposals"}
    for method, path, operation in operations(document):
        if method in {"POST", "PATCH"} and operation["operationId"] not in without:
            assert operation["requestBody"]["content"], (method, path)
    recording = document["paths"]["/api/v1/workflows"]["post"]["requestBody"]["content"]["application/json"]
    assert recording["schema"] == {"$ref": "#/components/schemas/RecordingIn"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', text()))
    assert used - set(schemas) == set()
    assert set(schemas) - used == set()
