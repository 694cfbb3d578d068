"""The page where links are made."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.clock import now
from app.core.db import transaction
from app.workflows.models import Share, Workflow
from tests.web.conftest import Browser
from tests.web.test_poisoned_recording import POISON


def made() -> Share:
    with transaction(read_only=True) as session:
        return session.scalars(select(Share)).one()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lasts": "date"}, "Choose the last day"),
        ({"lasts": "date", "until": "soon"}, "Choose the last day"),
        ({"lasts": "date", "until": "9999-12-31"}, "Choose the last day"),
        ({"lasts": "date", "until": "2020-01-01"}, "lies in the past"),
        ({"name": "x" * 101}, "at most 100"),
        ({"embed_origins": "https://a.example https://b.example/x"}, "is no site"),
    ],
)
def test_what_makes_no_link_is_said_on_the_page(editor: Browser, fields: dict[str, str], said: str) -> None:
    number = editor.create()["id"]
    answer = editor.post(f"/workflows/{number}/share", csrf=editor.csrf(), **fields)
    assert answer.status_code == 422
    assert said in answer.text
    with transaction(read_only=True) as session:
        assert session.scalars(select(Share)).all() == []


def test_a_forged_form_makes_no_link(editor: Browser) -> None:
    number = editor.create()["id"]
    for path in ("", "/visibility", "/1/revoke"):
        assert editor.post(f"/workflows/{number}/share{path}", csrf="x").status_code == 403


@pytest.mark.parametrize(("lasts", "days"), [("1", 1), ("7", 7), ("30", 30), ("never", None)])
def test_a_link_lasts_as_long_as_it_was_said(editor: Browser, lasts: str, days: int | None) -> None:
    number = editor.create()["id"]
    assert editor.post(f"/workflows/{number}/share", csrf=editor.csrf(), lasts=lasts).status_code == 201
    ends = made().expires_at
    if days is None:
        assert ends is None
    else:
        assert ends
        assert abs(ends - now() - timedelta(days=days)) < timedelta(minutes=1)


def test_a_link_until_a_date_works_on_that_day(editor: Browser) -> None:
    number = editor.create()["id"]
    today = now().date().isoformat()
    editor.post(f"/workflows/{number}/share", csrf=editor.csrf(), lasts="date", until=today)
    ends = made().expires_at
    assert ends
    assert ends.isoformat() == f"{(now().date() + timedelta(days=1)).isoformat()}T00:00:00+00:00"


def test_the_snippet_for_other_sites_is_one_frame_whatever_the_title(editor: Browser) -> None:
    number = editor.create(POISON)["id"]
    page = editor.post(f"/workflows/{number}/share", csrf=editor.csrf(), embed_origins="https://wiki.example").text
    area = re.search(r'<textarea readonly id="made-frame"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert area
    found: list[tuple[str, dict[str, str | None]]] = []

    class Snippet(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

    Snippet().feed(unescape(area[1]))
    assert [tag for tag, _ in found] == ["iframe"]
    assert found[0][1]["title"] == POISON
    assert str(found[0][1]["src"]).endswith("?embed=1")


def test_a_colleague_shares_what_is_the_teams_but_does_not_hide_it(
    editor: Browser, sign_in: Callable[..., Browser]
) -> None:
    number = editor.create()["id"]
    colleague, viewer = sign_in("ann"), sign_in("vic", Role.VIEWER)
    page = colleague.get(f"/workflows/{number}/share").text
    assert 'name="visibility"' not in page
    assert colleague.post(f"/workflows/{number}/share", csrf=colleague.csrf()).status_code == 201
    hidden: Any = {"csrf": colleague.csrf(), "visibility": "private"}
    assert colleague.post(f"/workflows/{number}/share/visibility", **hidden).status_code == 403
    assert f"/workflows/{number}/share" not in viewer.get(f"/workflows/{number}").text
    assert f"/workflows/{number}/share" in colleague.get(f"/workflows/{number}").text


def test_a_draft_may_be_shared_with_a_hint(editor: Browser) -> None:
    number = editor.create()["id"]
    hint = "was not published yet"
    assert hint in editor.get(f"/workflows/{number}/share").text
    with transaction() as session:
        session.get_one(Workflow, number).status = "published"  # type: ignore[assignment]  # as the column stores it
    assert hint not in editor.get(f"/workflows/{number}/share").text
