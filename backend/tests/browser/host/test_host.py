"""The host of the recorder's core: frames, pages, navigations, hostile pages, and what is left behind."""

import json
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.browser import core_script, record
from app.browser.errors import NothingRecorded, RecorderMissing
from app.browser.recording import Recording
from app.core.config import get_settings
from app.recordings.formats.reading import read
from tests.browser.host.conftest import SITE, serve

PRESS = "<title>Shop</title><button id=buy>Buy</button><a id=next href=/next>Next</a><input id=note>"


def told(recording: Recording) -> list[tuple[str, str | None]]:
    """What was done, to what: of a page, the last part of its address."""
    return [
        (step.action.value, step.target.name if step.target else (step.page.url or "").rpartition("/")[2])
        for step in recording.steps
    ]


def test_without_the_recorders_scripts_it_says_so(shop: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_script, "CORE", tmp_path)
    core_script.sources.cache_clear()
    with pytest.raises(RecorderMissing), record(shop):
        pass


def test_nothing_done_is_nothing_to_keep(shop: Page) -> None:
    with record(shop) as recording:
        pass
    assert recording.steps == []
    with pytest.raises(NothingRecorded):
        recording.save("nowhere.zip")


def test_what_was_done_before_an_error_is_kept(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS})
    with suppress(ZeroDivisionError), record(shop) as recording:
        shop.goto(f"{SITE}/")
        shop.click("#buy")
        _ = 1 / 0
    assert told(recording) == [("navigate", ""), ("click", "Buy")]


def test_a_browser_that_dies_loses_nothing_that_was_said(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
        shop.fill("#note", "held back")
        shop.click("#buy")
        context.close()
    assert told(recording) == [("navigate", ""), ("input", "note"), ("click", "Buy")]


def test_a_crashed_page_does_not_end_the_recording(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
        shop.click("#buy")
        with shop.expect_event("crash"):
            context.new_cdp_session(shop).send("Page.navigate", {"url": "chrome://crash"})
        other = context.new_page()
        other.goto(f"{SITE}/again")
    assert told(recording)[:2] == [("navigate", ""), ("click", "Buy")]
    assert told(recording)[-1] == ("navigate", "again")


def test_a_core_that_does_not_start_is_a_warning(
    shop: Page, context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files.json").write_text('["broken.js"]')
    (tmp_path / "broken.js").write_text(
        "var WpPristine = { within: (work) => work() }; var WpRecorder = { record() { throw Error('broken') } };"
    )
    monkeypatch.setattr(core_script, "CORE", tmp_path)
    core_script.sources.cache_clear()
    serve(context, {"": PRESS})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
    assert any("broken" in warning for warning in recording.warnings)


def test_the_page_that_is_open_is_the_first_step(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS})
    shop.goto(f"{SITE}/")
    with record(shop) as recording:
        shop.click("#buy")
    assert told(recording) == [("navigate", ""), ("click", "Buy")]
    assert recording.steps[0].page.title == "Shop"
    assert recording.content.starting_url == f"{SITE}/"


def test_a_page_on_which_nothing_was_done_is_no_step(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS, "next": PRESS})
    shop.goto(f"{SITE}/")
    with record(shop) as recording:
        shop.goto(f"{SITE}/next")
        shop.click("#buy")
        shop.goto(f"{SITE}/")
    assert told(recording) == [("navigate", "next"), ("click", "Buy"), ("navigate", "")]


def test_after_the_block_nothing_is_recorded(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS})
    with record(shop) as recording:
        shop.goto(f"{SITE}/")
    shop.click("#buy")
    shop.goto(f"{SITE}/next")
    shop.evaluate("1")
    assert told(recording) == [("navigate", "")]


def test_the_same_page_can_be_recorded_again(context: BrowserContext, shop: Page) -> None:
    serve(context, {"": PRESS})
    shop.goto(f"{SITE}/")
    for _ in range(2):
        with record(shop) as recording:
            shop.click("#buy")
        assert told(recording) == [("navigate", ""), ("click", "Buy")]


class TestNavigations:
    def test_what_a_person_asks_the_browser_for_is_a_step(self, context: BrowserContext, shop: Page) -> None:
        serve(context, {"": PRESS})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.goto(f"{SITE}/next")
            shop.go_back()
            shop.go_forward()
            shop.reload()
        assert told(recording) == [("navigate", path) for path in ("", "next", "", "next", "next")]

    def test_what_a_click_leads_to_is_none(self, context: BrowserContext, shop: Page) -> None:
        later = "<button id=later onclick=\"setTimeout(() => location.href = '/then', 300)\">Later</button>"
        back = '<button id=back onclick="history.back()">Back</button>'
        serve(context, {"": PRESS, "next": later, "then": back})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.click("#next")
            shop.click("#later")
            shop.click("#back")
            shop.wait_for_url("**/next")
        assert told(recording) == [("navigate", ""), ("click", "Next"), ("click", "Later"), ("click", "Back")]

    def test_history_within_a_single_page(self, context: BrowserContext, shop: Page) -> None:
        spa = "<button id=go onclick=\"history.pushState(1, '', '/deep')\">Go</button>"
        serve(context, {"": spa})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.click("#go")
            shop.go_back()
        assert told(recording) == [("navigate", ""), ("click", "Go"), ("navigate", "")]

    def test_an_address_that_leads_nowhere_is_none(self, context: BrowserContext, shop: Page) -> None:
        serve(context, {"": PRESS})
        context.route("**/nowhere", lambda route: route.abort())
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            with pytest.raises(Exception, match="ERR_FAILED"):
                shop.goto(f"{SITE}/nowhere")
        assert told(recording) == [("navigate", "")]


