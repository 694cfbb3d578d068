from collections.abc import Callable

import pytest

from app.accounts.models import Role
from app.web.pages import library
from tests.web.conftest import Browser, step

TYPING = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_an_empty_library_says_what_to_do(editor: Browser) -> None:
    page = editor.get("/").text
    assert "There are no workflows yet" in page
    assert "samples/create-an-account.zip" in page
    assert "Import a recording" in page


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


def test_a_list_with_something_under_way_asks_again(editor: Browser) -> None:
    editor.create("Refund an order")
    assert 'hx-get="/?q=refund" hx-trigger="every' in editor.get("/?q=refund", **TYPING).text
    assert "hx-trigger" not in editor.get("/?q=nothing", **TYPING).text


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
