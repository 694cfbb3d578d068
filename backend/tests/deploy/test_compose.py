"""compose.yaml, as far as it can be judged without Docker."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.celery_app import celery_app
from tests.deploy.files import DEPLOY, SETTINGS, read_yaml, variables

FILE = DEPLOY / "compose.yaml"
OF_THE_IMAGES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
OF_COMPOSE = {"POSTGRES_PASSWORD", "VALKEY_PASSWORD"}
"""Which compose.yaml puts into addresses, command lines and health checks."""

PROGRAM = ("api", "worker", "beat")


@pytest.fixture(scope="module")
def compose() -> Any:
    return read_yaml(FILE)


@pytest.fixture(scope="module")
def specification() -> Any:
    """Compose's own schema, out of a package that carries it along; the package itself is not imported."""
    spec = find_spec("check_jsonschema")
    assert spec
    assert spec.origin
    schema = Path(spec.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    return json.loads(schema.read_text("utf-8"))


def test_it_keeps_to_the_specification(compose: Any, specification: Any) -> None:
    validator = jsonschema.validators.validator_for(specification)(specification)
    assert [error.message for error in validator.iter_errors(compose)] == []
    assert not validator.is_valid(compose | {"services": {"api": {"imagee": "x"}}})


def test_every_variable_is_a_setting_of_ours_or_of_an_image(compose: Any) -> None:
    for name, service in compose["services"].items():
        known = SETTINGS if name in PROGRAM else OF_THE_IMAGES | OF_COMPOSE
        assert service.get("environment", {}).keys() - known == set(), name
    example = variables(DEPLOY / "compose.env.example")
    assert example.keys() - SETTINGS - OF_COMPOSE == set()
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", FILE.read_text("utf-8")))
    assert used - example.keys() == set()


def test_a_forgotten_password_is_an_error() -> None:
    text = FILE.read_text("utf-8")
    for name in OF_COMPOSE:
        assert re.findall(rf"\$\{{{name}(.)", text)
        assert set(re.findall(rf"\$\{{{name}(..)", text)) == {":?"}
        assert variables(DEPLOY / "compose.env.example")[name] == ""


def test_images_have_versions(compose: Any) -> None:
    for name, service in compose["services"].items():
        tag = service["image"].partition(":")[2]
        assert tag, name
        assert tag != "latest", name


def test_the_program_runs_without_rights_and_writes_into_its_volume_alone(compose: Any) -> None:
    for name in PROGRAM:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["data:/data"]


def test_only_the_api_is_reached_from_outside_and_from_this_machine_alone(compose: Any) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"api": ["127.0.0.1:${PORT:-8000}:8000"]}
    for name in ("postgres", "valkey"):
        assert compose["services"][name]["networks"] == ["inner"]
    assert compose["networks"]["inner"] == {"internal": True}


def test_every_volume_and_service_that_is_named_exists(compose: Any) -> None:
    for service in compose["services"].values():
        assert {volume.partition(":")[0] for volume in service["volumes" if "volumes" in service else "tmpfs"]} <= {
            *compose["volumes"],
            "/tmp",  # noqa: S108 - of the container
        }
        for needed in service.get("depends_on", {}):
            assert "healthcheck" in compose["services"][needed]


def test_a_worker_is_given_the_time_that_a_task_may_take(compose: Any) -> None:
    seconds = int(compose["services"]["worker"]["stop_grace_period"].removesuffix("s"))
    assert seconds > celery_app.conf.task_time_limit


def test_a_worker_works_on_every_queue(compose: Any) -> None:
    queues = {queue.name for queue in celery_app.conf.task_queues}
    assert f"--queues={','.join(sorted(queues, reverse=True))}" in compose["services"]["worker"]["command"]
