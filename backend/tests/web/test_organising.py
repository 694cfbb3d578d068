"""Many workflows at once, folders, tags and the trash, as forms."""

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import Role
from app.core.db import transaction
from app.guides.models import ExportJob
from app.labeling.models import LabelingRun, RunState
from app.web.notices import COOKIE
from app.workflows.models import Workflow
from tests.web.conftest import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def do(browser: Browser, what: str, ids: Sequence[int], **fields: Any) -> str:
    """Press a button of the bar; the page that comes then."""
    answer = browser.client.post("/bulk", data={"csrf": browser.csrf(), "do": what, "id": ids, **fields})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == fields.get("next", "/")
    page: str = browser.get(answer.headers["location"]).text
    return page


def told(page: str) -> str:
    found = re.search(r"data-told>(.*?)</div>", page, re.DOTALL)
    assert found, page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def names(browser: Browser, address: str = "/") -> list[str]:
    return re.findall(r"data-name>([^<]*)</a>", browser.get(address).text)


def test_forms_of_others_are_refused(editor: Browser) -> None:
    for path in ("/bulk", "/bulk/export", "/folders", "/folders/1", "/folders/1/delete", "/samples"):
        assert editor.post(path, csrf="x" * 43, do="trash").status_code == 403, path


def test_no_selection_is_said(editor: Browser) -> None:
    assert told(do(editor, "trash", [])) == "Select some workflows first"


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
def test_a_form_leads_to_no_other_site(editor: Browser, next_: str) -> None:
    fields = {"csrf": editor.csrf(), "do": "trash", "next": next_}
    assert editor.post("/bulk", **fields).headers["location"] == "/"


@pytest.mark.parametrize("text", ["nonsense", "ä", "e30=", "W10="])
def test_a_broken_cookie_says_nothing(editor: Browser, text: str) -> None:
    editor.client.cookies.set(COOKIE, text.encode().decode("latin-1") if text.isascii() else "x")
    answer = editor.get("/")
    assert answer.status_code == 200
    assert "data-told" not in answer.text


def test_a_viewer_is_refused_and_told_so(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    number = editor.create("Refund an order")["id"]
    viewer = sign_in("vera", Role.VIEWER)
    page = viewer.get("/").text
    assert 'value="trash"' not in page
    assert "/organise" not in page
    for what in ("label", "publish", "archive", "folder", "tag", "untag", "trash"):
        said = told(do(viewer, what, [number], tags="a"))
        assert "“Refund an order” . Your role or your token lets you read workflows, not change them." in said, what
    assert names(editor) == ["Refund an order"]


def test_one_that_is_refused_does_not_stop_the_others(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    colleague = sign_in("carl")
    theirs = colleague.create("Of a colleague")["id"]
    mine = [editor.create(f"Mine {number}")["id"] for number in range(2)]
    said = told(do(editor, "trash", [mine[0], theirs, 2**62, mine[1]]))
    assert said.startswith("2 workflows deleted Left out: “Of a colleague” . Only the workflow's owner and admins")
    assert "1 workflow . There is no workflow with this number" in said
    assert names(editor) == ["Of a colleague"]


def test_deleting_is_undone_with_one_button(editor: Browser) -> None:
    ids = [editor.create(f"Workflow {number}")["id"] for number in range(3)]
    page = do(editor, "trash", ids, next="/?sort=name")
    assert told(page) == "3 workflows deleted"
    assert names(editor) == []
    assert "data-told" not in editor.get("/").text  # it is said once
    undone = re.findall(r'<input type="hidden" name="id" value="(\d+)">', page)
    assert list(map(int, undone)) == ids
    assert told(do(editor, "restore", ids)) == "3 workflows put back"
    assert len(names(editor)) == 3


def test_a_run_under_way_is_cancelled_by_deleting(editor: Browser) -> None:
    do(editor, "trash", [editor.create()["id"]])
    with transaction() as session:
        assert session.scalars(select(LabelingRun.state)).all() == [RunState.CANCELLED]


def test_the_trash_gives_back_or_erases(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    kept, gone = (editor.create(name)["id"] for name in ("Keep me", "Drop me"))
    do(editor, "trash", [kept, gone])
    page = editor.get("/trash").text
    assert "Keep me" in page
    assert "Drop me" in page
    assert "30 days" in page
    assert editor.get(f"/workflows/{kept}").status_code == 404
    assert "Keep me" not in sign_in("carl").get("/trash").text
    assert told(do(editor, "restore", [kept], next="/trash")) == "1 workflow put back"
    assert told(do(editor, "erase", [gone, kept], next="/trash")).startswith("1 workflow deleted for good Left out:")
    assert "The trash is empty" in editor.get("/trash").text
    assert names(editor) == ["Keep me"]
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Workflow)) == 1


def test_states_are_changed_where_they_can_be(editor: Browser) -> None:
    ready, busy = editor.create("Ready")["id"], editor.create("Busy")["id"]
    with transaction() as session:
        session.get_one(Workflow, ready).status = "draft"  # type: ignore[assignment]
    said = told(do(editor, "publish", [ready, busy]))
    assert said.startswith("1 workflow published Left out: “Busy” . A workflow that is processing can become draft")
    assert told(do(editor, "archive", [ready])) == "1 workflow archived"
    assert names(editor, "/?status=archived") == ["Ready"]


def test_labelling_again_joins_what_is_under_way(editor: Browser) -> None:
    number = editor.create()["id"]
    assert told(do(editor, "label", [number])) == "1 workflow is labelled again"
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(LabelingRun)) == 1


