"""Choices, states, files, drags and keys: what was meant, once."""

from pathlib import Path

import pytest

from tests.browser.recorder.scenes import Stage

LIST = """<button aria-haspopup=listbox aria-expanded=false aria-label=Size aria-controls=sizes>S</button>
<ul id=sizes role=listbox hidden><li role=option>S<li role=option>M<li role=option>L</ul><script>
  const opener = document.querySelector("button");
  opener.onclick = () => { sizes.hidden = false; opener.ariaExpanded = "true"; };
  sizes.EVENT = (event) => { opener.textContent = event.target.textContent; sizes.hidden = true;
    opener.ariaExpanded = "false"; };
</script>"""


@pytest.mark.parametrize("event", ["onclick", "onmousedown", "onpointerdown"])
def test_choice_from_a_made_list_is_one_select(play: Stage, event: str) -> None:
    scene = play(LIST.replace("EVENT", event))
    scene.page.locator("button").click()
    scene.page.locator("li", has_text="L").click()
    assert scene.settled(1) == [("select", "Size", "L")]


def test_list_that_is_opened_and_closed_by_escape_is_no_step(play: Stage) -> None:
    scene = play(
        LIST.replace("EVENT", "onclick")
        + "<script>onkeydown = () => { sizes.hidden = true; opener.ariaExpanded = 'false'; }</script>"
    )
    scene.page.locator("button").click()
    scene.page.keyboard.press("Escape")
    assert scene.settled(0) == []


def test_several_choices_of_a_list_are_one_select(play: Stage) -> None:
    scene = play("""<ul role=listbox aria-multiselectable=true aria-label=Tags>
      <li role=option aria-selected=false>Red<li role=option aria-selected=false>Blue
      <li role=option aria-selected=true>Green</ul><script>
      document.querySelector("ul").onclick = ({ target }) => { target.ariaSelected = target.ariaSelected !== "true"; };
    </script>""")
    for name in ("Red", "Blue", "Green"):
        scene.page.locator("li", has_text=name).click()
    assert scene.steps() == [("select", "Tags", "Red, Blue")]


def test_arrow_keys_on_a_select_are_its_last_choice(play: Stage) -> None:
    scene = play("<label>Size <select><option>S<option>M<option>L</select></label>")
    scene.page.locator("select").focus()
    for _ in range(2):
        scene.page.keyboard.press("ArrowDown")
    assert scene.steps() == [("select", "Size", "L")]


def test_the_own_value_of_the_option_is_told_too(play: Stage) -> None:
    scene = play(
        "<label>Size <select><option value=s>Small<option value=m>Middle</select></label>"
        "<label>Tags <select multiple><option value=a>A<option value=b>B</select></label>"
    )
    scene.page.locator("select").first.focus()
    scene.page.keyboard.press("ArrowDown")
    scene.page.locator("option", has_text="B").click()
    told = [entry["step"]["target"]["attributes"].get("data-wp-option") for entry in scene.entries()]
    assert told == ["m", None]


@pytest.mark.parametrize("where", ["input", "span"])
def test_checkbox_by_itself_or_its_label_is_one_check(play: Stage, where: str) -> None:
    scene = play("<label><input type=checkbox><span>News</span></label>")
    scene.page.locator(where).click()
    assert scene.steps() == [("check", "News", None)]


def test_checkbox_that_other_checkboxes_follow_is_one_check(play: Stage) -> None:
    scene = play("""<label><input type=checkbox id=all>All</label><label><input type=checkbox>One</label>
      <label><input type=checkbox>Two</label>
      <script>all.onchange = () =>
        document.querySelectorAll("input:not(#all)").forEach((each) => each.click());</script>""")
    scene.page.locator("#all").click()
    assert scene.steps() == [("check", "All", None)]


