"""A reader without an account: what they see, do, keep and print, and what a page can do to them."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy import update

from app.accounts.actor import Actor
from app.core.db import transaction
from app.recordings import importing
from app.workflows import labels, shares, steps, views
from app.workflows.content import Action, StepContent
from app.workflows.models import Share, Step, Workflow
from tests.browser.axe import violations
from tests.browser.conftest import TELL_VIOLATIONS
from tests.browser.test_first_pages import POISONED_ADDRESS, SAMPLE, is_loaded, store_json
from tests.web.test_poisoned_recording import POISON, poisoned

TITLE = "Create an account for a new colleague"


def share(actor: Actor, workflow_id: int, **fields: Any) -> tuple[Share, str]:
    with transaction() as session:
        return shares.create(session, workflow_id, actor, **fields)


@pytest.fixture
def guide(actor: Actor) -> int:
    """The sample, with a variable, a value to copy, and something to know between its steps."""
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    with transaction() as session:
        variable = {"name": "colleague", "label": "Name of the colleague", "example": "Jordan Lee"}
        session.execute(update(Workflow).where(Workflow.id == number).values(variables=[variable]))
        first, second, third = (view.step for view in steps.listed(session, number)[:3])
        words = {
            first: "Ask **whoever asked** for {{colleague}}, or read [the wiki](https://wiki.example/accounts).",
            second: 'Enter "{{colleague}}" in "Full name".',
            third: "Run `add-user --name {{colleague}}`.",
        }
        for step, said in words.items():
            labels.add(session, {step.id: labels.by_person("Account", said, actor.user_id)})
        for kind, said, position in (("warning", "Never by mail.", 3), ("tip", "Copy an account.", 5)):
            note = StepContent(action=Action.NOTE, note_kind=kind, value=said)
            added = steps.add(session, number, actor, note, position=position)
            session.execute(update(Step).where(Step.id == added.step.id).values(note_kind=kind))
    return number


@pytest.fixture
def link(actor: Actor, guide: int) -> str:
    """The address of the guide for whoever has it."""
    return f"/s/{share(actor, guide)[1]}"


def opened(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator(".following")).to_be_visible()  # the scripts have run


def test_a_dead_link_says_so_and_nothing_more(page: Page, actor: Actor, guide: int) -> None:
    made, secret = share(actor, guide)
    with transaction() as session:
        shares.revoke(session, made.id, actor)
    texts = []
    for tried in (secret, "x" * 43):
        answer = page.goto(f"/s/{tried}")
        assert answer
        assert answer.status == 404
        texts.append(page.locator("main").inner_text())
    assert texts[0] == texts[1]
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
    assert page.context.cookies() == []
    assert violations(page) == []


def test_a_guide_is_read_without_an_account_or_a_cookie(page: Page, link: str, tmp_path: Path) -> None:
    referrers: list[str] = []
    page.on("request", lambda request: referrers.append(request.headers.get("referer", "")))
    opened(page, link)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert page.locator(".step:not(.note)").count() == 14
    expect(page.locator(".callout-kind")).to_have_text(["Warning", "Tip"])
    wiki = page.get_by_role("link", name="the wiki")
    expect(wiki).to_have_attribute("href", "https://wiki.example/accounts")
    expect(wiki).to_have_attribute("rel", "noreferrer noopener nofollow")
    page.locator("#step-4 .shot").click()
    viewer = page.locator("dialog.viewer")
    expect(viewer).to_contain_text("Step 4: ")
    assert is_loaded(viewer.locator("img"))
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("Step 5: ")
    page.keyboard.press("Escape")
    expect(page.locator("#step-5 .shot")).to_be_focused()
    assert page.context.cookies() == []
    assert not any(link in referrer for referrer in referrers)
    log = (tmp_path / "server.log").read_text()
    assert "GET /s/… HTTP" in log
    assert link not in log


def test_pictures_come_when_they_are_near_and_nothing_moves_when_they_come(page: Page, link: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pictures/" in request.url else None)
    opened(page, link)
    assert is_loaded(page.locator("#step-1 .shot img"))
    assert 1 <= len(asked) < 12
    assert all("size=crop" in url for url in asked)
    before = page.evaluate("document.documentElement.scrollHeight")
    for picture in page.locator(".shot img").all():
        picture.scroll_into_view_if_needed()
        assert is_loaded(picture)
    assert page.evaluate("document.documentElement.scrollHeight") == before
    wrong = page.locator(".shot img").evaluate_all(
        "(all) => all.filter((one) => one.naturalWidth != one.getAttribute('width')"
        "|| one.naturalHeight != one.getAttribute('height')).length"
    )
    assert wrong == 0


def test_what_a_reader_fills_in_is_in_the_steps_and_stays_in_the_browser(page: Page, link: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    opened(page, link)
    expect(page.locator("#step-1 .instruction")).to_contain_text("Jordan Lee")
    page.get_by_label("Name of the colleague").fill("Ann <b>Ö")
    for number in (1, 2, 3):
        expect(page.locator(f"#step-{number} .instruction")).to_contain_text("Ann <b>Ö")
    page.get_by_label("Name of the colleague").press("Enter")
    page.reload()
    expect(page.locator("#step-2 .instruction")).to_contain_text("Ann <b>Ö")
    page.get_by_role("button", name="Copy add-user --name Ann <b>Ö").click()
    expect(page.locator("#said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "add-user --name Ann <b>Ö"
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.locator("[data-copy-markdown]")).to_have_class("copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"# {TITLE}")
    assert "Ann <b>Ö" in text
    assert "colleague}}" not in text
    page.get_by_label("Name of the colleague").fill("")
    expect(page.locator("#step-1 .instruction")).to_contain_text("Jordan Lee")
    assert not any("Ann" in request for request in sent)


def test_what_is_done_is_remembered_and_can_be_begun_anew(page: Page, link: str) -> None:
    opened(page, link)
    expect(page.locator("#done-words")).to_have_text("0 of 14 done")
    for number in (1, 3):
        page.locator(f"#step-{number}").get_by_label("Done").check()
    expect(page.locator("#done-words")).to_have_text("2 of 14 done")
    page.reload()
    expect(page.locator("#done-words")).to_have_text("2 of 14 done")
    expect(page.locator("#step-3").get_by_label("Done")).to_be_checked()
    page.get_by_role("button", name="Start over").click()
    expect(page.locator("#done-words")).to_have_text("0 of 14 done")
    assert link.rpartition("/")[2] not in json.dumps(page.evaluate("Object.entries(localStorage)"))


def test_a_link_to_a_step_leads_there(page: Page, link: str, server: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{link}?embed=1")
    page.locator("#step-9").get_by_role("button", name="Copy link").click()
    expect(page.locator("#said")).to_have_text("Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == f"{server}{link}#step-9"
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#step-9 .number")).to_be_in_viewport()


def test_a_guide_is_followed_by_keyboard_alone(page: Page, link: str) -> None:
    opened(page, link)
    page.keyboard.press("k")
    for _ in range(3):
        page.keyboard.press("j")
    expect(page.locator(".step:focus")).to_have_id("note-3")
    page.keyboard.press("d")
    page.keyboard.press("k")
    page.keyboard.press("d")
    expect(page.locator("#step-2").get_by_label("Done")).to_be_checked()
    expect(page.locator("#done-words")).to_have_text("1 of 14 done")
    page.get_by_label("Name of the colleague").focus()
    page.keyboard.type("jkd")
    expect(page.get_by_label("Name of the colleague")).to_have_value("jkd")
    expect(page.locator("#done-words")).to_have_text("1 of 14 done")


def test_without_scripts_the_guide_is_whole(chromium: Browser, server: str, link: str) -> None:
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    expect(page.locator("#step-1 .instruction")).to_contain_text("Jordan Lee")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_count(0)
    page.get_by_role("link", name="As Markdown").click()
    expect(page.locator("body")).to_contain_text(f"# {TITLE}")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_use_it(page: Page, link: str, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, link)
    page.locator("#step-1").get_by_label("Done").check()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints_as_a_document_with_all_pictures(page: Page, link: str) -> None:
    opened(page, link)
    page.locator("#step-1").get_by_label("Done").check()
    document = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = "\n".join(sheet.extract_text() for sheet in document.pages)
    assert TITLE in " ".join(text.split())
    assert "Jordan Lee" in text
    assert "https://wiki.example/accounts" in text
    assert f"1 / {len(document.pages)}" in text
    for control in ("Done", "Copy link", "Contents", "Start over", "Make it yours"):
        assert control not in text
    pictures = sum(len(sheet.images) for sheet in document.pages)
    assert pictures == page.locator(".shot img").count()
    width, height = document.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)


@contextmanager
def site(folder: Path, html: str) -> Iterator[str]:
    """A page of another origin; yields its origin."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    folder.mkdir()
    (folder / "index.html").write_text(html)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_only_the_sites_that_a_link_names_can_show_it(
    chromium: Browser, server: str, actor: Actor, guide: int, tmp_path: Path
) -> None:
    frame = '<!doctype html><title>Wiki</title><iframe width="900" height="700" src="{}"></iframe>'
    context = chromium.new_context()
    context.add_init_script(TELL_VIOLATIONS)
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    with site(tmp_path / "other", "") as other, site(tmp_path / "wiki", "") as wiki:
        for allowed, query, seen in (
            ([wiki], "?embed=1", True),
            ([other], "?embed=1", False),
            ([], "?embed=1", False),
            ([wiki], "", False),
        ):
            secret = share(actor, guide, embed_origins=allowed)[1]
            (tmp_path / "wiki" / "index.html").write_text(frame.format(f"{server}/s/{secret}{query}"))
            told.clear()
            page.goto(wiki)
            heading = page.frame_locator("iframe").get_by_role("heading", level=1)
            if seen:
                expect(heading).to_have_text(TITLE)
                inside = page.frame_locator("iframe")
                inside.locator("#step-1").get_by_label("Done").check()
                expect(inside.locator("#done-words")).to_have_text("1 of 14 done")
                assert [text for text in told if "Failed to load" not in text] == []  # its site has no icon
            else:
                expect(heading).to_have_count(0)
                assert any("frame-ancestors" in text for text in told), told
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("query", ["", "?embed=1"])
def test_a_poisoned_recording_does_nothing_to_a_reader(page: Page, actor: Actor, query: str) -> None:
    number, _ = store_json(actor, json.dumps({"name": POISON, **poisoned(POISONED_ADDRESS)}))
    with transaction() as session:
        variable = {"name": "x", "label": POISON[:100], "example": POISON[:200]}
        session.execute(update(Workflow).where(Workflow.id == number).values(variables=[variable]))
        first = steps.listed(session, number)[0].step.id
        words = f"{{{{x}}}} `{POISON}` **{POISON}** [{POISON}](https://x.example/) [y](javascript:alert(1))"
        labels.add(session, {first: labels.by_person(POISON[:200], words, actor.user_id)})
    opened(page, f"/s/{share(actor, number)[1]}{query}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(POISON)
    page.locator("[data-fills]").fill(POISON)
    expect(page.locator("#step-1 .variable").first).to_have_text(POISON)
    page.reload()
    expect(page.locator("#step-1 .variable").first).to_have_text(POISON)
    page.get_by_role("button", name="Copy as Markdown").click()
    assert page.locator("[href^=javascript]").count() == 0


def test_openings_are_counted_and_nothing_else_is_kept(
    page: Page, link: str, guide: int, wait_until: Callable[[Callable[[], object]], None]
) -> None:
    def counted() -> int:
        with transaction(read_only=True) as session:
            return views.total(session, guide)

    opened(page, link)
    wait_until(lambda: counted() == 1)
    page.reload()
    wait_until(lambda: counted() == 2)


@pytest.fixture
def wait_until(page: Page) -> Callable[[Callable[[], object]], None]:
    """The count is written after the answer."""

    def wait(is_so: Callable[[], object]) -> None:
        for _ in range(300):
            if is_so():
                return
            page.wait_for_timeout(100)
        pytest.fail("it never came")

    return wait


def test_signed_in_people_read_it_the_same_way(page: Page, guide: int, sign_in: Callable[[], None]) -> None:
    sign_in()
    opened(page, f"/workflows/{guide}/read")
    assert is_loaded(page.locator("#step-1 .shot img"))
    page.locator("#step-1").get_by_label("Done").check()
    expect(page.locator("#done-words")).to_have_text("1 of 14 done")
    assert violations(page) == []
