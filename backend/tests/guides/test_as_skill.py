"""An agent skill as the specification has it, and as an agent reads it."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
import yaml
from markdown_it import MarkdownIt

from app.workflows.content import Action, StepContent
from tests.guides.rows import view, workflow
from tests.guides.sources import CONTACTS, NEW, button, field, made, source


def unpacked(data: bytes) -> tuple[str, str, list[str]]:
    """Folder, SKILL.md, the other names."""
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        folder = names[0].partition("/")[0]
        return folder, archive.read(f"{folder}/SKILL.md").decode(), names[1:]


def front(text: str) -> dict[str, str]:
    _, head, _ = text.split("---\n", 2)
    found: dict[str, str] = yaml.safe_load(head)
    return found


@pytest.mark.parametrize(
    "name",
    [
        "Create: a contact",
        "連絡先",
        "---\nname: evil",
        "a" * 200,
        "Claude & Anthropic",
        "<b>Ü</b> “x” #1",
        "x'\"\\: {a}",
    ],
)
def test_the_front_matter_is_what_the_specification_asks_for(name: str) -> None:
    folder, text, _ = unpacked(made("skill", source(of=workflow(name, name * 20))))
    head = front(text)
    assert set(head) == {"name", "description"}
    assert head["name"] == folder
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", head["name"])
    assert len(head["name"]) <= 64
    assert not re.search("claude|anthropic", head["name"])
    assert 0 < len(head["description"]) <= 1024
    assert not set(head["description"]) & set("<>")


def test_what_was_entered_becomes_inputs_and_secrets_are_asked_for() -> None:
    _, text, _ = unpacked(made("skill"))
    assert "- `customer`: Customer. When this was recorded: `Acme`." in text
    assert "- `password`: Password. Secret: ask the user for it" in text
    assert "3. Enter `{{customer}}` in the **Name** field, **exactly**." in text
    assert "4. Enter the password in the **Password** field. Use `{{password}}`." in text
    assert "5. Call the customer." in text
    assert "> **Warning:** Ask `sales` first" in text
    assert r"Write \{\{nobody\}\} down" in text


def test_a_name_that_shows_what_was_entered_is_whatever_is_entered_this_time() -> None:
    typed = StepContent(action=Action.INPUT, target=field("Name"), value="Acme", value_kind="text", page=NEW)
    opened = StepContent(action=Action.CLICK, target=button("Acme Ltd"), page=CONTACTS)
    other = StepContent(action=Action.CLICK, target=button("Acmes"), page=CONTACTS)
    views = [
        view('Enter "Acme" in the "Name" field.', field_label="Name", position=1, content=typed),
        view('Click "Acme Ltd".', field_label="Acme Ltd", position=2, content=opened),
        view('Click "Acmes".', field_label="Acmes", position=3, content=other),
    ]
    _, text, _ = unpacked(made("skill", source(views, workflow())))
    assert "1. Enter `{{name}}` in the **Name** field." in text
    assert '2. Click "`{{name}}` Ltd".' in text
    assert "3. Click **Acmes**." in text


def test_steps_are_numbered_in_order_under_the_pages_they_are_on() -> None:
    _, text, others = unpacked(made("skill"))
    body = text.split("---\n", 2)[2]
    assert [int(number) for number in re.findall(r"^(\d+)\. ", body, re.MULTILINE)] == [1, 2, 3, 4, 5, 6]
    assert "### New contact\n\nAt <https://crm.example/contacts/new>" in body
    assert others == [f"create-a-contact/assets/step-{number:02}.webp" for number in (2, 6)]
    kinds = {token.type for token in MarkdownIt("commonmark").parse(body)}
    assert not kinds & {"html_block", "fence", "code_block", "hr"}
