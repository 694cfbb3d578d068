"""The whole application without its background parts, and browsers that are signed in to it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.accounts import users
from app.accounts.models import Role
from app.core.db import transaction
from tests.applications import application

PASSWORD = "correct horse battery"
HTML = {"Accept": "text/html"}


@dataclass(frozen=True)
class Browser:
    """A person's browser: keeps cookies, follows no redirect by itself."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=HTML | headers)

    def post(self, path: str, /, **fields: str) -> Any:
        return self.client.post(path, data=fields, headers=HTML)

    def csrf(self) -> str:
        found = re.search(r'<meta name="csrf" content="(\w+)">', self.get("/").text)
        assert found
        return found[1]

    def create(self, name: str = "Create a contact", **fields: Any) -> Any:
        """A workflow of this person's, by the API, as the import does it."""
        steps = fields.pop("steps", [step("New contact"), step("Save")])
        answer = self.client.post(
            "/api/v1/workflows",
            json={"name": name, "starting_url": "https://crm.example/contacts", "steps": steps, **fields},
            headers={"X-CSRF-Token": self.csrf()},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()


def step(name: str, title: str = "Contacts", **fields: Any) -> dict[str, Any]:
    """A click on a button of this name."""
    return {
        "action": "click",
        "target": {"tag": "button", "role": "button", "name": name},
        "page": {"url": "https://crm.example/contacts", "title": title},
        **fields,
    }


@pytest.fixture
def new_browser(engine: Engine) -> Callable[[], Browser]:
    """A browser in which nobody is signed in."""
    app = application()
    assert engine
    return lambda: Browser(TestClient(app, follow_redirects=False, raise_server_exceptions=False))


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


@pytest.fixture
def sign_in(new_browser: Callable[[], Browser]) -> Callable[..., Browser]:
    """`sign_in("mira", Role.VIEWER)`: a new person, in a browser of their own."""

    def make(name: str, role: Role = Role.EDITOR) -> Browser:
        email = f"{name}@example.com"
        with transaction() as session:
            users.create(session, email=email, name=name.capitalize(), role=role, password=PASSWORD, by=None)
        browser = new_browser()
        assert browser.post("/sign-in", email=email, password=PASSWORD).status_code == 303
        return browser

    return make


@pytest.fixture
def editor(sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("mira")
