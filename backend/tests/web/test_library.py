from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from app.accounts.models import Role
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.web.pages import library
from app.workflows.models import Workflow
from tests.web.conftest import Browser, step

TYPING = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_an_empty_library_says_what_to_do(editor: Browser) -> None:
    page = editor.get("/").text
    assert "There are no workflows yet" in page
    assert "Load the sample" in page
    assert "Import a recording" in page


def test_a_missing_sample_is_not_offered(editor: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(library, "SAMPLE", tmp_path / "no.zip")
    assert "Load the sample" not in editor.get("/").text
    assert editor.post("/samples", csrf=editor.csrf()).status_code == 404


def test_the_sample_is_loaded_with_one_click(editor: Browser) -> None:
    answer = editor.post("/samples", csrf=editor.csrf())
    assert answer.status_code == 303
    assert "Create an account for a new colleague" in editor.get(answer.headers["location"]).text


def test_a_viewer_is_not_offered_what_they_may_not_do(sign_in: Callable[..., Browser]) -> None:
    page = sign_in("vera", Role.VIEWER).get("/").text
    assert "There are no workflows yet" in page
    assert "data-open-import" not in page
    assert 'id="import"' not in page


def test_a_broken_cursor_is_explained_on_a_page(editor: Browser) -> None:
    answer = editor.get("/?cursor=%00")
    assert answer.status_code == 422
    assert "<h1>This cannot be used</h1>" in answer.text


def test_an_unknown_state_shows_all(editor: Browser) -> None:
    editor.create("Refund an order")
    assert "Refund an order" in editor.get("/?status=nonsense").text


def test_nothing_found_names_the_words_and_escapes_them(editor: Browser) -> None:
    editor.create("Refund an order")
    page = editor.get("/?q=<i>zebra").text
    assert "Nothing found" in page
    assert "“&lt;i&gt;zebra”" in page
    assert "Refund" not in page


@pytest.mark.parametrize("q", ["refund", "ord ref", "Invoi", "ledger page", "shop.example"])
def test_search_finds_names_steps_titles_and_addresses(editor: Browser, q: str) -> None:
    editor.create("Create a contact")
    editor.create("Refund an order", starting_url="https://shop.example", steps=[step("Invoices", "Ledger page")])
    page = editor.get(f"/?q={q}").text
    assert "Refund an order" in page
    assert "Create a contact" not in page


def test_typing_gets_the_list_alone(editor: Browser) -> None:
    editor.create("Refund an order")
    part = editor.get("/?q=refund", **TYPING).text
    assert "Refund an order" in part
    assert "<html" not in part
    assert part.startswith('<div id="results"')


def test_a_row_under_way_shows_how_far_it_is(editor: Browser) -> None:
    number = editor.create("Refund an order")["id"]
    assert "Waiting for a worker" in editor.get("/").text
    begun = update(LabelingRun).values(state=RunState.RUNNING, steps_labeled=1)
    with transaction() as session:
        session.execute(begun)
    for address in ("/", f"/progress?id={number}"):
        page = editor.get(address).text
        assert "1 of 2 steps" in page
        assert '<progress max="2" value="1"' in page
        assert "data-busy" in page
    with transaction() as session:
        session.execute(update(LabelingRun).values(state=RunState.SUCCEEDED))
        session.execute(update(Workflow).values(status="draft"))
    done = editor.get(f"/progress?id={number}").text
    assert "data-busy" not in done
    assert "Ready for review" in done


def test_progress_of_others_private_workflows_is_not_told(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    number = editor.create("Secret plan")["id"]
    with transaction() as session:
        session.execute(update(Workflow).values(visibility="private"))
    assert "Secret plan" in editor.get(f"/progress?id={number}").text
    assert "Secret plan" not in sign_in("carl").get(f"/progress?id={number}&id={2**62}&id=0").text


@pytest.mark.parametrize(
    "address",
    ["/?status=no&labels=no&owner=x&folder=-1&sort=no&tag=%2C", f"/?owner={9**30}&folder={9**30}", "/?owner=²"],
)
def test_what_makes_no_sense_in_an_address_is_passed_over(editor: Browser, address: str) -> None:
    editor.create("Refund an order")
    page = editor.get(address).text
    assert "Refund an order" in page
    assert 'class="chip"' not in page


def test_filters_are_chips_that_can_be_taken_away(editor: Browser) -> None:
    first = editor.create("Refund an order", starting_url="https://shop.example/orders")["id"]
    editor.create("Create a contact")
    token = {"X-CSRF-Token": editor.csrf()}
    changed = editor.client.patch(f"/api/v1/workflows/{first}", json={"tags": ["Money", "q4"]}, headers=token)
    assert changed.json()["tags"] == ["money", "q4"]
    page = editor.get("/?site=shop.example&tag=money&tag=q4&sort=name").text
    assert "Refund an order" in page
    assert "Create a contact" not in page
    assert page.count('class="chip"') == 3
    assert 'href="/?sort=name&amp;tag=money&amp;tag=q4"' in page
    assert 'href="/?site=shop.example&amp;sort=name&amp;tag=q4"' in page
    assert "Nothing found" in editor.get("/?site=crm.example&tag=money").text


def test_a_form_of_plain_html_ends_at_a_short_address(editor: Browser) -> None:
    answer = editor.get("/?q=refund&labels=&owner=&site=&tag=&status=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=refund")
    typed = editor.get("/?q=refund&labels=&owner=", **TYPING)
    assert typed.headers["hx-replace-url"] == "/?q=refund"


def test_long_lists_come_in_pages(editor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "PAGE", 2)
    for number in range(3):
        editor.create(f"Workflow {number}")
    first = editor.get("/").text
    assert "Workflow 2" in first
    assert "Workflow 0" not in first
    older = first.split('rel="next" href="')[1].split('"')[0]
    last = editor.get(older).text
    assert "Workflow 0" in last
    assert "Workflow 2" not in last
    assert 'rel="next"' not in last


def test_a_private_workflow_is_its_owners(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    number = editor.create("Secret plan")["id"]
    token = {"X-CSRF-Token": editor.csrf()}
    changed = editor.client.patch(f"/api/v1/workflows/{number}", json={"visibility": "private"}, headers=token)
    assert changed.status_code == 200
    assert "Secret plan" in editor.get("/").text
    colleague = sign_in("carl")
    assert "Secret plan" not in colleague.get("/").text
    assert colleague.get(f"/workflows/{number}").status_code == 404
    assert colleague.get(f"/workflows/{number}/live").status_code == 404
