"""Mouse, pen and finger: one step for what was meant, whatever the page does with the press."""

import pytest

from tests.browser.recorder.scenes import Stage


def test_click_on_what_is_within_a_button_is_a_click_on_the_button(play: Stage) -> None:
    scene = play("<button><b><i>Save</i></b></button>")
    scene.page.locator("i").click()
    assert scene.steps() == [("click", "Save", None)]


def test_picture_is_asked_for_before_the_step_that_names_it(play: Stage) -> None:
    scene = play("<button>Save</button>")
    scene.page.locator("button").click()
    messages = scene.messages()
    [step] = [message for message in messages if message["kind"] == "step"]
    moments = [message["moment"] for message in messages[: messages.index(step)] if message["kind"] == "moment"]
    assert step["moment"] in moments


def test_keys_that_are_held_are_told(play: Stage) -> None:
    scene = play("<button>Save</button><button>Send</button>")
    scene.page.locator("button").first.click(modifiers=["Control", "Shift"])
    scene.page.locator("button").last.click()
    told = [entry["step"]["target"]["attributes"].get("data-wp-keys") for entry in scene.entries()]
    assert told == ["Control+Shift", None]


def test_middle_button_is_told(play: Stage) -> None:
    scene = play("<a href=#one>One</a><a href=#two>Two</a>")
    with scene.page.context.expect_page():
        scene.page.locator("a").first.click(button="middle")
    scene.page.bring_to_front()
    scene.page.locator("a").last.click()
    told = [entry["step"]["target"]["attributes"].get("data-wp-button") for entry in scene.entries()]
    assert told == ["middle", None]


def test_drag_tells_from_where_in_the_thing_to_where_in_the_page(play: Stage) -> None:
    scene = play("<canvas style='position:absolute;left:40px;top:30px' width=200 height=100 aria-label=Plan></canvas>")
    scene.page.mouse.move(50, 50)
    scene.page.mouse.down()
    scene.page.mouse.move(150, 90, steps=4)
    scene.page.mouse.up()
    [dragged] = scene.entries()
    assert dragged["step"]["target"]["attributes"]["data-wp-drag"] == "10,20,150,90"


@pytest.mark.parametrize(
    "answer",
    [
        "this.remove()",
        "this.outerHTML = this.outerHTML",
        "document.body.innerHTML = '<p>All done</p>'",
        "this.style.display = 'none'",
        "this.textContent = 'Saving'",
    ],
)
@pytest.mark.parametrize("event", ["onpointerdown", "onmousedown"])
def test_button_that_changes_when_it_is_pressed_is_said_as_it_was(play: Stage, event: str, answer: str) -> None:
    scene = play(f'<button {event}="{answer}">Save</button>')
    scene.page.locator("button").click(no_wait_after=True)
    assert scene.settled(1) == [("click", "Save", None)]


def test_press_that_is_let_go_elsewhere_is_no_click(play: Stage) -> None:
    scene = play("<button>Save</button><p style='margin-top:200px'>Far away</p>")
    scene.page.locator("button").hover()
    scene.page.mouse.down()
    scene.page.locator("p").hover()
    scene.page.mouse.up()
    scene.page.locator("button").hover()
    assert scene.steps() == []


def test_disabled_controls_are_not_used(play: Stage) -> None:
    scene = play(
        "<button disabled><i>Save</i></button><button aria-disabled=true>Send</button>"
        "<fieldset disabled><button>Go</button></fieldset>"
    )
    for at in range(3):
        scene.page.locator("button").nth(at).click(force=True)
    assert scene.steps() == []


def test_pointer_that_a_container_has_captured_still_clicks_what_is_in_it(play: Stage) -> None:
    scene = play(
        "<div id=all><button>Save</button></div>"
        "<script>all.onpointerdown = (event) => all.setPointerCapture(event.pointerId)</script>"
    )
    scene.page.locator("button").click()
    assert scene.settled(1) == [("click", "Save", None)]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_key_on_a_button_is_one_click(play: Stage, key: str) -> None:
    scene = play("<button>Save</button>")
    scene.page.locator("button").focus()
    scene.page.keyboard.press(key)
    assert scene.steps() == [("click", "Save", None)]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_key_on_a_made_button_is_one_click(play: Stage, key: str) -> None:
    scene = play(
        "<div role=button tabindex=0 onkeydown='this.click()' onclick='n.value++'>Save</div><input id=n value=0>"
    )
    scene.page.locator("div").focus()
    scene.page.keyboard.press(key)
    assert scene.settled(1) == [("click", "Save", None)]


