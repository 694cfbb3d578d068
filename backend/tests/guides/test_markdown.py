"""Markdown is read back by a parser: what was recorded is text in it, whatever it looks like."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.guides.markdown import render
from app.guides.model import build
from app.workflows.content import Action, StepContent
from tests.guides.rows import NEW_CONTACT, guide, view, workflow

ALLOWED = {"heading", "paragraph", "ordered_list", "list_item", "inline", "text", "strong"}
POISON = [
    "](javascript:alert(1))",
    "[a](javascript:alert(1))",
    "![a](https://evil.example/a.png)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "https://evil.example",
    "HTTPS://evil.example",
    "www.evil.example",
    "a@evil.example",
    "&lt;script&gt;",
    "`code`",
    "```",
    "~~~",
    "a | b",
    "| a |\n|---|\n| b |",
    "# heading",
    "heading #",
    "1. one",
    "1) one",
    "- one",
    "+ one",
    "* one",
    "> quote",
    "---",
    "===",
    "***",
    "_em_ __strong__ *em* ~~gone~~",
    "[a]: https://evil.example",
    "[^1]: note",
    "- [ ] task",
    "    code",
    "\tcode",
    "a\n\n# b",
    "a  \nb",
    "a\\",
    "\\",
    "**",
    "!",
    "{{ template }}",
    "$math$",
    "\u2028# a",
    "@everyone",
]
SIGNS = "".join(sorted(set("".join(POISON)))) + "\"'.:ab1 é漢\u0301"


def tokens(text: str) -> list[Token]:
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    found = []
    for token in parser.parse(text):
        found.append(token)
        found += token.children or []
    return found


def kinds(text: str) -> set[str]:
    return {token.type.removesuffix("_open").removesuffix("_close") for token in tokens(text)}


def shown(text: str) -> str:
    """What a reader sees, without spaces, which Markdown does not keep."""
    return "".join("".join(token.content for token in tokens(text) if token.type.startswith("text")).split())


def without_quotes(text: str) -> str:
    return "".join(text.replace('"', "").split())


@pytest.mark.parametrize("poison", POISON)
def test_poison_stays_text(poison: str) -> None:
    text = render(guide(poison, f'Click "{poison}".', name=poison, description=poison))
    assert kinds(text) <= ALLOWED
    expected = f"{poison}{poison}Contacts{poison}Click {poison}."
    assert without_quotes(shown(text)) == without_quotes(expected)


@pytest.mark.parametrize("poison", ["https://evil.example", "HTTP://evil.example", "www.evil.example"])
def test_an_address_is_not_made_a_link_by_readers_that_look_for_them(poison: str) -> None:
    text = render(guide(poison))
    assert poison not in text
    assert without_quotes(poison) in shown(text)


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=SIGNS, min_size=1, max_size=30), st.text(alphabet=SIGNS, max_size=20))
@example("a", '"b""c"')
@example("1" * 12 + ". a", "")
def test_any_signs_stay_text(name: str, sentence: str) -> None:
    text = render(guide(f'Click "{name}".', sentence, name=f"Guide {name}", description=name))
    assert kinds(text) <= ALLOWED
    expected = f"Guide {name}{name}ContactsClick {name}.{sentence}"
    assert without_quotes(shown(text)).rstrip("…") == without_quotes(expected).rstrip("…")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://a.example/> <script>", "https://a b", "data:text/html,x"],
)
def test_only_a_web_address_becomes_a_link(url: str) -> None:
    text = render(build(workflow(url=url), [view()]))
    assert kinds(text) <= ALLOWED


def test_a_guide_reads_well() -> None:
    note = StepContent(action=Action.NOTE)
    typed = StepContent(action=Action.INPUT, value="Ada", page=NEW_CONTACT, screenshot_id="typed")
    views = [
        view('Click "New contact".', field_label="New contact"),
        view('Enter "Ada" in the "First_name" field.', field_label="First_name", position=2, content=typed),
        view("The name is needed.", position=3, content=note),
        view('Click "Save & close!".', position=4),
        view('点击"保存!"按钮。', position=5),
    ]
    built = build(workflow(description="For sales.\n\nSince 2024.", url="https://crm.example/contacts"), views)
    assert render(built, {2: "screenshots/typed.webp"}) == (
        "# Create a contact\n\n"
        "For sales.\n\n"
        "Since 2024.\n\n"
        "Start at <https://crm.example/contacts>\n\n"
        "## Contacts\n\n"
        "1. Click **New contact**.\n\n"
        "## New contact\n\n"
        '2. Enter "Ada" in the **First\\_name** field.\n\n'
        '   ![Step 2: Enter "Ada" in the "First\\_name" field.](screenshots/typed.webp)\n\n'
        "> The name is needed.\n\n"
        "## Contacts\n\n"
        "3. Click **Save \\& close!**.\n\n"
        '4. 点击"保存!"按钮。\n'
    )


def test_a_guide_without_pictures_has_no_dead_links() -> None:
    content = StepContent(action=Action.CLICK, screenshot_id="picture")
    assert "](" not in render(build(workflow(), [view(content=content)]))
