"""Whoever calls the API in tests: one running application, and each caller's way to say who they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx
from fastapi.testclient import TestClient

from app.accounts import session_cookie, sessions, tokens, users
from app.accounts.actor import Actor
from app.accounts.permissions import Scope
from app.api.deps import CSRF_HEADER
from app.core.db import transaction

API = "/api/v1"


@dataclass(frozen=True)
class Caller:
    """Calls under `/api/v1` with this caller's headers; a path that begins with `//` is meant from the root."""

    client: TestClient
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        url = path.removeprefix("/") if path.startswith("//") else API + path
        answer: httpx.Response = self.client.request(method, url, headers={**self.headers, **(headers or {})}, **more)
        return answer

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    def patch(self, path: str, **more: Any) -> httpx.Response:
        return self.request("PATCH", path, **more)

    def delete(self, path: str, **more: Any) -> httpx.Response:
        return self.request("DELETE", path, **more)

    def upload(self, path: str, data: bytes, name: str = "file.png", **more: Any) -> httpx.Response:
        return self.post(path, files={"file": (name, data)}, **more)


def token_of(actor: Actor, *scopes: Scope) -> tuple[int, str]:
    """Number and secret of a new API token; without scopes: with all that the person may do."""
    with transaction() as session:
        token, secret = tokens.create(session, actor, name="test", scopes=scopes or actor.scopes)
        return token.id, secret


def bearer(client: TestClient, actor: Actor, *scopes: Scope) -> Caller:
    """`actor` with an API token."""
    return Caller(client, {"Authorization": f"Bearer {token_of(actor, *scopes)[1]}"})


def in_browser(client: TestClient, actor: Actor) -> Caller:
    """`actor` signed in to the dashboard; the token against forged requests is what a form of ours would send."""
    with transaction() as session:
        secret, _ = sessions.start(session, users.get(session, actor.user_id), how="test")
    return Caller(client, {"Cookie": f"{session_cookie.name()}={secret}", CSRF_HEADER: sessions.csrf_token(secret)})


def revoked(client: TestClient, actor: Actor) -> Caller:
    """`actor` with an API token that was revoked."""
    token_id, secret = token_of(actor)
    with transaction() as session:
        tokens.revoke(session, actor, token_id)
    return Caller(client, {"Authorization": f"Bearer {secret}"})
