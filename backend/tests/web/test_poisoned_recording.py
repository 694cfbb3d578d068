"""Whatever a recorded page, a model or a file says stays text."""

from html.parser import HTMLParser
from typing import Any

import pytest

from app.core.db import transaction
from app.workflows import labels
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from tests.web.conftest import Browser

POISON = "'\"></title></script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}${7*7}"
ADDRESSES = ["javascript:alert(1)//https://x.example", "data:text/html,<script>alert(1)</script>", "https://[", POISON]


class Page(HTMLParser):
    """Collects what could act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.suspicious: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        source = given.get("src") or ""
        data_block = given.get("type") == "application/json"
        if tag in {"script", "img"} and not data_block and not source.startswith(("/static/", "/api/v1/")) and source:
            self.suspicious.append(f"{tag} {source}")
        if tag == "script" and not source and not data_block:
            self.suspicious.append("inline script")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.suspicious.append(f"{tag} {name}={value}")
            if name in {"href", "action"} and not (value or "").startswith(("/", "#", "https://", "http://")):
                self.suspicious.append(f"{tag} {name}={value}")


def poisoned(address: str) -> dict[str, Any]:
    target = {
        "tag": POISON[:60],
        "role": POISON[:60],
        "name": POISON,
        "text": POISON,
        "attributes": {"aria-label": POISON, "id": POISON},
        "selectors": [POISON],
        "context": dict.fromkeys(("label", "placeholder", "heading", "section", "row", "column", "nearby"), POISON),
        "frame": [address],
    }
    page = {"url": address, "title": POISON}
    steps = [
        {"action": action, "target": target, "value": POISON, "value_kind": kind, "page": page}
        for action, kind in (("click", None), ("input", "text"), ("select", "option"), ("upload", "file"))
    ]
    return {"description": POISON, "starting_url": address, "steps": [*steps, {"action": "note", "value": POISON}]}


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_recorded_acts_on_any_page(editor: Browser, address: str) -> None:
    workflow = editor.create(POISON, **poisoned(address))
    with transaction() as session:
        words = NewLabel(POISON, f'Click "{POISON}".', 0.4, LabelSource.AI, model=POISON)
        labels.add(session, {step["id"]: words for step in workflow["steps"][:2]})
    number = workflow["id"]
    for path in ("/", "/?q=alert", f"/workflows/{number}", f"/workflows/{number}/live"):
        answer = editor.get(path)
        assert answer.status_code == 200
        assert Page(answer.text).suspicious == []
        assert "alert(1)" in answer.text
        assert "{{ 7*7 }}" in answer.text


def test_the_check_itself_sees_what_acts() -> None:
    assert Page("<img src=x onerror=alert(1)><script>alert(1)</script><a href='javascript:1'>").suspicious == [
        "img x",
        "img onerror=alert(1)",
        "inline script",
        "a href=javascript:1",
    ]
