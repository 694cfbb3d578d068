"""What DevTools' Recorder has no step for is done by a page, which has recorded texts in literals only."""

import pytest
from playwright.sync_api import Page

from app.guides import in_page
from app.workflows.content import Target

AROUND = "<!doctype html><title>Tried</title><body>"
POISON = """`${document.title = "stolen"}` "'</script>\\"""


def target(tag: str, *selectors: str | list[str], **attributes: str) -> Target:
    return Target(
        tag=tag, selectors=list(selectors), attributes={name.replace("_", "-"): v for name, v in attributes.items()}
    )


def play(page: Page, expression: str | None) -> None:
    """As the Recorder does: until it is true."""
    assert expression is not None
    page.wait_for_function(expression)
    assert page.title() == "Tried"


def test_several_options_are_chosen_by_what_they_say(page: Page) -> None:
    options = "".join(f"<option>{name}</option>" for name in ("Red, light", "Red", "Blue", "Green"))
    page.set_content(f"{AROUND}<select id=s multiple>{options}</select>")
    page.evaluate("s.onchange = () => { globalThis.chosen = [...s.selectedOptions].map((each) => each.text); }")
    play(page, in_page.choose_several(target("select", "#s"), "Red, light, Green"))
    assert page.evaluate("chosen") == ["Red, light", "Red", "Green"]


def test_what_only_looks_like_a_list_is_chosen_from_in_its_shadow_root(page: Page) -> None:
    page.set_content(f"{AROUND}<x-list></x-list>")
    page.evaluate("""() => {
      globalThis.chosen = [];
      document.querySelector("x-list").attachShadow({ mode: "open" }).innerHTML =
        "<div id=box></div>" + ["One", "Two", "Three"].map((name) => `<p role=option>${name}</p>`).join("");
      addEventListener("click", (event) => chosen.push(event.composedPath()[0].textContent));
    }""")
    play(page, in_page.choose_several(target("div", ["x-list", "#box"]), "One, Three"))
    assert page.evaluate("chosen") == ["One", "Three"]


def test_a_slider_that_is_none_is_moved_by_its_keys(page: Page) -> None:
    page.set_content(f"{AROUND}<div id=s role=slider tabindex=0 aria-valuenow=5></div>")
    page.evaluate("""() => {
      s.onkeydown = (event) => {
        s.ariaValueNow = String(Number(s.ariaValueNow) + { ArrowRight: 1, ArrowLeft: -1 }[event.key]);
      };
    }""")
    play(page, in_page.slide(target("div", "#s"), "2"))
    assert page.locator("#s").get_attribute("aria-valuenow") == "2"


@pytest.mark.parametrize(
    ("draggable", "heard"), [("true", ["dragstart", "drop", "dragend"]), ("false", ["pointerdown", "pointerup"])]
)
def test_it_is_dragged_onto_what_says_so(page: Page, draggable: str, heard: list[str]) -> None:
    page.set_content(f"{AROUND}<p id=one draggable={draggable}>One</p><section><p id=two>Two</p></section>")
    page.evaluate("""() => {
      globalThis.heard = [];
      for (const type of ["dragstart", "drop", "dragend", "pointerdown", "pointerup"])
        addEventListener(type, (event) => heard.push([type, event.target.id]));
    }""")
    play(page, in_page.drag(target("p", "#one"), "Two"))
    said = page.evaluate("heard")
    assert [type_ for type_, _ in said] == heard
    assert said[0][1] == "one"
    assert said[1][1] == "two"


def test_it_is_dragged_to_a_point_as_whoever_holds_the_pointer_sees_it(page: Page) -> None:
    page.set_content(f"{AROUND}<style>body {{ margin: 0 }}</style><div id=bar style='width: 20px; height: 20px'></div>")
    page.evaluate("""() => {
      bar.onpointerdown = (event) => bar.setPointerCapture(event.pointerId);
      bar.onpointermove = (event) => { globalThis.at = [event.clientX, event.clientY]; };
    }""")
    play(page, in_page.drag(target("div", "#bar", data_wp_drag="10,10,200,60"), None))
    assert page.evaluate("at") == [200, 60]
    assert page.evaluate("Element.prototype.setPointerCapture.toString()").endswith("{ [native code] }")


def test_a_field_is_left_and_a_letter_emptied(page: Page) -> None:
    page.set_content(f"{AROUND}<input id=field><div id=letter contenteditable>Dear</div>")
    page.focus("#field")
    play(page, in_page.leave(target("input", "#field")))
    assert page.evaluate("document.activeElement === document.body")
    page.evaluate("field.remove()")
    play(page, in_page.leave(target("input", "#field")))
    play(page, in_page.empty(target("div", "#letter")))
    assert page.locator("#letter").inner_text().strip() == ""


def test_it_scrolls_until_it_is_there(page: Page) -> None:
    page.set_content(
        f"{AROUND}<div id=all></div><script>let n = 0;"
        "const add = () => all.insertAdjacentHTML('beforeend', `<p id=p${n++}>${n}</p>`);"
        "const more = () => { for (let i = 0; i < 30; i++) add(); };"
        "more(); addEventListener('scroll', () => { if (n < 90) more(); });</script>"
    )
    play(page, in_page.scroll_until(target("p", "xpath///*[@id='p80']"), None, (0, 1_000_000)))
    assert page.locator("#p80").count() == 1


def test_a_recorded_text_stays_a_text(page: Page) -> None:
    page.set_content(f"{AROUND}<select id=s multiple><option>Red</option></select>")
    play(page, in_page.choose_several(target("select", "#s"), POISON + " WAY VALUE PANE"))
    page.set_content(f"{AROUND}<p id=one>One</p>")
    expression = in_page.drag(target("p", "#one", f"[title={POISON!r}]"), POISON + " WAY")
    assert expression is not None
    assert page.evaluate(expression) is False, "nothing says so"
    assert page.title() == "Tried"
