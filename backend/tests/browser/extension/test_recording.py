"""Steps of all tabs and frames, in their order, each once."""

from playwright.sync_api import Page

from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import Site
from tests.services import wait_until


def test_a_page_that_was_open_is_recorded(extension: Extension, tab: Page) -> None:
    extension.do("start", name="Greet")
    tab.click("#one")
    tab.fill("#name", "Ada")
    tab.click("#two")
    status = extension.do("stop")

    assert status["recording"] is None
    assert extension.said() == ["click One", "input Name=Ada", "click Two"]
    assert extension.recording()["state"] == "review"


def test_steps_go_on_across_pages(extension: Extension, tab: Page, site: Site) -> None:
    extension.do("start")
    tab.click("#away")
    tab.wait_for_url("**/second")
    tab.click("#three")
    extension.do("stop")

    assert extension.said() == ["click Second page", "click Three"]
    assert [step["step"]["page"]["url"] for step in extension.steps()] == [site.address, f"{site.address}second"]


def test_what_the_browser_did_is_a_step_and_what_a_step_led_to_is_none(
    extension: Extension, tab: Page, site: Site
) -> None:
    site.pages["/moved"] = "<script>location = '/second'</script>"
    extension.do("start")
    tab.goto(f"{site.address}second?q=secret#part")
    tab.reload()
    tab.go_back()
    tab.click("#away")
    tab.wait_for_url("**/second")
    tab.goto(f"{site.address}moved")
    tab.wait_for_url("**/second")
    tab.click("#three")
    extension.do("stop")

    assert extension.said() == [
        f"navigate ={site.address}second",
        f"navigate ={site.address}second",
        f"navigate ={site.address}",
        "click Second page",
        f"navigate ={site.address}moved",
        "click Three",
    ]
    assert "secret" not in str(extension.dump())


def test_single_pages_go_back_too(extension: Extension, tab: Page, site: Site) -> None:
    extension.do("start")
    tab.evaluate("history.pushState(null, '', '/one')")
    tab.go_back()
    tab.wait_for_url(site.address)
    extension.wait_for_steps(1)
    extension.do("stop")

    assert extension.said() == [f"navigate ={site.address}"]


def test_a_page_that_goes_back_by_itself_does_so_because_of_the_click(
    extension: Extension, tab: Page, site: Site
) -> None:
    site.pages["/form"] = "<title>Form</title><button id=cancel onclick='history.back()'>Cancel</button>"
    tab.goto(f"{site.address}form")
    extension.do("start")
    tab.click("#cancel")
    tab.wait_for_url(site.address)
    tab.click("#one")
    extension.do("stop")

    assert extension.said() == ["click Cancel", "click One"]


def test_a_tab_that_a_link_opened_needs_no_words_and_going_back_does(
    extension: Extension, tab: Page, site: Site
) -> None:
    site.pages["/"] += "<a id=new href=/second target=_blank>In a new tab</a>"
    tab.reload()
    extension.do("start")
    with extension.context.expect_page() as opening:
        tab.click("#new")
    opening.value.click("#three")
    tab.bring_to_front()
    tab.click("#one")
    opening.value.bring_to_front()
    opening.value.close()
    tab.click("#two")
    extension.do("stop")

    assert extension.said() == [
        "click In a new tab",
        "click Three",
        f"navigate ={site.address}",
        "click One",
        "click Two",
    ]


def test_steps_in_frames_are_placed_on_the_whole_page(extension: Extension, tab: Page, site: Site) -> None:
    site.pages["/"] = f"""<title>Outer</title><body style="margin:0">
      <style>#outer {{ position: absolute; left: 100px; top: 50px; border: 10px solid }}</style>
      <iframe id=outer src="{site.elsewhere}middle"></iframe>"""
    site.pages["/middle"] = """<title>Middle</title><body style="margin:0"><button id=middle>Middle</button>
      <iframe id=inner srcdoc="<body style='margin:0'><button id=deep style='margin-left:7px'>Deep</button>"
       style="position:absolute;left:20px;top:30px;border:0"></iframe>"""
    tab.reload()
    extension.do("start")
    outer = tab.frame_locator("#outer")
    outer.locator("#middle").click()
    outer.frame_locator("#inner").locator("#deep").click()
    extension.do("stop")

    middle, deep = (step["step"] for step in extension.steps())
    assert middle["target"]["frame"] == ["#outer"]
    assert (middle["target"]["box"]["x"], middle["target"]["box"]["y"]) == (110, 60)
    assert deep["target"]["frame"] == ["#outer", "#inner"]
    assert (deep["target"]["box"]["x"], deep["target"]["box"]["y"]) == (137, 90)
    assert {step["page"]["url"] for step in (middle, deep)} == {site.address}
    assert {step["page"]["viewport"]["width"] for step in (middle, deep)} == {1000}


