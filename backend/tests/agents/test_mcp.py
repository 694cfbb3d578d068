"""What AI agents read over MCP: the SDK's own client before a real server, over HTTP and over stdio."""

import subprocess
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from app.accounts import tokens
from app.accounts.actor import Actor
from app.core.config import BACKEND
from app.core.db import transaction
from app.workflows.content import Action, Context, Page, StepContent, Target
from app.workflows.models import Visibility, Workflow
from tests.agents.conftest import over_http, over_stdio
from tests.api.callers import token_of
from tests.workflows.conftest import click, make_workflow

Result = TypeVar("Result")

Opening = Callable[[], AbstractAsyncContextManager[Client]]

CARD = "4111 1111 1111 1111"
SECRET = StepContent(
    action=Action.INPUT,
    target=Target(
        tag="input",
        role="textbox",
        name="Password",
        selectors=["aria/Password", "#password", ["#host", "#inner"]],
        context=Context(nearby=CARD),
    ),
    value=None,
    value_kind="password",
    page=Page(url="https://crm.example/sign-in", title="Sign in"),
)
NOTED = StepContent(
    action=Action.INPUT,
    target=Target(tag="input", name="Note", text=f"Card {CARD}"),
    value="Call back",
    value_kind="text",
    page=Page(url="https://crm.example/contacts", title="Contacts"),
)


