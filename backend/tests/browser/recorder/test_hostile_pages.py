"""Pages that break what a recorder relies on: it never throws into them, and what is known is still said."""

import pytest

from tests.browser.recorder.scenes import Scene, Stage

FORM = """<style>[name=city], button { position: absolute; left: 10px; top: 10px; width: 100px;
height: 20px; margin: 0 }
button { top: 60px }</style><form name=g><input name=closest type=hidden><input name=localName type=hidden>
<input name=parentNode type=hidden><input name=getAttribute type=hidden>
<label>City <input name=city></label><button type=button>Save</button></form>"""


def _use(scene: Scene) -> None:
    scene.page.mouse.click(50, 20)
    scene.page.keyboard.type("Bergen")
    scene.page.mouse.click(50, 70)


EXPECTED = [("input", "City", "Bergen"), ("click", "Save", None)]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "Element.prototype.matches = Element.prototype.closest = () => { throw new Error('no'); }",
        "Element.prototype.getAttribute = Element.prototype.getBoundingClientRect = () => null",
        "Event.prototype.composedPath = () => []; Object.defineProperty(Event.prototype, 'isTrusted', { value: true })",
        "Object.defineProperty(Node.prototype, 'parentNode', { get() { throw new Error('no'); } })",
        "Array.prototype[Symbol.iterator] = function* () {};"
        "Array.prototype.push = Array.prototype.filter = () => { throw new Error('no'); }",
        "Map.prototype.get = Map.prototype.set ="
        "WeakMap.prototype.get = WeakMap.prototype.set = () => { throw new Error('no'); }",
        "globalThis.MutationObserver = class { observe() { throw new Error('no'); } };"
        "globalThis.getComputedStyle = () => null",
        "globalThis.setTimeout = () => 0; globalThis.URL = globalThis.CSS = undefined",
        "Date = class { toISOString() { throw new Error('no'); } }; JSON.stringify = () => { throw new Error('no'); }",
        "for (const one of [Object, Array, Element, Node, Event, Map]) Object.freeze(one.prototype)",
        "Object.prototype.kind = 'click'; Object.prototype.element = document.body; Array.prototype.extra = 1",
        "Object.defineProperty(document, 'title', { get() { throw new Error('no'); } })",
        "document.querySelectorAll = document.elementFromPoint = () => { throw new Error('no'); }",
    ],
)
def test_overridden_built_ins_lose_no_step(play: Stage, script: str) -> None:
    scene = play(f"{FORM}<script>{script}</script>")
    wrong: list[str] = []
    scene.page.on("pageerror", lambda error: wrong.append(str(error)))
    _use(scene)
    assert scene.steps() == EXPECTED
    assert wrong == []


def test_title_that_an_element_hides_is_found(play: Stage) -> None:
    scene = play("<form name=title></form><button>Save</button>")
    scene.page.locator("button").click()
    [entry] = scene.entries()
    assert entry["step"]["page"]["title"] == "Scene"


def test_element_that_throws_when_it_is_asked_is_said_once_as_what_cannot_be(play: Stage) -> None:
    scene = play("""<button>Save</button><script>
      for (const name of ["checkVisibility", "ariaLabel", "labels"]) {
        Object.defineProperty(document.querySelector("button"), name, { get() { throw new Error("no"); } });
      }
    </script>""")
    scene.page.locator("button").click()
    assert scene.steps() == [("click", "Save", None)]


def test_host_that_fails_does_not_reach_the_page(play: Stage) -> None:
    scene = play(
        "<script>self.__isOwn = () => { throw new Error('gone'); }</script>"
        "<button onclick='n.value++'>Save</button><output id=n>0</output>"
    )
    wrong: list[str] = []
    scene.page.on("pageerror", lambda error: wrong.append(str(error)))
    scene.page.locator("button").click()
    assert scene.page.locator("output").inner_text() == "1"
    assert wrong == []


def test_own_elements_of_the_host_are_not_recorded(play: Stage) -> None:
    scene = play(
        "<script>self.__isOwn = (node) => Boolean(node.closest?.('#own'))</script>"
        "<div id=own><button>Stop</button><input></div><button>Save</button>"
    )
    scene.page.locator("#own button").click()
    scene.page.locator("#own input").click()
    scene.page.keyboard.type("x")
    scene.page.locator("button").nth(1).click()
    assert scene.steps() == [("click", "Save", None)]


def test_stopped_recording_hears_nothing_more(play: Stage) -> None:
    scene = play("<button>Save</button><label>Name <input></label>")
    scene.page.locator("input").click()
    scene.page.keyboard.type("Ines")
    scene.page.evaluate("__core.recording.stop()")
    before = len(scene.said)
    scene.page.keyboard.type("xyz")
    scene.page.locator("button").click()
    scene.page.evaluate("postMessage({ 'workflow-platform-recorder': 'abcdefgh' }, '*')")
    assert scene.steps() == [("input", "Name", "Ines")]
    assert len(scene.said) == before