class TestPages:
    def test_pop_ups_and_tabs(self, context: BrowserContext, shop: Page) -> None:
        serve(context, {"": "<button id=o onclick=\"window.open('/popup')\">Open</button>", "popup": PRESS})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            with shop.expect_popup() as popup:
                shop.click("#o")
            popup.value.click("#buy")
            tab = context.new_page()
            tab.goto(f"{SITE}/tab")
        assert told(recording) == [("navigate", ""), ("click", "Open"), ("click", "Buy"), ("navigate", "tab")]
        assert recording.steps[2].page.url == f"{SITE}/popup"
        targets = [step.target for step in recording.steps]
        assert [target and target.attributes.get("data-wp-tab") for target in targets] == [None, None, "2", None]

    def test_a_document_that_is_written_anew_goes_on_being_recorded(self, context: BrowserContext, shop: Page) -> None:
        serve(context, {"": PRESS})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.set_content("<button id=other>Other</button>")
            shop.click("#other")
        assert told(recording) == [("navigate", ""), ("click", "Other")]


class TestFrames:
    PAGES: ClassVar = {
        "": '<body style="margin:0"><div style="height:90px"></div>'
        '<iframe id=outer src="http://other.test/outer" style="border:0;margin-left:40px"></iframe>',
        "outer": '<body style="margin:0"><p style="margin:0;height:20px"></p>'
        '<iframe id=inner src="http://third.test/inner" style="border:0"></iframe>',
        "inner": '<body style="margin:0"><button id=deep style="width:80px;height:30px">Deep</button>'
        '<input type=password style="display:block;width:100px;height:20px" value=x>',
    }

    def test_the_way_and_the_place_are_those_of_the_page(self, context: BrowserContext, shop: Page) -> None:
        serve(context, self.PAGES)
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.frame_locator("#outer").frame_locator("#inner").locator("#deep").click()
        step = recording.steps[1]
        assert step.target is not None
        assert step.target.box is not None
        assert step.target.frame == ["#outer", "#inner"]
        assert (step.target.box.x, step.target.box.y) == (40, 110)
        assert step.page.url == f"{SITE}/"

    def test_a_frame_that_vanishes_with_the_click(self, context: BrowserContext, shop: Page) -> None:
        gone = "<button id=gone onclick='frameElement.remove()'>Gone</button>"
        serve(context, {"": "<iframe id=f src=/frame></iframe>", "frame": gone})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.frame_locator("#f").locator("#gone").click()
            expect(shop.locator("#f")).to_have_count(0)
        assert told(recording) == [("navigate", ""), ("click", "Gone")]
        assert recording.steps[1].target
        assert recording.steps[1].target.frame == ["#f"]


class TestHostilePages:
    def test_a_page_finds_nothing_of_the_recorder(self, context: BrowserContext, shop: Page) -> None:
        look = "<script>window.found = Object.getOwnPropertyNames(globalThis).join()</script>" + PRESS
        serve(context, {"": look})
        shop.goto(f"{SITE}/")
        before = set(shop.evaluate("found").split(","))
        with record(shop):
            shop.reload()
            after = set(shop.evaluate("found").split(","))
            told_by_functions = shop.evaluate(
                "[history.back, Element.prototype.attachShadow].map(String).every((text) => text.includes('native'))"
            )
        assert after == before
        assert told_by_functions

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "null", '{"at": 1}', '{"at": 1, "facts": "{}", "message": null}', "x" * 600_000]
    )
    def test_what_is_no_message_is_a_warning(
        self, context: BrowserContext, shop: Page, text: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        serve(context, {"": PRESS})
        monkeypatch.setattr("app.browser.host.token_hex", lambda _: "known")
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.context.new_cdp_session(shop).send("Runtime.addBinding", {"name": "_known"})
            shop.evaluate("(text) => globalThis._known(text)", text)
            shop.click("#buy")
        assert told(recording) == [("navigate", ""), ("click", "Buy")]
        assert [warning[:36] for warning in recording.warnings] == ["Something that was done could not be"]

    def test_a_page_that_breaks_what_it_can_reach(self, context: BrowserContext, shop: Page) -> None:
        breaking = """<script>
          JSON.stringify = () => "broken"; setInterval = null; performance.now = () => NaN;
          History.prototype.back = null; EventTarget.prototype.dispatchEvent = null;
        </script>"""
        serve(context, {"": breaking + PRESS})
        with record(shop) as recording:
            shop.goto(f"{SITE}/")
            shop.mouse.click(15, 15)
        assert ("click", "Buy") in told(recording)


class TestWhatIsKept:
    def test_a_zip_that_an_import_takes(self, context: BrowserContext, shop: Page, tmp_path: Path) -> None:
        serve(context, {"": PRESS})
        with record(shop, "Buy something") as recording:
            shop.goto(f"{SITE}/")
            shop.click("#buy")
        path = recording.save(tmp_path / "new folder" / "buy.zip")
        [imported] = read(path.read_bytes(), limits=get_settings())
        assert imported.recording.name == "Buy something"
        assert [step.action for step in imported.recording.steps] == ["navigate", "click"]
        assert set(imported.screenshots) == set(recording.pictures) != set()
        assert imported.warnings == ()

    def test_secrets_in_addresses_stay_out(self, context: BrowserContext, shop: Page, tmp_path: Path) -> None:
        serve(context, {"": PRESS})
        with record(shop) as recording:
            shop.goto(f"{SITE}/?token=canary-7311#access_token=canary-7312")
            shop.click("#buy")
        kept = (
            recording.save(tmp_path / "buy.zip").read_bytes()
            + json.dumps([step.model_dump(mode="json") for step in recording.steps]).encode()
        )
        assert b"canary" not in kept