def in_a_loop_of_its_own(scenario: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """In a thread: Playwright leaves a loop running in the one in which tests are."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, scenario).result()


def call(opening: Opening, tool: str, **arguments: Any) -> Any:
    """The tool's result."""

    async def ask() -> Any:
        async with opening() as client:
            return await client.call_tool(tool, arguments)

    return in_a_loop_of_its_own(ask)


def asked(opening: Opening, tool: str, **arguments: Any) -> Any:
    """Its structured content."""
    result = call(opening, tool, **arguments)
    assert not result.is_error, result
    return result.structured_content


def text(result: Any) -> str:
    return "".join(part.text for part in result.content)


def make(owner: Actor, *contents: StepContent, visibility: Visibility = Visibility.TEAM, **fields: Any) -> int:
    with transaction() as session:
        made = make_workflow(session, owner, contents=contents, visibility=visibility)
        for field, value in fields.items():
            setattr(made, field, value)
        number: int = made.id
        assert session.get_one(Workflow, number)
        return number


@pytest.fixture(params=["http", "http handshake", "stdio"])
def opening(request: pytest.FixtureRequest, editor: Actor) -> Opening:
    """Connects with an editor's token that may only read; `handshake`: as clients of before 2026 do."""
    _, token = token_of(editor, "read")
    if request.param == "stdio":
        return lambda: over_stdio(token)
    server = request.getfixturevalue("server")
    mode = "legacy" if "handshake" in request.param else "auto"
    return lambda: over_http(server, token, mode)


def test_without_a_valid_token_nothing_is_read(server: str, editor: Actor) -> None:
    number, revoked = token_of(editor, "read")
    with transaction() as session:
        tokens.revoke(session, editor, number)
    for headers in (
        {},
        {"Authorization": "Bearer wp_" + "x" * 43},
        {"Authorization": f"Bearer {revoked}"},
        {"Cookie": "wp_session=" + "x" * 43},
    ):
        answer = httpx2.post(f"{server}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["error"] == "Unauthenticated"

    async def connect() -> None:
        async with over_http(server, revoked):
            pass

    with pytest.raises(ExceptionGroup):
        in_a_loop_of_its_own(connect)


def test_an_agent_gets_what_it_needs_to_do_the_task(opening: Opening, editor: Actor) -> None:
    number = make(
        editor,
        SECRET,
        NOTED,
        variables=[{"name": "customer", "label": "Customer", "example": "Ada"}],
        starting_url="https://crm.example/contacts",
    )
    found = asked(opening, "search_guides", query="contact", limit=5)
    assert [(guide["id"], guide["title"], guide["steps"]) for guide in found["guides"]] == [
        (number, "Create a contact", 2)
    ]
    assert text(call(opening, "read_guide", id=number)).startswith("# Create a contact\n")
    got = asked(opening, "get_workflow_steps", id=number)
    assert (got["title"], got["starting_url"]) == ("Create a contact", "https://crm.example/contacts")
    assert got["inputs"] == [{"name": "customer", "label": "Customer", "example": "Ada"}]
    first, second = got["steps"]
    assert first["input"] == {"value": None, "kind": "password", "secret": True}
    assert first["target"] == {
        "role": "textbox",
        "name": "Password",
        "text": None,
        "selectors": ["aria/Password", "#password", "#host >> #inner"],
    }
    assert first["page"] == {"title": "Sign in", "url": "https://crm.example/sign-in"}
    assert (second["number"], second["action"], second["instruction"]) == (2, "input", "Click **Note**.")
    assert second["input"] == {"value": "Call back", "kind": "text", "secret": False}
    assert second["target"]["text"] == "Card [card number]"
    assert CARD not in str(got)


def test_what_one_may_not_see_is_as_if_it_were_not_there(opening: Opening, colleague: Actor) -> None:
    private = make(colleague, click("Save"), visibility=Visibility.PRIVATE)
    assert asked(opening, "search_guides")["guides"] == []
    theirs, nobodys = (call(opening, "get_workflow_steps", id=number) for number in (private, 2**62))
    assert theirs.is_error
    assert text(theirs) == text(nobodys)
    assert "search_guides" in text(theirs)


WRONG_CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("read_guide", {"id": 0}, "greater than or equal to 1"),
    ("read_guide", {}, "Field required"),
    ("search_guides", {"limit": 500}, "less than or equal to 50"),
    ("delete_guide", {"id": 1}, "Unknown tool"),
]


def test_a_wrong_call_is_told_what_is_wrong(server: str, editor: Actor) -> None:
    _, token = token_of(editor, "read")

    async def ask() -> list[str]:
        said = []
        async with over_http(server, token) as client:
            for tool, arguments, _ in WRONG_CALLS:
                try:
                    result = await client.call_tool(tool, arguments)
                except MCPError as error:
                    said.append(str(error))
                else:
                    assert result.is_error
                    said.append(text(result))
        return said

    for said, (_, _, told) in zip(in_a_loop_of_its_own(ask), WRONG_CALLS, strict=True):
        assert told in said


def test_a_guide_is_a_resource_too(opening: Opening, editor: Actor) -> None:
    number = make(editor, click("Save"))

    async def read() -> tuple[Any, list[str]]:
        async with opening() as client:
            templates = await client.list_resource_templates()
            found = await client.read_resource(f"guide://{number}")
            with pytest.raises(MCPError, match="no workflow with this number"):
                await client.read_resource("guide://999")
            return found, [template.uri_template for template in templates.resource_templates]

    found, templates = in_a_loop_of_its_own(read)
    assert found.contents[0].text.startswith("# Create a contact")
    assert found.contents[0].mime_type == "text/markdown"
    assert templates == ["guide://{id}"]


def test_tools_say_that_they_only_read(server: str, editor: Actor) -> None:
    _, token = token_of(editor, "read")

    async def listed() -> Any:
        async with over_http(server, token) as client:
            assert "search_guides" in (client.instructions or "")
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in in_a_loop_of_its_own(listed)}
    assert set(tools) == {"search_guides", "read_guide", "get_workflow_steps"}
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    steps = tools["get_workflow_steps"].output_schema["$defs"]["AgentInput"]
    assert "ask your user" in steps["description"]


def test_a_token_that_is_revoked_meanwhile_ends_a_local_agents_reading(editor: Actor) -> None:
    number, token = token_of(editor, "read")

    async def run() -> Any:
        async with over_stdio(token) as client:
            assert not (await client.call_tool("search_guides", {})).is_error
            with transaction() as session:
                tokens.revoke(session, editor, number)
            return await client.call_tool("search_guides", {})

    result = in_a_loop_of_its_own(run)
    assert result.is_error
    assert "not valid" in text(result)


@pytest.mark.usefixtures("editor")
def test_the_local_server_says_at_once_that_a_token_is_wrong() -> None:
    program = [sys.executable, "-m", "app.cli", "mcp", "--token", "wp_wrong"]
    done = subprocess.run(program, cwd=BACKEND, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "not valid" in done.stderr
