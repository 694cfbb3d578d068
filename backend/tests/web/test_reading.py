"""The reader's page as it is sent: what it tells browsers, and which openings count."""

from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.accounts import users
from app.accounts.actor import of_user
from app.core.clock import now
from app.core.db import transaction
from app.web.pages.reading import _count
from app.workflows import labels, shares, views
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Share, Workflow
from tests.web.conftest import Browser, step
from tests.web.test_poisoned_recording import ADDRESSES, POISON, Page, poisoned


def share(workflow: dict[str, Any], **fields: Any) -> str:
    """The path of a new link."""
    with transaction() as session:
        owner = of_user(users.get(session, session.scalars(select(Workflow.owner_id)).first() or 0))
        return f"/s/{shares.create(session, workflow['id'], owner, **fields)[1]}"


def counted(workflow: dict[str, Any]) -> int:
    with transaction(read_only=True) as session:
        return views.total(session, workflow["id"])


SAME = ("content-security-policy", "x-frame-options", "cache-control", "referrer-policy", "x-robots-tag")


def test_a_workflow_in_the_trash_is_a_page_that_never_was(editor: Browser, browser: Browser) -> None:
    workflow = editor.create()
    link = share(workflow, embed_origins=["https://wiki.example"])
    with transaction() as session:
        session.execute(update(Workflow).values(deleted_at=now()))
    dead, none = browser.get(f"{link}?embed=1"), browser.get("/s/nothing?embed=1")
    assert dead.status_code == none.status_code == 404
    assert dead.text == none.text
    assert [dead.headers[name] for name in SAME] == [none.headers[name] for name in SAME]
    assert "frame-ancestors 'none'" in dead.headers["content-security-policy"]
    assert browser.get(f"{link}/guide.md").status_code == 404
    assert counted(workflow) == 0


@pytest.mark.parametrize(
    ("origins", "query", "framed"),
    [
        (["https://wiki.example", "http://localhost:3000"], "?embed=1", True),
        (["https://wiki.example"], "", False),
        ([], "?embed=1", False),
    ],
)
def test_a_page_says_who_may_frame_it_and_tells_nobody_of_its_address(
    editor: Browser, browser: Browser, origins: list[str], query: str, framed: bool
) -> None:
    answer = browser.get(share(editor.create(), embed_origins=origins) + query)
    ancestors = answer.headers["content-security-policy"].partition("frame-ancestors ")[2]
    assert ancestors == (" ".join(origins) if framed else "'none'")
    assert answer.headers.get("x-frame-options") == (None if framed else "DENY")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert "set-cookie" not in answer.headers
    assert '<meta name="robots" content="noindex">' in answer.text


def test_no_other_page_may_be_framed(editor: Browser) -> None:
    workflow = editor.create()
    share(workflow, embed_origins=["https://wiki.example"])
    for path in ("/", f"/workflows/{workflow['id']}/share", f"/workflows/{workflow['id']}/read"):
        answer = editor.get(f"{path}?embed=1")
        assert answer.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "WhatsApp/2.23.20.0"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5"},
        {"User-Agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
        {"User-Agent": "LinkedInBot/1.0"},
    ],
)
def test_what_only_looks_at_a_link_is_no_view(editor: Browser, browser: Browser, headers: dict[str, str]) -> None:
    workflow = editor.create()
    link = share(workflow)
    assert browser.get(link, **headers).status_code == 200
    assert browser.client.head(link).status_code == 200
    assert counted(workflow) == 0


def test_every_opening_is_a_view_and_nothing_else_is(editor: Browser, browser: Browser) -> None:
    workflow = editor.create()
    link = share(workflow)
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
    for path in (link, f"{link}?embed=1", link):
        browser.get(path, **{"User-Agent": chrome})
    for path in (f"{link}/guide.md", f"/api/v1{link}"):
        browser.get(path)
    editor.get(f"/workflows/{workflow['id']}/read")
    assert counted(workflow) == 3


def test_a_view_that_cannot_be_counted_does_not_keep_from_reading(editor: Browser, browser: Browser) -> None:
    link = share(editor.create())
    with transaction() as session:
        found = session.scalars(select(Share)).one()
        session.execute(text("DROP TABLE workflow_views"))
    assert browser.get(link).status_code == 200
    _count(found)


def test_readers_of_an_archived_guide_are_told(editor: Browser, browser: Browser) -> None:
    link = share(editor.create())
    assert "was put away" not in browser.get(link).text
    with transaction() as session:
        session.execute(update(Workflow).values(status="archived"))
    assert "was put away" in browser.get(link).text


def test_notes_are_not_counted_and_variables_show_their_example(editor: Browser, browser: Browser) -> None:
    note = {"action": "note", "value": "Ask."}
    workflow = editor.create(steps=[step("New contact"), note, step("Save")])
    variables = [
        {"name": "customer", "label": "Customer", "example": "Acme"},
        {"name": "unused", "label": "Nowhere", "example": "Nothing"},
    ]
    with transaction() as session:
        session.execute(update(Workflow).values(variables=variables))
        first, asked, _ = (each["id"] for each in workflow["steps"])
        labels.add(session, {first: NewLabel("Open", 'Open "{{customer}}" of {{other}}.', source=LabelSource.AI)})
        labels.add(session, {asked: labels.by_person("Ask", "Ask {{customer}} first.", 1)})
    page = browser.get(share(workflow)).text
    assert 'id="note-2"' in page
    assert 'id="step-2"' in page
    assert page.count('<span class="variable" data-variable="customer">Acme</span>') == 2
    assert '<span class="variable" data-variable="other">{{other}}</span>' in page
    assert "Nowhere" not in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_recorded_acts_on_a_reader(editor: Browser, browser: Browser, address: str) -> None:
    workflow = editor.create(POISON, **poisoned(address))
    number = workflow["id"]
    link = share(workflow)
    for answer in (
        browser.get(link),
        browser.get(f"{link}?embed=1"),
        editor.get(f"/workflows/{number}/read"),
        editor.get(f"/workflows/{number}/share"),
        editor.post(
            f"/workflows/{number}/share", csrf=editor.csrf(), name=POISON[:100], embed_origins="https://a.example"
        ),
    ):
        assert answer.status_code < 300
        assert Page(answer.text).suspicious == []
        assert "alert(1)" in answer.text
    assert browser.get(f"{link}/guide.md").headers["content-type"].startswith("text/plain")
