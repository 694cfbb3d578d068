"""Where on a picture something was clicked."""

import pytest

from tests.browser.recorder.conftest import Show
from tests.browser.recorder.core import ask

AT = "style='position:absolute;left:100px;top:50px;width:300px;height:150px'"
PLACE = "WpPlaces.of(element, extra)"


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [(101, 51, "upper left"), (250, 60, "top"), (399, 55, "upper right"), (110, 120, "left side"), (250, 125, "center"),
     (390, 125, "right side"), (110, 190, "lower left"), (250, 190, "bottom"), (399, 199, "lower right")],
)  # fmt: skip
def test_ninths_have_names(show: Show, x: int, y: int, words: str) -> None:
    found = ask(show(f"<canvas id=x {AT}></canvas>"), PLACE, extra={"x": x, "y": y})
    assert found == {"words": words, "x": x - 100, "y": y - 50}


@pytest.mark.parametrize(
    "html",
    [
        f"<button id=x {AT}>Save</button>",
        f"<button><img id=x {AT}></button>",
        f"<a href=/><svg id=x {AT}></svg></a>",
        "<canvas id=x width=20 height=20></canvas>",
        "<img id=x alt='not there'>",
        "<canvas id=x style='position:absolute;left:600px;top:600px'></canvas>",
    ],
)
def test_controls_icons_and_points_outside_have_no_place(show: Show, html: str) -> None:
    assert ask(show(html), PLACE, extra={"x": 150, "y": 60}) is None


NTH = "WpPlaces.nth(element)"
EDITOR = "<div contenteditable style='height:20px'>a</div>"
MINE = EDITOR.replace("<div", "<div id=x")


@pytest.mark.parametrize(
    ("html", "number"),
    [
        (MINE, "1/1"),
        (EDITOR + MINE + EDITOR, "2/3"),
        (f"{EDITOR}<div style='display:none'>{EDITOR}</div><label>Name <input></label>{MINE}", "2/2"),
        (f"<input><textarea></textarea><input type=checkbox>{MINE}", "3/3"),
        ("<div contenteditable style='height:40px'><p id=x contenteditable>b</p></div>", "1/1"),
        (EDITOR * 8 + MINE, "9/9"),
    ],
)
def test_fields_without_a_name_are_counted(show: Show, html: str, number: str) -> None:
    assert ask(show(html), NTH) == number


@pytest.mark.parametrize(
    "html",
    [
        "<input id=x aria-label=Name>",
        "<button id=x></button>",
        "<input id=x type=checkbox>",
        EDITOR * 9 + MINE,
        "<input>" * 200 + MINE,
        MINE.replace("20px", "0"),
    ],
)
def test_fields_that_nobody_would_count_are_not(show: Show, html: str) -> None:
    assert ask(show(html), NTH) is None


def test_fields_below_what_was_scrolled_away_are_not_counted(show: Show) -> None:
    page = show(f"<div id=pane style='height:50px;overflow:auto'>{EDITOR * 4}{MINE}</div>")
    assert ask(page, NTH) == "5/5"
    page.evaluate("pane.scrollTop = 30")
    assert ask(page, NTH) is None