def test_events_that_scripts_make_are_no_steps(play: Stage) -> None:
    scene = play("""<button>Save</button><input><input type=checkbox><select><option>A<option>B</select>
      <form><button>Go</button></form><script>
      const [button, field, box, select, form] = document.body.children;
      button.click();
      button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
      button.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
      field.focus(); field.value = "x"; field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      box.click();
      select.value = "B"; select.dispatchEvent(new Event("change", { bubbles: true }));
      form.onsubmit = (event) => event.preventDefault(); form.requestSubmit();
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      field.blur();
    </script>""")
    assert scene.messages() == []


def test_double_click_on_a_row_is_one_step_and_on_a_button_two(play: Stage) -> None:
    scene = play("<table><tr ondblclick='this.append(1)'><td>Invoice 7</td></tr></table><button>Add</button>")
    scene.page.locator("td").dblclick()
    scene.page.locator("button").dblclick()
    assert scene.steps() == [("double_click", "Invoice 7", None), ("click", "Add", None), ("click", "Add", None)]


def test_thirty_quick_clicks_are_thirty_steps(play: Stage) -> None:
    scene = play("<button onclick='n.value++'>Add</button><output id=n>0</output>")
    box = scene.page.locator("button").bounding_box()
    assert box
    for _ in range(30):
        scene.page.mouse.click(box["x"] + 5, box["y"] + 5)
    assert scene.steps() == [("click", "Add", None)] * 30


def test_right_and_middle_click(play: Stage) -> None:
    scene = play("<a href='#x'>Report</a>")
    scene.page.locator("a").click(button="right")
    scene.page.locator("a").click(button="middle")
    assert scene.steps() == [("right_click", "Report", None), ("click", "Report", None)]


def test_click_on_an_empty_place_is_no_step(play: Stage) -> None:
    scene = play("<main style='height:400px'><p>Read me</p><section style='height:100px'></section></main>")
    scene.page.mouse.click(500, 300)
    scene.page.mouse.click(500, 650)
    scene.page.locator("p").click()
    assert scene.settled(0) == []


def test_click_on_words_that_the_page_answers_is_a_step(play: Stage) -> None:
    scene = play("<div id=list><p>Monday</p></div><script>list.onclick = () => list.append('!')</script>")
    scene.page.locator("p").click()
    assert scene.steps() == [("click", "Monday", None)]


def test_finger_is_a_click(play: Stage) -> None:
    scene = play("<button>Save</button>")
    box = scene.page.locator("button").bounding_box()
    assert box
    point = {"x": box["x"] + 5, "y": box["y"] + 5}
    scene.send("Emulation.setTouchEmulationEnabled", enabled=True)
    scene.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
    scene.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    assert scene.settled(1) == [("click", "Save", None)]


def test_details_and_link(play: Stage) -> None:
    scene = play("<details><summary>More</summary>Text</details><a href='#there' target=_self>There</a>")
    scene.page.locator("summary").click()
    scene.page.locator("a").click()
    assert scene.steps() == [("click", "More", None), ("click", "There", None)]


def test_page_that_stops_every_event_is_recorded_all_the_same(play: Stage) -> None:
    scene = play("""<button>Save</button><label>Name <input></label><script>
      for (const type of ["pointerdown", "pointerup", "mousedown", "click", "keydown", "beforeinput", "input"])
        addEventListener(type, (event) => event.stopImmediatePropagation(), true);
    </script>""")
    scene.page.locator("button").click()
    scene.page.locator("input").click()
    scene.page.keyboard.type("Ines")
    assert scene.steps() == [("click", "Save", None), ("input", "Name", "Ines")]