def test_made_states_say_what_they_came_to(play: Stage) -> None:
    scene = play("""<div role=checkbox tabindex=0 aria-checked=true>News</div>
      <div role=switch tabindex=0 aria-checked=false>Sound</div><script>
      onclick = ({ target }) => { target.ariaChecked = target.ariaChecked !== "true"; };
      onkeydown = (event) => { if (event.key === " ") event.target.click(); };
    </script>""")
    scene.page.locator("[role=checkbox]").click()
    scene.page.locator("[role=switch]").focus()
    scene.page.keyboard.press("Space")
    assert scene.settled(2) == [("uncheck", "News", None), ("toggle", "Sound", "on")]


def test_files_are_their_names_only(play: Stage, tmp_path: Path) -> None:
    scene = play("<button onclick='files.click()'>Attach</button><input type=file id=files multiple hidden>")
    names = [tmp_path / name for name in ("a.txt", "b.txt")]
    for name in names:
        name.write_text("c4nary-7")
    with scene.page.expect_file_chooser() as chooser:
        scene.page.locator("button").click()
    chooser.value.set_files(names)
    assert scene.settled(1) == [("upload", "Attach", "a.txt, b.txt")]
    assert str(tmp_path) not in str(scene.messages())
    assert "c4nary" not in str(scene.messages())


def test_keys_that_move_or_type_are_no_steps_and_shortcuts_are(play: Stage) -> None:
    scene = play("<label>Name <input></label><button>Go</button>")
    scene.page.locator("input").click()
    for key in ("Shift", "Tab", "Shift+Tab", "ArrowLeft", "Home", "Control+ArrowLeft", "Control+z", "F5"):
        if key != "F5":
            scene.page.keyboard.press(key)
    scene.page.keyboard.press("Control+Shift+P")
    assert scene.steps() == [("press", "Name", "Control+Shift+P")]


def test_single_key_is_a_step_where_the_page_answers_it(play: Stage) -> None:
    scene = play("<p id=p></p><script>onkeydown = (event) => { if (event.key === 'j') p.append('!'); }</script>")
    scene.page.keyboard.press("k")
    scene.page.keyboard.press("j")
    assert [step[::2] for step in scene.settled(1)] == [("press", "J")]


def test_escape_is_a_step_where_it_closes_something(play: Stage) -> None:
    scene = play("<dialog id=d><button>In</button></dialog><script>d.showModal()</script>")
    scene.page.keyboard.press("Escape")
    assert [step[::2] for step in scene.settled(1)] == [("press", "Escape")]
    scene.page.keyboard.press("Escape")
    assert len(scene.settled(1)) == 1


def test_page_that_copies_by_a_button_is_clicked_only(play: Stage) -> None:
    scene = play("""<input id=t value=code readonly aria-label=Link><button>Copy</button><script>
      document.querySelector("button").onclick = () => { t.select(); document.execCommand("copy"); };
    </script>""")
    scene.page.locator("button").click()
    assert scene.steps() == [("click", "Copy", None)]


def test_words_that_are_marked_with_the_mouse_are_no_drag(play: Stage) -> None:
    scene = play("<p>A long line of words to mark</p>")
    box = scene.page.locator("p").bounding_box()
    assert box
    scene.page.mouse.move(box["x"] + 5, box["y"] + 8)
    scene.page.mouse.down()
    scene.page.mouse.move(box["x"] + 150, box["y"] + 8, steps=4)
    scene.page.mouse.up()
    assert scene.settled(0) == []


def test_menu_that_a_style_sheet_opens_is_pointed_at_first(play: Stage) -> None:
    scene = play("""<style>nav ul ul { display: none } nav li:hover > ul { display: block }
      a:hover { opacity: 1 }</style>
      <nav><ul><li><a href=#p>Products</a><ul><li><a href=#l>Lamps</a></ul><li><a href=#c>Contact</a></ul></nav>""")
    scene.page.get_by_text("Products").hover()
    scene.page.get_by_text("Lamps").click()
    scene.page.get_by_text("Contact").click()
    assert scene.steps() == [("hover", "Products", None), ("click", "Lamps", None), ("click", "Contact", None)]
