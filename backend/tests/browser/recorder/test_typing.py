"""Typing: one step a field with its last value, none for what was taken back, and no secret is ever read."""

import pytest

from tests.browser.recorder.scenes import Stage


def test_click_into_a_field_that_is_typed_into_is_no_step(play: Stage) -> None:
    scene = play("<label>Name <input></label>")
    scene.page.locator("input").click()
    scene.page.keyboard.type("Ines")
    assert scene.steps() == [("input", "Name", "Ines")]


def test_value_is_said_before_the_page_is_left_or_dies(play: Stage) -> None:
    scene = play("<label>Name <input></label>")
    scene.page.locator("input").click()
    scene.page.keyboard.type("Ines")
    scene.page.goto("about:blank")
    assert [message["step"]["value"] for message in scene.said if "step" in message] == ["I", "Ines"]


def test_typed_and_corrected_is_one_step(play: Stage) -> None:
    scene = play("<label>Name <input></label><label>City <input></label><button>Go</button>")
    fields = scene.page.locator("input")
    fields.nth(0).click()
    scene.page.keyboard.type("Inse")
    fields.nth(1).click()
    scene.page.keyboard.type("Bergen")
    fields.nth(0).click()
    scene.page.keyboard.press("End")
    for key in ("Backspace", "Backspace", "e", "s"):
        scene.page.keyboard.press(key)
    scene.page.locator("button").click()
    assert scene.steps() == [("input", "Name", "Ines"), ("input", "City", "Bergen"), ("click", "Go", None)]


def test_typed_and_taken_back_is_none(play: Stage) -> None:
    scene = play("<label>Name <input value=Ada></label><label>City <input></label>")
    for at, letters in ((0, "xy"), (1, "z")):
        scene.page.locator("input").nth(at).click()
        scene.page.keyboard.press("End")
        scene.page.keyboard.type(letters)
        for _ in letters:
            scene.page.keyboard.press("Backspace")
    scene.page.locator("input").nth(0).focus()
    assert scene.steps() == []


def test_emptied_field_is_a_step_with_an_empty_value(play: Stage) -> None:
    scene = play("<label>Name <input value=Ada></label>")
    scene.page.locator("input").click()
    scene.page.keyboard.press("Control+a")
    scene.page.keyboard.press("Delete")
    assert scene.steps() == [("input", "Name", "")]


def test_field_that_the_page_empties_on_enter_keeps_what_was_typed(play: Stage) -> None:
    scene = play("""<label>Message <textarea></textarea></label><ul></ul><script>
      document.querySelector("textarea").onkeydown = (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        document.querySelector("ul").append(event.target.value);
        event.target.value = "";
      };
    </script>""")
    scene.page.locator("textarea").click()
    for text in ("Hello", "Are you there?"):
        scene.page.keyboard.type(text)
        scene.page.keyboard.press("Enter")
    assert scene.settled(4) == [
        ("input", "Message", "Hello"),
        ("press", "Message", "Enter"),
        ("input", "Message", "Are you there?"),
        ("press", "Message", "Enter"),
    ]


def test_enter_in_a_text_of_several_lines_is_typing(play: Stage) -> None:
    scene = play("<label>Notes <textarea></textarea></label>")
    scene.page.locator("textarea").click()
    scene.page.keyboard.type("One")
    scene.page.keyboard.press("Enter")
    scene.page.keyboard.type("Two")
    assert scene.steps() == [("input", "Notes", "One\nTwo")]


CELLS = """<div role="textbox" aria-label="First" contenteditable></div>
<div role="textbox" aria-label="Second" contenteditable></div><script>
  const [first, second] = document.querySelectorAll("div[contenteditable]");
  first.onkeydown = (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    answer();
  };
  const answer = () => %s;
</script>"""


def test_shift_and_enter_that_run_a_cell_are_a_step_of_their_own(play: Stage) -> None:
    scene = play(CELLS % "second.focus()")
    scene.page.locator("div").first.click()
    for text in ("rows = 42", "rows * 2"):
        scene.page.keyboard.type(text)
        scene.page.keyboard.press("Shift+Enter")
    assert scene.settled(3) == [
        ("input", "First", "rows = 42"),
        ("press", "First", "Shift+Enter"),
        ("input", "Second", "rows * 2"),
    ]


