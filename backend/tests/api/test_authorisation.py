"""Who may do what: every route, by every kind of caller, on a private workflow and on one of the team."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app.accounts import session_cookie, sessions
from app.accounts.actor import Actor
from app.api.deps import CSRF_HEADER
from app.core.db import transaction
from app.workflows import shares
from app.workflows.models import Visibility
from tests.api.bodies import recording, step
from tests.api.callers import API, Caller, in_browser
from tests.api.rights.bodies import body_of
from tests.api.rights.pages import PAGES
from tests.api.rights.programs import PROGRAMS
from tests.api.rights.rows import CALLERS
from tests.api.rights.things import EVERY_NAME, NOBODYS, OTHER, things, vars_of
from tests.conftest import by_turns

TABLE = PROGRAMS | PAGES


def call(caller: Caller, route: str, body: dict[str, Any], **numbers: Any) -> Any:
    method, path = route.replace("MOUNT", "GET").split(" ", 1)
    url = path.format(**numbers, **OTHER)
    if is_page(route) and method == "POST":
        body = {"data": {"csrf": caller.headers.get(CSRF_HEADER, ""), **body.get("data", {})}}
    return caller.request(
        method, url.removeprefix(API) if url.startswith(API) else f"/{url}", follow_redirects=False, **body
    )


def is_page(route: str) -> bool:
    return not route.split(" ")[1].startswith(("/api/", "/mcp", "/health/", "/metrics", "/openapi.json"))


def routes(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        if route.methods is None:
            yield f"MOUNT /{(route.path or '').split('/')[1]}"
        else:
            yield from (f"{method} {route.path_format}" for method in sorted(route.methods - {"HEAD"}))


@pytest.fixture(autouse=True)
def many_wrong_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allowed, for the sake of the table."""
    monkeypatch.setenv("SIGN_IN_ATTEMPTS_PER_MINUTE", "1000")


Callers = Callable[[str], dict[str, Caller]]


@pytest.fixture
def callers_of(request: pytest.FixtureRequest, client: TestClient) -> Callers:
    """Who calls a route: people in their browsers, if it is a page."""
    assert client is not None

    def find(route: str) -> dict[str, Caller]:
        found: dict[str, Caller] = request.getfixturevalue("visitors" if is_page(route) else "callers")
        return found

    return find


@pytest.fixture
def callers(request: pytest.FixtureRequest, client: TestClient) -> dict[str, Caller]:
    assert client is not None
    return {name: request.getfixturevalue(f"as_{name}") for name in CALLERS}


@pytest.fixture
def visitors(client: TestClient, request: pytest.FixtureRequest, as_reader: Caller) -> dict[str, Caller]:
    """The same people in their browsers."""
    actors = {"owner": "editor", "revoked": "editor"}
    found = {
        name: in_browser(client, request.getfixturevalue(actors.get(name, name)))
        for name in ("owner", "colleague", "viewer", "admin", "revoked")
    }
    assert call(found["revoked"], "POST /sign-out", {}).status_code == 303
    return {**found, "anonymous": Caller(client), "reader": as_reader}


def test_every_route_has_a_row(app: FastAPI) -> None:
    assert sorted(TABLE) == sorted(routes(app))


@pytest.mark.parametrize(("database_url", "route"), by_turns(TABLE), indirect=["database_url"])
def test_callers_get_what_the_table_says(route: str, callers_of: Callers, editor: Actor) -> None:
    callers = callers_of(route)
    for visibility, row in zip((Visibility.PRIVATE, Visibility.TEAM), TABLE[route], strict=True):
        got, own, used = {}, None, 0
        for name in CALLERS:
            if own is None:
                used += 1
                own = things(editor, visibility, used, route=route)
            caller = callers[name]
            got[name] = call(caller, route, body_of(route, own), **vars_of(own)).status_code
            if got[name] < 400 and not route.startswith("GET"):
                own = None  # it is no longer what it was
        assert got == dict(zip(CALLERS, map(int, row.split()), strict=True)), visibility