def test_a_paused_recording_hears_nothing(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.click("#one")
    status = extension.do("pause")
    assert status["recording"]["state"] == "paused"
    tab.click("#two")
    tab.click("#away")
    tab.wait_for_url("**/second")
    tab.click("#three")
    extension.do("resume")
    tab.click("#three")
    extension.do("stop")

    assert extension.said() == ["click One", "click Three"]


def test_what_was_typed_is_said_when_it_is_stopped(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.click("#name")
    tab.keyboard.type("half")
    extension.do("stop")

    assert extension.said() == ["input Name=half"]


def test_the_last_step_is_taken_back(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.click("#one")
    tab.click("#two")
    extension.wait_for_steps(2)
    status = extension.do("undo")
    assert status["recording"]["steps"] == 1
    tab.click("#two")
    extension.wait_for_steps(2)
    extension.do("undo")
    extension.do("undo")
    extension.do("undo")
    tab.fill("#name", "Ada")
    extension.do("stop")

    assert extension.said() == ["input Name=Ada"]


def test_nothing_is_left_of_a_discarded_recording(extension: Extension, tab: Page) -> None:
    extension.do("start")
    tab.click("#one")
    extension.wait_for_steps(1)
    extension.do("discard")
    tab.click("#two")
    extension.do("status")

    assert extension.dump() == {"recordings": [], "steps": [], "pictures": [], "moments": []}


def test_a_command_that_does_not_fit_is_refused_and_changes_nothing(extension: Extension, tab: Page) -> None:
    for command in ("pause", "resume", "stop", "undo", "discard"):
        assert extension.send(command)["error"] == "state"
    extension.do("start")
    assert extension.send("start")["error"] == "state"
    assert extension.send("resume")["error"] == "state"
    assert extension.send("upload", recordingId=extension.recording()["id"])["error"] == "state"
    assert extension.send("everything")["error"] == "refused"
    tab.click("#one")
    extension.do("stop")
    assert extension.said() == ["click One"]


def test_an_open_popup_sees_the_counter_move(extension: Extension, tab: Page) -> None:
    extension.do("start")
    extension.desk.evaluate(
        "chrome.storage.onChanged.addListener(({ status }) => { if (status) self.seen = status.newValue; })"
    )
    tab.click("#one")
    wait_until(lambda: extension.desk.evaluate("self.seen?.recording?.steps") == 1, "the counter")
    extension.do("stop")
    wait_until(lambda: extension.desk.evaluate("self.seen?.waiting[0]?.state") == "review", "review")


def test_steps_said_out_of_order_or_twice_are_kept_once(extension: Extension) -> None:
    """Straight to the store's rules: a frame repeats what it got no answer for."""
    extension.do("start")
    recording_id = extension.recording()["id"]
    extension.desk.evaluate(
        """async ([recordingId]) => {
          const { keep } = await import("/background/steps.js");
          const step = (value, ms) => ({ action: "input", timestamp: new Date(ms).toISOString(), target: null, value,
            value_kind: "text", page: { url: "", title: "", viewport: { width: 1, height: 1 } } });
          const from = (seq) => ({ recordingId, token: "t", seq, tabId: 1 });
          await keep(from(2), { kind: "amend", id: "a", step: step("new", 1000) });
          await keep(from(1), { kind: "step", id: "a", moment: null, step: step("old", 1000) });
          await keep(from(2), { kind: "amend", id: "a", step: step("new", 1000) });
          await keep(from(4), { kind: "withdraw", id: "b" });
          await keep(from(3), { kind: "step", id: "b", moment: null, step: step("never", 2000) });
          await keep(from(5), { kind: "step", id: "c", moment: null, step: step("first", 500) });
        }""",
        [recording_id],
    )
    extension.do("stop")

    assert extension.said() == ["input =first", "input =new"]


def test_a_page_that_was_gone_to_has_its_title(extension: Extension, tab: Page, site: Site) -> None:
    extension.do("start")
    tab.goto(f"{site.address}second")
    extension.wait_for_steps(1)
    wait_until(lambda: extension.steps()[0]["step"]["page"]["title"] == "Second", "the title")
    extension.do("stop")
