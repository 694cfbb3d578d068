"""Secrets planted wherever a recording can hold one come out nowhere: not from database, store, log or answers."""

import io
import json
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import httpx2 as httpx
import pytest
from sqlalchemy import Engine, MetaData, select

from app.accounts.actor import Actor
from app.core.config import Settings
from app.core.db import transaction
from tests.api.bodies import recording, step
from tests.api.callers import Caller, in_browser
from tests.recordings.formats.files import encoded, envelope, flow, zipped

PASSWORDS = [f"c4nary-Pa55-{number:02}" for number in range(12)]
"""Without a shape of their own: known by the field that they stand in."""

SHAPED = [
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "378282246310005",
    "DE89 3704 0044 0532 0130 00",
    "GB82WEST12345698765432",
    "ghp_c4naryc4naryc4naryc4naryc4nary012345",
    "sk-ant-api03-C4NARYc4nary0123456789",
    "AKIAC4NARYC4NARYC4NA",
    "xoxb-1234567890-c4narytoken",
    "eyJhbGciOiJIUzI1NiJ9.eyJjNG5hcnkiOjF9.c4narysignature",
    "glpat-c4nary-c4nary-c4na",
    "AIzaC4naryC4naryC4naryC4naryC4naryC4nar",
]
"""Known by their shape, wherever they stand."""

IN_ADDRESSES = [
    "https://crm.example/reset?token=c4nary-query-1",
    "https://ann:c4nary-user-2@crm.example/",
    "https://crm.example/#access_token=c4nary-fragment-3",
    "https://crm.example/pay;jsessionid=c4nary-path-4",
    "//ann:c4nary-user-5@crm.example/x",
    "https://crm.example/cb?code=c4nary-code-6#x",
]

CANARIES = [
    *PASSWORDS,
    *SHAPED,
    *(f"c4nary-{kind}" for kind in ("query-1", "user-2", "fragment-3", "path-4", "user-5", "code-6")),
]


def field(value: str, /, **attributes: str) -> dict[str, Any]:
    return step(action="input", target={"tag": "input", "name": "Field", "attributes": attributes}, value=value)


def planted() -> list[dict[str, Any]]:
    """A step for each place."""
    secret = iter(PASSWORDS)
    steps = [
        field(next(secret), type="password"),
        field(next(secret), autocomplete="current-password"),
        field(next(secret), autocomplete="new-password"),
        field(next(secret), autocomplete="one-time-code"),
        field(next(secret), autocomplete="cc-csc"),
        field(next(secret), type="hidden"),
        field("shown", type="password", value=next(secret)),
        step(action="input", value=next(secret), value_kind="password"),
        step(action="input", value=next(secret), value_kind="secret"),
        field(next(secret), name="api_key", type="text"),
        step(action="note", target=None, value=f"The password: {next(secret)}"),
        step(target={"tag": "button", "text": f"password={next(secret)}"}),
    ]
    assert next(secret, None) is None
    places = ("name", "text")
    for number, one in enumerate(SHAPED):
        steps.append(step(action="input", value=f"It is {one}."))
        steps.append(step(target={"tag": "a", places[number % 2]: one, "attributes": {"title": one}}))
        steps.append(step(target={"tag": "a", "context": {"nearby": one, "row": one}, "selectors": [f"text/{one}"]}))
        steps.append(step(page={"url": "https://crm.example/", "title": f"Card {one}"}))
    for one in IN_ADDRESSES:
        steps.append(step(page={"url": one, "title": "Page"}))
        steps.append(step(target={"tag": "a", "attributes": {"href": one}, "frame": [one]}))
        steps.append(step(action="navigate", target=None, value=one))
    return steps


def hits(text: str) -> list[str]:
    """The canaries in a text, in any usual writing."""
    plain = text.replace("\\/", "/").replace("%20", " ")
    return [one for one in CANARIES if one in plain or one.replace(" ", "").replace("-", "") in plain.replace("-", "")]


def read(answer: httpx.Response) -> str:
    """The answer's text; of a zip, that of its files."""
    if answer.headers["content-type"] != "application/zip":
        return str(answer.text)
    with ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode("latin-1") for name in archive.namelist())