def test_shift_and_enter_of_which_an_editor_makes_a_line_are_typing(play: Stage) -> None:
    scene = play(CELLS % 'document.execCommand("insertLineBreak")')
    scene.page.locator("div").first.click()
    scene.page.keyboard.type("One")
    scene.page.keyboard.press("Shift+Enter")
    scene.page.keyboard.type("Two")
    scene.page.wait_for_timeout(200)  # longer than the recorder waits for what becomes of the key
    assert [step[0] for step in scene.steps()] == ["input"]


@pytest.mark.parametrize("button", ["<button>Go</button>", ""])
def test_enter_that_sends_a_form_is_one_submit(play: Stage, button: str) -> None:
    scene = play(f"<form onsubmit='event.preventDefault()'><label>Search <input name=q></label>{button}</form>")
    scene.page.locator("input").click()
    scene.page.keyboard.type("lamps")
    scene.page.keyboard.press("Enter")
    assert scene.steps() == [("input", "Search", "lamps"), ("submit", "Search", None)]


def test_button_that_sends_a_form_is_one_click(play: Stage) -> None:
    scene = play("<form onsubmit='event.preventDefault()'><label>Search <input></label><button>Go</button></form>")
    scene.page.locator("input").click()
    scene.page.keyboard.type("lamps")
    scene.page.locator("button").click()
    assert scene.steps() == [("input", "Search", "lamps"), ("click", "Go", None)]


def test_script_that_sends_a_form_when_a_field_is_left_is_no_step(play: Stage) -> None:
    scene = play(
        "<form onsubmit='event.preventDefault()'>"
        "<label>Name <input onchange='form.requestSubmit()'></label></form><button>Other</button>"
    )
    scene.page.locator("input").click()
    scene.page.keyboard.type("Ines")
    scene.page.locator("button").click()
    assert scene.steps() == [("input", "Name", "Ines"), ("click", "Other", None)]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("<input type=password aria-label=Field>", "password"),
        ("<input autocomplete=cc-number aria-label=Field>", "secret"),
        ("<input autocomplete='section-a one-time-code' aria-label=Field>", "secret"),
        ("<input aria-label='API key'>", "secret"),
        ("<textarea data-private aria-label=Field></textarea>", "secret"),
    ],
)
def test_secret_is_never_read(play: Stage, field: str, kind: str) -> None:
    scene = play(f"{field}<p contenteditable>.</p>")
    scene.page.locator("input, textarea").first.click()
    scene.page.keyboard.type("c4nary-7")
    scene.page.keyboard.press("Control+a")
    scene.page.keyboard.press("Control+c")
    scene.page.keyboard.press("Control+v")
    scene.page.keyboard.press("Tab")
    steps = [entry["step"] for entry in scene.entries()]
    assert steps[0]["action"] == "input"
    assert {(step["value"], step["value_kind"]) for step in steps if step["action"] == "input"} == {(None, kind)}
    assert "c4nary" not in str(scene.messages())


def test_code_in_boxes_is_one_secret(play: Stage) -> None:
    boxes = "".join(
        f"<input maxlength=1 aria-label='Digit {at}' oninput='this.nextElementSibling?.focus()'>" for at in range(6)
    )
    scene = play(f"<fieldset><legend>Code from your app</legend>{boxes}</fieldset><button>Go</button>")
    scene.page.locator("input").first.click()
    scene.page.keyboard.type("493817")
    scene.page.locator("button").click()
    assert scene.steps() == [("input", "Code from your app", None), ("click", "Go", None)]


def test_pasted_alone_is_a_paste_and_with_typing_an_input(play: Stage) -> None:
    scene = play("<label>From <input value=4711></label><label>To <input></label><label>Note <input></label>")
    fields = scene.page.locator("input")
    fields.nth(0).click(click_count=3)
    scene.page.keyboard.press("Control+c")
    fields.nth(1).click()
    scene.page.keyboard.press("Control+v")
    fields.nth(2).click()
    scene.page.keyboard.type("No. ")
    scene.page.keyboard.press("Control+v")
    assert scene.steps() == [("copy", "From", "4711"), ("paste", "To", "4711"), ("input", "Note", "No. 4711")]


