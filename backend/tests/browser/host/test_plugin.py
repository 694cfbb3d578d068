"""The fixture for end-to-end tests, used as the document says."""

import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from app.browser.launching import ON_PATH
from app.core.config import BACKEND

pytest_plugins = ("pytester",)

CONFTEST = f"""
import shutil
import pytest
from playwright.sync_api import sync_playwright

PAGE = '''<title>Contacts</title><label>Name <input></label><button>Save</button><p role=status></p>
<script>document.querySelector("button").onclick = () => document.querySelector("p").textContent = "Saved"</script>'''

@pytest.fixture
def page():
    program = next(filter(None, map(shutil.which, {ON_PATH})))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        yield page
        browser.close()
"""


def example() -> str:
    """The test in the document, word for word."""
    text = (BACKEND.parent / "docs" / "record.md").read_text("utf-8")
    codes: list[str] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return next(code for code in codes if "record_workflow" in code)


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    pytester.makeconftest(CONFTEST)
    return pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cov", "-p", "no:xdist", *options)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("RECORD_", "PYTEST_"))]:
        monkeypatch.delenv(name)


def test_a_test_that_fails_leaves_no_guide(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(example() + "    assert False\n")
    run(pytester).assert_outcomes(failed=1)
    assert not list(pytester.path.rglob("*.zip"))


def test_without_a_server_nothing_can_be_sent(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(example())
    result = run(pytester, "--send-workflows")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*wants RECORD_SERVER and RECORD_TOKEN*"])


def test_the_example_of_the_document_writes_its_guide(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(example())
    run(pytester).assert_outcomes(passed=1)
    assert recorded(pytester.path / "workflows" / "create-a-contact.zip") == [
        ("navigate", None),
        ("input", "Name"),
        ("click", "Save"),
    ]


def recorded(path: Path) -> list[tuple[str, str | None]]:
    with zipfile.ZipFile(path) as archive:
        steps = json.loads(archive.read("workflow.json"))["workflow"]["steps"]
    return [(step["action"], step.get("target", {}).get("name")) for step in steps]
