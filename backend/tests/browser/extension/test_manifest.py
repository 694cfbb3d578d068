"""What the shipped extension may do, and that the tested one is the shipped one."""

import json
from pathlib import Path

from tests.browser.extension.loaded import ALL_PAGES, SHIPPED, Extension, prepare


def manifest(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "manifest.json").read_text())
    return found


def test_the_tested_extension_differs_in_one_permission(tmp_path: Path) -> None:
    tested = prepare(tmp_path / "tested")
    shipped = manifest(SHIPPED)
    assert shipped.pop("optional_host_permissions") == [ALL_PAGES]
    changed = manifest(tested)
    assert changed.pop("host_permissions") == [ALL_PAGES]
    assert changed == shipped
    for path in tested.rglob("*"):
        original = SHIPPED / path.relative_to(tested)
        assert path.is_dir() or path.name == "manifest.json" or path.read_bytes() == original.read_bytes()


def test_it_asks_for_no_more_than_it_needs() -> None:
    shipped = manifest(SHIPPED)
    assert shipped["permissions"] == [
        "storage",
        "unlimitedStorage",
        "scripting",
        "activeTab",
        "alarms",
        "webNavigation",
    ]
    for unwanted in ("host_permissions", "externally_connectable", "web_accessible_resources", "content_scripts"):
        assert unwanted not in shipped
    policy = shipped["content_security_policy"]
    assert isinstance(policy, dict)
    assert "unsafe" not in policy["extension_pages"]


def test_the_shortcut_is_not_one_that_the_browser_keeps_for_itself(extension: Extension) -> None:
    keys = {each["name"]: each["shortcut"] for each in extension.desk.evaluate("chrome.commands.getAll()")}
    assert keys["toggle-recording"] == "Alt+Shift+G"