@pytest.mark.parametrize(
    ("database_url", "route"),
    by_turns(route for route in TABLE if "{" in route and not re.search("token|secret|folder", route)),
    indirect=["database_url"],
)
def test_a_private_workflow_cannot_be_told_from_none(route: str, callers_of: Callers, editor: Actor) -> None:
    """Not even by the words of the answer."""
    callers = callers_of(route)
    private = things(editor, Visibility.PRIVATE, 1, route=route)
    for name in ("colleague", "viewer", "anonymous"):
        caller = callers[name]
        theirs = call(caller, route, body_of(route, private), **vars_of(private))
        nobodys = call(caller, route, body_of(route, private), **NOBODYS)
        assert theirs.status_code in {303, 401, 403, 404}
        assert anonymised(theirs) == anonymised(nobodys), name


def test_a_share_link_opens_nothing_but_its_guide(client: TestClient, editor: Actor) -> None:
    """Neither in an address, nor as an API token, nor as a session's cookie."""
    own = things(editor, Visibility.PRIVATE, 1, route=EVERY_NAME)
    cookie = f"{session_cookie.name()}={own.secret}"
    ways = (
        {"Authorization": f"Bearer {own.secret}"},
        {"Cookie": cookie, CSRF_HEADER: sessions.csrf_token(own.secret)},
    )
    for route, (private, _) in TABLE.items():
        expected = int(private.split()[CALLERS.index("anonymous")])
        for headers in ways:
            body = body_of(route, own)
            assert call(Caller(client, headers), route, body, **vars_of(own)).status_code == expected, route


@pytest.mark.parametrize("route", [route for route in TABLE if "/s/{secret}" in route])
def test_a_revoked_share_link_opens_nothing_to_anybody(route: str, callers_of: Callers, editor: Actor) -> None:
    callers = callers_of(route)
    own = things(editor, Visibility.TEAM, 1)
    with transaction() as session:
        shares.revoke(session, own.share_id, editor)
    for name in CALLERS:
        caller = callers[name]
        assert call(caller, route, body_of(route, own), **vars_of(own)).status_code == 404, name


def test_lists_hold_nothing_private_of_others(callers: dict[str, Caller], editor: Actor) -> None:
    private, team = things(editor, Visibility.PRIVATE, 1), things(editor, Visibility.TEAM, 2)
    for name, seen in (("owner", 2), ("reader", 2), ("admin", 2), ("colleague", 1), ("viewer", 1)):
        found = callers[name].get("/workflows?q=contact").json()["items"]
        assert {item["id"] for item in found} == {team.workflow_id, private.workflow_id} - (
            {private.workflow_id} if seen == 1 else set()
        )
        waiting = callers[name].get("/runs?state=needs_attention").json()["items"]
        assert len(waiting) == seen, name


def test_a_token_goes_no_further_than_its_persons_role(callers: dict[str, Caller]) -> None:
    for name, scopes in (("viewer", ["write"]), ("owner", ["admin"]), ("reader", ["read"])):
        answer = callers[name].post("/tokens", json={"name": "more", "scopes": scopes})
        assert answer.status_code == 403, name


def test_others_private_screenshot_cannot_be_taken_into_ones_own_workflow(
    callers: dict[str, Caller], editor: Actor
) -> None:
    private = things(editor, Visibility.PRIVATE, 1)
    answer = callers["colleague"].post("/workflows", json=recording(steps=[step(screenshot_id=private.screenshot_id)]))
    assert answer.status_code == 422
    assert "Step 1 names the screenshot" in answer.json()["detail"]


def anonymised(answer: Any) -> tuple[int, str]:
    """The answer without what is another in each."""
    text = re.sub(
        r"(workflows|steps|exports|recordings|webhooks)/\d+",
        r"\1/…",
        str(answer.headers.get("location", "")) + answer.text,
    )
    return answer.status_code, text.replace(answer.headers["x-request-id"], "…")
