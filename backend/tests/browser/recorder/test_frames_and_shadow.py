"""Frames say who they are and are found where they are; shadow roots, open and closed, hide nothing."""

from typing import Any

import pytest

from tests.browser.recorder.scenes import Scene, Stage
from tests.services import wait_until

CHILD = "<!doctype html><body style='margin:0'><label>Card <input></label><button>Pay</button>"


def _frames(scene: Scene, *at: int) -> list[dict[str, Any]]:
    """Where the page's frames are; the empty page that each begins with may have said hello too."""

    def found() -> dict[str, dict[str, Any]]:
        return {frame["token"]: frame for frame in scene.run("__core.recording.frames()")}

    tokens = [_token(scene, each) for each in at]
    wait_until(lambda: set(tokens) <= set(found()))
    return [found()[token] for token in tokens]


def _token(scene: Scene, at: int) -> str:
    return scene.page.frames[at].evaluate("__core.recording.token")  # type: ignore[no-any-return]


@pytest.mark.parametrize("origin", ["app_test/pay", "shop_test"])
def test_frame_is_found_inside_its_border_and_padding(play: Stage, origin: str) -> None:
    address = f"http://{origin.replace('_', '.')}/"
    style = "position:absolute; left:50px; top:40px; border:5px solid; padding:3px; width:300px; height:100px"
    scene = play(f"<iframe id=pay style='{style}' src='{address}'></iframe>", **{origin: CHILD})
    [frame] = _frames(scene, 1)
    assert [frame[side] for side in ("x", "y", "width", "height")] == [58, 48, 300, 100]
    assert "pay" in frame["selector"]


def test_frame_within_a_shadow_root_and_a_frame_within_a_frame(play: Stage) -> None:
    scene = play(
        "<div id=host></div><script>host.attachShadow({ mode: 'open' }).innerHTML = '<iframe src=http://shop.test/></iframe>'</script>",
        shop_test="<!doctype html><iframe src='http://bank.test/'></iframe>",
        bank_test=CHILD,
    )
    _frames(scene, 1)
    wait_until(lambda: len(scene.page.frames) == 3)
    inner = scene.page.frames[2].evaluate("__core.recording.token")
    scene.page.frames[1].wait_for_function(
        "(token) => __core.recording.frames().some((frame) => frame.token === token)", arg=inner
    )


def test_frames_in_shadow_roots_are_counted_after_the_others(play: Stage) -> None:
    scene = play(
        "<div id=host></div><iframe id=plain src='http://shop.test/'></iframe><script>"
        "document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML ="
        " \"<iframe id=chat src='http://bad.test/'></iframe>\"</script>",
        shop_test=CHILD,
        bad_test=CHILD,
    )
    plain, chat = _frames(scene, 1, 2)
    assert {frame["selector"]: frame["index"] for frame in (plain, chat)} == {"#plain": 0, "#host >>> #chat": 1}


def test_messages_that_pages_forge_neither_crash_nor_misplace(play: Stage) -> None:
    forge = """<script>
      const marker = "workflow-platform-recorder";
      for (const said of ["", "who", "x".repeat(9999), "<b>", 7, null, {}, [], "abcdefgh"])
        parent.postMessage({ [marker]: said }, "*");
      parent.postMessage(null, "*"); parent.postMessage(marker, "*");
    </script>"""
    scene = play(
        "<iframe id=good src='http://shop.test/'></iframe><iframe id=bad src='http://bad.test/'></iframe>"
        "<script>postMessage({ 'workflow-platform-recorder': 'selfmade1' }, '*')</script>",
        shop_test=CHILD,
        bad_test=f"<!doctype html>{forge}",
    )
    good, bad = _frames(scene, 1, 2)
    assert (good["selector"], bad["selector"]) == ("#good", "#bad")
    assert (good["index"], bad["index"]) == (0, 1)
    wait_until(lambda: "abcdefgh" in str(scene.run("__core.recording.frames()")))
    scene.page.frames[2].evaluate(
        "token => parent.postMessage({ 'workflow-platform-recorder': token }, '*')", good["token"]
    )
    by_token = {frame["token"]: frame["selector"] for frame in scene.run("__core.recording.frames()")}
    assert (by_token[good["token"]], by_token["abcdefgh"]) == ("#good", "#bad")
    assert "selfmade1" not in by_token
    assert scene.cannot() == []


def test_page_does_not_hear_what_frames_tell_the_recorder(play: Stage) -> None:
    scene = play(
        "<script>self.heard = []; addEventListener('message', (event) => heard.push(event.data), true)</script><iframe src='http://shop.test/'></iframe>",
        shop_test=f"{CHILD}<script>parent.postMessage('hello', '*')</script>",
    )
    _frames(scene, 1)
    scene.page.wait_for_function("heard.length > 0")
    assert scene.page.evaluate("heard") == ["hello"]


def test_frame_that_stays_silent_is_said_once_when_it_is_used(play: Stage) -> None:
    scene = play("<iframe title='Old shop' src='http://silent.test/'></iframe>", silent_test=CHILD)
    scene.page.wait_for_load_state()
    for _ in range(2):
        scene.page.mouse.click(40, 25)
        scene.page.mouse.click(500, 500)
        scene.page.mouse.click(40, 25)
    wait_until(lambda: scene.cannot() == ["frame"])
    assert [message["detail"] for message in scene.said if message["kind"] == "cannot"] == ["Old shop"]


SHADOWED = """<div id=host></div><script>
  self.__closed = new WeakMap();
  const root = host.attachShadow({ mode: "MODE" });
  __closed.set(host, root);
  root.innerHTML = `<label>Name <input></label><label><input type=checkbox>News</label>
    <label>Size <select><option>S<option>M</select></label><button>Save</button>
    <form><label>Find <input name=q></label></form>`;
  root.querySelector("form").onsubmit = (event) => event.preventDefault();
</script>"""


@pytest.mark.parametrize("mode", ["open", "closed"])
def test_controls_of_a_shadow_root(play: Stage, mode: str) -> None:
    scene = play(SHADOWED.replace("MODE", mode))
    press, type_ = scene.page.keyboard.press, scene.page.keyboard.type
    scene.page.mouse.click(100, 20)
    press("Tab")
    press("Shift+Tab")
    type_("Ines")
    press("Tab")
    press("Space")
    press("Tab")
    press("ArrowDown")
    press("Tab")
    press("Enter")
    press("Tab")
    type_("lamps")
    press("Enter")
    assert scene.steps() == [
        ("input", "Name", "Ines"),
        ("check", "News", None),
        ("select", "Size", "M"),
        ("click", "Save", None),
        ("input", "Find", "lamps"),
        ("submit", "Find", None),
    ]


@pytest.mark.parametrize("mode", ["open", "closed"])
def test_pointer_in_a_shadow_root(play: Stage, mode: str) -> None:
    scene = play(SHADOWED.replace("MODE", mode))
    box = scene.page.evaluate(
        "(({ x, y }) => [x + 5, y + 5])(__closed.get(host).querySelector('button').getBoundingClientRect())"
    )
    scene.page.mouse.click(*box)
    assert scene.steps() == [("click", "Save", None)]