def stored(engine: Engine, settings: Settings) -> Iterator[tuple[str, str]]:
    """All that is kept: every row of every table, and every file, the database's own among them."""
    tables = MetaData()
    tables.reflect(engine)
    with transaction(read_only=True, engine=engine) as session:
        for table in tables.sorted_tables:
            yield table.name, repr(session.execute(select(table)).all())
    folders = [settings.data_dir]
    if engine.dialect.name == "sqlite":
        folders.append(settings.data_dir.parent)
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        yield path.name, path.read_bytes().decode("latin-1")


def test_there_are_enough_canaries() -> None:
    assert len(set(CANARIES)) == 30
    sent = json.dumps(planted())
    assert set(hits(sent)) == set(CANARIES)


def test_planted_secrets_come_out_nowhere(
    as_owner: Caller, editor: Actor, engine: Engine, settings: Settings, log_output: io.StringIO
) -> None:
    shaped = " ".join(SHAPED)
    words = {"name": f"Pay with {SHAPED[0]}", "description": shaped, "starting_url": IN_ADDRESSES[0]}
    answers = [
        created := as_owner.post("/workflows", json=recording(steps=planted(), **words)),
        as_owner.upload("/imports", encoded(recording(steps=planted(), **words))),
        as_owner.upload("/imports", zipped({"workflow.json": encoded(envelope(workflow=recording(steps=planted())))})),
        as_owner.upload(
            "/imports",
            flow(
                {"type": "navigate", "url": IN_ADDRESSES[0]},
                {"type": "change", "value": SHAPED[0], "selectors": [["#card"], [f"aria/{SHAPED[1]}"]]},
                {"type": "change", "value": PASSWORDS[0], "selectors": [["input[type=password]"]]},
                title=shaped[:100],
            ),
        ),
    ]
    assert [answer.status_code for answer in answers] == [201] * 4
    path = f"/workflows/{created.json()['id']}"
    first = f"{path}/steps/{created.json()['steps'][0]['id']}"
    answers += [
        as_owner.patch(path, json=words),
        as_owner.post(f"{path}/steps", json=planted()[10]),
        as_owner.patch(first, json={"version": 1, "value": shaped, "page": {"url": IN_ADDRESSES[1]}}),
        as_owner.patch(
            first,
            json={"version": 2, "label": {"field_label": SHAPED[2], "instruction": f"Type {SHAPED[3]}."}},
        ),
        as_owner.patch(first, json={"version": 1, "value": f"late {shaped}", "page": {"url": IN_ADDRESSES[1]}}),
        as_owner.get(path),
        as_owner.get("/workflows"),
        as_owner.get("/workflows?q=card"),
        *(as_owner.get(f"{path}/export?format={kind}") for kind in ("markdown", "json", "zip")),
        in_browser(as_owner.client, editor).get(f"/{path}"),
        as_owner.post("/workflows", json=recording(steps=[*planted(), {"action": PASSWORDS[0]}])),
    ]
    assert [answer.status_code for answer in answers[4:]] == [
        200,
        201,
        200,
        200,
        409,
        200,
        200,
        200,
        200,
        200,
        200,
        200,
        422,
    ]
    for answer in answers:
        assert hits(read(answer)) == [], (answer.request.method, answer.request.url)
    for name, content in stored(engine, settings):
        assert hits(content) == [], name
    assert hits(log_output.getvalue()) == []


def test_tokens_and_sessions_are_neither_kept_nor_logged(
    as_owner: Caller, editor: Actor, engine: Engine, settings: Settings, log_output: io.StringIO
) -> None:
    made = as_owner.post("/tokens", json={"name": "another"}).json()["token"]
    browser = in_browser(as_owner.client, editor)
    assert browser.get("//").status_code == 200
    assert as_owner.get("/me", headers={"Authorization": f"Bearer {made}"}).status_code == 200
    session_secret = browser.headers["Cookie"].partition("=")[2]
    own = as_owner.headers["Authorization"].removeprefix("Bearer ")
    everything = [*stored(engine, settings), ("log", log_output.getvalue()), ("tokens", as_owner.get("/tokens").text)]
    for name, content in everything:
        for secret in (made, session_secret, own, browser.headers["X-CSRF-Token"]):
            assert secret not in content, name


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_search_would_find_one(engine: Engine, settings: Settings, as_owner: Caller) -> None:
    assert as_owner.post("/workflows", json=recording(name="c4nary-query-1")).status_code == 201
    assert any(hits(content) for _, content in stored(engine, settings))
