"""Alert rules and dashboard name numbers that there are, with labels that they have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app.api import metrics
from app.core.config import BACKEND, Settings, get_settings
from app.core.db import transaction
from app.core.measured import REGISTRY
from app.core.tallies import add
from app.labeling import measures
from app.tasks import observing

ROOT = BACKEND.parent
ALERTS = ROOT / "deploy" / "observability" / "alerts.yaml"
DASHBOARD = ROOT / "deploy" / "observability" / "grafana-dashboard.json"
DOCUMENT = ROOT / "docs" / "monitoring.md"
OF_PROMETHEUS = {"job", "instance", "le"}
NAME = re.compile(r"workflow_platform_\w+")
SELECTED = re.compile(r"(workflow_platform_\w+)\{([^}]*)\}")
GROUPED = re.compile(r"by \(([^)]*)\)\s*\(")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def exposed(settings: Settings, broker: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Every number that API and workers tell, as they tell it, and its labels."""
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "1")
    monkeypatch.setenv("REDIS_URL", broker.url)
    get_settings.cache_clear()
    settings.data_dir.mkdir(exist_ok=True)
    metrics.REQUESTS.labels("GET", "/", 200).inc()
    metrics.SECONDS.labels("GET", "/").observe(1)
    with transaction() as session:
        add(session, {(name, *labels): 1 for name, (_, labels) in metrics.TALLIES.items()})
    measures.CALL_SECONDS.labels("a", "b", "c").observe(1)
    measures.LIMITER_WAIT_SECONDS.labels("a", "b", "c").observe(1)
    observing.TASKS.labels("a", "b").inc()
    observing.TASK_SECONDS.labels("a").observe(1)
    return _samples(metrics.REGISTRY) | _samples(REGISTRY)


def _samples(registry: CollectorRegistry) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    text = generate_latest(registry).decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                found.setdefault(sample.name, set()).update(sample.labels)
    return found


def expressions() -> Iterator[tuple[str, str, set[str]]]:
    """Where, the query, and the labels that its words use."""
    for rule in rules():
        words = json.dumps(rule["annotations"])
        yield rule["alert"], rule["expr"], set(re.findall(r"\$labels\.(\w+)", words))
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"], set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def test_rules_are_in_the_form_that_prometheus_reads(settings: Settings) -> None:
    assert settings
    for rule in rules():
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["expr"].count("(") == rule["expr"].count(")")
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)


def test_every_number_that_is_named_is_told(exposed: dict[str, set[str]]) -> None:
    for where, query, _ in expressions():
        names = NAME.findall(query)
        assert names, where
        assert [name for name in names if name not in exposed] == [], where


def test_every_label_that_is_named_is_there(exposed: dict[str, set[str]]) -> None:
    for where, query, words in expressions():
        labels = set().union(*(exposed[name] for name in NAME.findall(query))) | OF_PROMETHEUS
        grouped = {label.strip() for group in GROUPED.findall(query) for label in group.split(",")}
        assert grouped <= labels, where
        assert words <= labels, where
        if "by (" in query and "or " not in query:
            assert words <= grouped, f"{where}: a label that the query takes away"
        for name, selectors in SELECTED.findall(query):
            assert set(re.findall(r"(\w+)\s*[=!]~?", selectors)) <= exposed[name], where


def test_every_number_is_in_the_document(exposed: dict[str, set[str]]) -> None:
    text = DOCUMENT.read_text()
    bare = {re.sub(r"_(bucket|count|sum)$", "", name) for name in exposed}
    assert sorted(name for name in bare if f"`{name}`" not in text) == []
    assert sorted(name for name in set(NAME.findall(text)) - bare if name not in exposed) == []
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in text] == []
