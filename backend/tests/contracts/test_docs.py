"""What the documents tell people to type exists, and where they send people there is something."""

import re
from pathlib import Path

import click
import pytest

from app.cli import main

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])

by_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@by_document
def test_links_lead_to_files_that_exist(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@by_document
def test_make_has_the_targets_that_are_named(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", document.read_text(), re.MULTILINE))
    assert named - targets == set()


@by_document
def test_the_command_line_has_the_commands_that_are_named(document: Path) -> None:
    context = click.Context(main)
    named = set(re.findall(r"(?:^ {4}|`|\$\()workflow-platform ([a-z]+)(?: ([a-z-]+))?", document.read_text(), re.M))
    missing = []
    for command, sub in named:
        found = main.get_command(context, command)
        if found is None or (isinstance(found, click.Group) and sub and found.get_command(context, sub) is None):
            missing.append(f"{command} {sub}".strip())
    assert missing == []


def test_the_documents_name_something_to_try() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make up" in readme
    assert "workflow-platform import" in readme