def test_folders_are_made_filled_renamed_and_deleted(editor: Browser) -> None:
    csrf = editor.csrf()
    number = editor.create("Refund an order")["id"]
    assert editor.post("/folders", csrf=csrf, name=" Finance ").status_code == 303
    assert editor.post("/folders", csrf=csrf, name="FINANCE").status_code == 409
    assert editor.post("/folders", csrf=csrf, name=" ").status_code == 422
    (folder,) = re.findall(r'href="/\?folder=(\d+)"', editor.get("/folders").text)
    assert told(do(editor, "folder", [number], folder=folder)) == "1 workflow moved"
    assert names(editor, f"/?folder={folder}") == ["Refund an order"]
    assert names(editor, "/?folder=0") == []
    assert editor.post(f"/folders/{folder}", csrf=csrf, name="Money").status_code == 303
    assert ">Money</a>" in editor.get("/").text
    assert editor.post(f"/folders/{folder}/delete", csrf=csrf).status_code == 303
    assert names(editor, "/?folder=0") == ["Refund an order"]
    assert "left out" in told(do(editor, "folder", [number], folder=folder)).lower()


def test_tags_are_added_and_taken_away_in_bulk(editor: Browser) -> None:
    ids = [editor.create(f"Workflow {number}")["id"] for number in range(2)]
    assert told(do(editor, "tag", ids, tags=" Money,  Q4  close,money,")) == "2 workflows tagged"
    assert len(names(editor, "/?tag=q4+close&tag=money")) == 2
    assert told(do(editor, "untag", ids[:1], tags="MONEY")) == "Tag taken from 1 workflow"
    assert names(editor, "/?tag=money") == ["Workflow 1"]
    answer = editor.client.post("/bulk", data={"csrf": editor.csrf(), "do": "tag", "id": ids, "tags": "x" * 51})
    assert answer.status_code == 422


def test_folder_and_tags_of_one_workflow(editor: Browser) -> None:
    number = editor.create("Refund an order")["id"]
    page = editor.get(f"/workflows/{number}/organise?next=/?q=refund").text
    assert 'name="next" value="/?q=refund"' in page
    fields = {"csrf": editor.csrf(), "tags": "money, q4", "folder": "", "next": "/?q=refund"}
    assert editor.post(f"/workflows/{number}/organise", **fields).headers["location"] == "/?q=refund"
    assert 'value="money, q4"' in editor.get(f"/workflows/{number}/organise").text
    assert editor.get(f"/workflows/{2**62}/organise").status_code == 404


def test_an_export_of_many_is_prepared_in_the_background(editor: Browser) -> None:
    numbers = [editor.create(name)["id"] for name in ("First", "Second")]
    fields = {"csrf": editor.csrf(), "format": "zip"}
    answer = editor.client.post("/bulk/export", data={**fields, "id": numbers})
    with transaction(read_only=True) as session:
        job = session.scalars(select(ExportJob)).one()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/exports/{job.id}")
    assert (sorted(job.workflow_ids), job.format, job.state) == (numbers, "zip", "waiting")
    editor.client.post("/bulk/export", data=fields)
    assert told(editor.get("/").text) == "Select some workflows first"
