"""The samples of this project as workflows with gold labels, written by hand while looking at their pictures."""

import json
from typing import Any

from app.core.config import BACKEND, Settings
from app.recordings.formats.reading import read
from tests.evals.recording import as_webp, verb_of

SAMPLES = BACKEND.parent / "samples"

_Gold = tuple[str, str | None, str]
"""Sentence, name, kind of control."""

ACCOUNT: tuple[_Gold, ...] = (
    ('Go to the "Dashboard" page.', "Dashboard", "page"),
    ('Open the "Settings" menu.', "Settings", "menu"),
    ('Click "Users".', "Users", "link"),
    ('Click "Add a user".', "Add a user", "link"),
    ('Enter the email address in the "Email" field.', "Email", "field"),
    ('Enter the first name in the "First Name" field.', "First Name", "field"),
    ('Enter the last name in the "Last Name" field.', "Last Name", "field"),
    ('Select "Marketing" from the "Department" dropdown.', "Department", "dropdown"),
    ('Enter the password in the "Password" field.', "Password", "field"),
    ('Enter the password in the "Password confirmation" field.', "Password confirmation", "field"),
    ('Open the "Roles" tab.', "Roles", "tab"),
    ('Select the "Editors" checkbox.', "Editors", "checkbox"),
    ('Click "Create".', "Create", "button"),
    ('Click "Priya Raman".', "Priya Raman", "link"),
)
EXPENSES: tuple[_Gold, ...] = (
    ('Go to the "Expenses" page.', "Expenses", "page"),
    ('Click the "Search reports" field.', "Search reports", "field"),
    ('Enter "Lisbon" in the "Search reports" field.', "Search reports", "field"),
    ("Press Enter.", None, "key"),
    ('Click "Lisbon sales meeting".', "Lisbon sales meeting", "link"),
    ('Scroll through the "Lisbon sales meeting" page.', "Lisbon sales meeting", "page"),
    ('Enter "cc-410" in the "Cost centre" field.', "Cost centre", "field"),
    ('Select the "I have checked the receipts" checkbox.', "I have checked the receipts", "checkbox"),
    ('Click the "Comment" field.', "Comment", "field"),
    ('Enter "Approved, thank you." in the "Comment" field.', "Comment", "field"),
    ('Click "Approve".', "Approve", "button"),
    ('Enter the password in the "Password" field.', "Password", "field"),
    ('Click "Confirm".', "Confirm", "button"),
)


def sample_workflows() -> list[tuple[dict[str, Any], dict[str, bytes]]]:
    """Each sample with the pictures that it has."""
    return [
        _workflow("create-an-account.zip", ACCOUNT, "Create an account for a new colleague.", []),
        _workflow(
            "approve-an-expense-report.devtools.json",
            EXPENSES,
            "Approve the expense report about Lisbon.",
            ["made-up-passphrase"],
        ),
    ]


def _workflow(
    file: str, golds: tuple[_Gold, ...], utterance: str, planted: list[str]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    name = file.partition(".")[0]
    (imported,) = read((SAMPLES / file).read_bytes(), limits=Settings())
    steps, pictures = [], {}
    for number, (recorded, gold) in enumerate(zip(imported.recording.steps, golds, strict=True), 1):
        content = json.loads(recorded.model_dump_json(exclude_defaults=True))
        stem = None
        if recorded.screenshot_id and recorded.screenshot_id in imported.screenshots:
            stem = f"{name}-{number}"
            pictures[stem] = as_webp(imported.screenshots[recorded.screenshot_id].read(), quality=60)
        content["screenshot_id"] = stem
        steps.append({"content": content, "gold": _gold(gold, content)})
    workflow = {
        "name": name,
        "kind": "samples",
        "origin": "sample",
        "utterance": utterance,
        "planted": planted,
        "steps": steps,
    }
    return workflow, pictures


def _gold(gold: _Gold, content: dict[str, Any]) -> dict[str, Any]:
    sentence, name, control = gold
    target = content.get("target") or {}
    found = bool(target.get("name")) or any(str(one).startswith("aria/") for one in target.get("selectors", []))
    return {
        "verb": verb_of(sentence),
        "control": control,
        "name": name,
        "accessible": found and name is not None,
        "instruction": sentence,
    }