def test_input_method_commits_once(play: Stage) -> None:
    scene = play("<form onsubmit='event.preventDefault()'><label>City <input></label></form>")
    scene.page.locator("input").click()
    for text in ("と", "とう", "東京"):
        scene.send("Input.imeSetComposition", text=text, selectionStart=len(text), selectionEnd=len(text))
    scene.send("Input.dispatchKeyEvent", type="rawKeyDown", key="Process", windowsVirtualKeyCode=229)
    scene.send("Input.insertText", text="東京")
    assert scene.steps() == [("input", "City", "東京")]


def test_field_with_a_mask_says_what_the_page_made_of_it(play: Stage) -> None:
    scene = play(
        '<label>Phone <input oninput=\'value = value.replace(/\\D/g, "")'
        '.replace(/^(\\d{3})(?=\\d)/, "$1-")\'></label><button>Go</button>'
    )
    scene.page.locator("input").click()
    scene.page.keyboard.type("5551234")
    scene.page.locator("button").click()
    assert scene.steps()[0] == ("input", "Phone", "555-1234")


def test_rich_text_is_its_words_and_formatting_is_a_step(play: Stage) -> None:
    scene = play("<div contenteditable role=textbox aria-label=Story></div><button>Go</button>")
    scene.page.locator("div").click()
    scene.page.keyboard.type("Once")
    scene.page.keyboard.press("Enter")
    scene.page.keyboard.type("upon")
    scene.page.keyboard.press("Control+b")
    scene.page.locator("button").click()
    assert scene.steps() == [("input", "Story", "Once\nupon"), ("press", "Story", "Control+B"), ("click", "Go", None)]


def test_all_that_is_marked_and_typed_over_is_one_input(play: Stage) -> None:
    scene = play("<div contenteditable role=textbox aria-label=Story>Once</div>")
    scene.page.locator("div").click()
    scene.page.keyboard.press("Control+a")
    scene.page.keyboard.type("Twice")
    assert scene.steps() == [("input", "Story", "Twice")]


def test_autofill_of_several_fields_is_an_input_each(play: Stage) -> None:
    """A password manager that acts through the browser changes fields that never had the focus."""
    scene = play("<label>Name <input></label><label>City <input></label>")
    for at, text in enumerate(("Ines", "Bergen")):
        scene.page.locator("input").nth(at).focus()
        scene.page.keyboard.insert_text(text)
    assert scene.steps() == [("input", "Name", "Ines"), ("input", "City", "Bergen")]


def test_field_that_goes_away_while_it_is_typed_into_keeps_its_step(play: Stage) -> None:
    scene = play(
        "<label>Name <input oninput='value.length > 2 && this.parentElement.remove()'></label><button>Go</button>"
    )
    scene.page.locator("input").click()
    scene.page.keyboard.type("Ine")
    scene.page.locator("button").click()
    assert scene.steps() == [("input", "Name", "Ine"), ("click", "Go", None)]


def test_date_and_colour_and_number_say_their_value(play: Stage) -> None:
    scene = play("<label>Day <input type=date></label><label>Seats <input type=number value=2></label>")
    scene.page.locator("input").nth(0).click(position={"x": 12, "y": 10})
    scene.page.keyboard.type("03092027")
    scene.page.locator("input").nth(1).click()
    scene.page.keyboard.press("ArrowUp")
    scene.page.keyboard.press("ArrowUp")
    assert scene.steps() == [("input", "Day", "2027-03-09"), ("input", "Seats", "4")]


def test_long_text_is_cut(play: Stage) -> None:
    scene = play("<label>Text <textarea></textarea></label>")
    scene.page.locator("textarea").click()
    scene.page.keyboard.insert_text("x" * 20_000)
    [entry] = scene.entries()
    assert len(entry["step"]["value"]) <= 5_000
