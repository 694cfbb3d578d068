"""The words around an element."""

import pytest

from tests.browser.recorder.conftest import Show
from tests.browser.recorder.core import ask

TABLE = """<table><thead><tr><th></th><th>Item</th><th colspan=2>Stock</th><th>Do</th></tr></thead>{rows}</table>"""
ROWS = "".join(
    f"<tr><td><input type=checkbox></td><td>{name}</td><td>{count}</td><td>box</td>"
    f"<td><button id=b{count}>Delete</button></td></tr>"
    for count, name in enumerate(("Bolt Cutters", "Hammer", "Saw"))
)
GRID = """<div role=grid><div role=row><span role=columnheader aria-colindex=2>Name</span>
<span role=columnheader aria-colindex=3>Action</span></div>
<div role=row><span role=gridcell aria-colindex=2>Ann</span>
<span role=gridcell aria-colindex=3><button>Edit</button></span></div>
<div role=row><span role=gridcell aria-colindex=2>Bob</span>
<span role=gridcell aria-colindex=3><button id=x>Edit</button></span></div></div>"""
CARDS = "".join(
    f"<div class='card big'><h3>{name}</h3><p>9 €</p><button class=buy id={name}>Add to cart</button></div>"
    for name in ("Bike", "Car", "Bus")
)

CASES = [
    ("label", "<label>Name: <input id=x></label>", "Name"),
    ("label", "<label for=x>First</label><label for=x>name *</label><input id=x>", "First name"),
    ("label", "<input id=x aria-label=Other>", None),
    ("placeholder", "<input id=x placeholder=Search>", "Search"),
    ("heading", "<h1>Shop</h1><h2>Carts</h2><p><button id=x>Go</button>", "Carts"),
    ("heading", "<h1>Shop</h1><aside><h2>Ads</h2></aside><button id=x>Go</button>", "Shop"),
    ("heading", "<h1>Shop</h1><ul><li><h3>One</h3></li><li><h3>Two</h3><button id=x>Go</button></li></ul>", "Two"),
    ("heading", "<h1>Shop</h1><h2 hidden>Secret</h2><button id=x>Go</button>", "Shop"),
    ("heading", "<h1>Shop</h1><h2><a id=x href=/>Own</a></h2>", "Shop"),
    ("heading", "<h1>Shop</h1><div role=dialog><button id=x>Go</button></div>", None),
    ("heading", "<h1>Shop</h1><div><template shadowrootmode=open><button id=x>Go</button></template></div>", "Shop"),
    ("section", "<fieldset><legend>Delivery address:</legend><input id=x></fieldset>", "Delivery address"),
    ("section", "<dialog open><h2>Delete item?</h2><button id=x>Yes</button></dialog>", "Delete item?"),
    ("section", "<div role=dialog aria-labelledby=t><b id=t>Share</b><form><b id=x>a</b></form></div>", "Share"),
    ("section", "<button id=t>Prices</button><div role=tabpanel aria-labelledby=t><input id=x></div>", "Prices"),
    ("section", "<nav aria-label=Main><ul><li><a id=x href=/>Home</a></ul></nav>", "Main"),
    ("section", "<details open><summary>More</summary><button id=x>Go</button></details>", "More"),
    ("section", "<section><section aria-label=Inner><div><i><b id=x>a</b></i></div></section></section>", "Inner"),
    ("section", "<nav aria-label=News><div><template shadowrootmode=open><b id=x>a</b></template></div></nav>", "News"),
    ("row", "<table><tr><th scope=row>Ann</th><td>1</td><td><button id=x>Edit</button></td></tr></table>", "Ann"),
    ("row", "<table><tr><td>17</td><td><b>Ann</b></td><td><button id=x>Edit</button></td></tr></table>", "Ann"),
    ("row", "<table><tr><td>17</td><td>18</td><td><button id=x>Edit</button></td></tr></table>", "17"),
    ("row", "<table><thead><tr><th>Name</th><th><button id=x>Sort</button></th></tr></thead></table>", None),
    ("row", GRID, "Bob"),
    ("row", "<table><tr><th scope=row><a id=x href=/u>Users</a></th><td><a href=/n>Add</a></td></tr></table>", None),
    ("row", "<table><tr><th scope=row><a href=/u>Users</a></th><td><a id=x href=/n>Add</a></td></tr></table>", "Users"),
    ("row", "<table><tr><td><a id=x href=/p>packing</a></td><td>Online</td></tr></table>", None),
    ("row", "<table><tr><td><a id=x>Ann</a></td><td>1</td></tr><tr><td><a>Bob</a></td><td>1</td></tr></table>", None),
    ("row", "<table><tr><td><a id=x>Do</a></td><td>Al</td></tr><tr><td><a>Do</a></td><td>Bo</td></tr></table>", "Al"),
    ("row", "<table><tr><td><button id=x>Edit</button> Ann</td><td>Bonn</td></tr></table>", "Ann"),
    ("row", "<ul><li>Ann <button>Edit</button></li><li>Bob <button id=x>Edit</button></li></ul>", "Bob"),
    ("row", "<ul><li>Ann <button>Edit</button></li><li><button id=x>New</button></li></ul>", None),
    ("row", "<ul><li>Ann <button>Edit</button></li><li>Soon <button id=x>New</button></li></ul>", None),
    ("row", "<ul><li><a href=/a>Ann</a></li><li><a id=x href=/b>Bob</a></li></ul>", None),
    ("row", "<p>Ann <button id=x>Edit</button>", None),
    ("column", GRID, "Action"),
    ("column", "<table><tr><th>A<th>B<tr><td>1<td><input id=x></table>", "B"),
    ("column", "<table><tr><th id=h>A<tr><td headers=h><input id=x></table>", "A"),
    ("column", "<table><tr><td>1<td><input id=x></table>", None),
    ("nearby", "<p>Before</p><span>Amount:</span> <input id=x>", "Amount"),
    ("nearby", "<label>Own <input id=x></label>", None),
    ("nearby", "<p>Seen</p><p hidden>Hidden</p><script>var a</script><p>×</p><input id=x>", "Seen"),
    ("nearby", "<p>Seen</p><p class=private>Ann</p><textarea>typed</textarea><input id=x>", "Seen"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "html", "words"), CASES)
def test_words_around(show: Show, key: str, html: str, words: str | None) -> None:
    assert ask(show(html), "WpContext.of(element)[extra]", extra=key) == words


@pytest.mark.parametrize(("at", "name"), list(enumerate(("Bolt Cutters", "Hammer", "Saw"))))
def test_equal_buttons_of_a_table_are_told_apart_by_their_rows(show: Show, at: int, name: str) -> None:
    context = ask(show(TABLE.format(rows=ROWS)), "WpContext.of(element)", f"#b{at}")
    assert (context["row"], context["column"]) == (name, "Do")


def test_equal_buttons_of_cards_are_told_apart_by_their_cards(show: Show) -> None:
    page = show(f"<div>{CARDS}</div>")
    assert [ask(page, "WpContext.of(element).row", f"#{name}") for name in ("Bike", "Car", "Bus")] == [
        "Bike",
        "Car",
        "Bus",
    ]


def test_private_row_names_nothing(show: Show) -> None:
    page = show("<table><tr class=private><td>Ann</td><td><button id=x>Edit</button></td></tr></table>")
    assert ask(page, "WpContext.of(element).row") is None


@pytest.mark.parametrize(
    "html",
    [
        "<table>" + "<tr><td>Ann</td><td><button>Edit</button></td></tr>" * 10_000 + "</table><button id=x>Go</button>",
        "<div>" + "<p>word <b>word</b></p>" * 10_000 + "<button id=x>Go</button></div>",
        "<ul>" + "<li>Ann <button>Edit</button></li>" * 10_000 + "<li>Bob <button id=x>Edit</button></li></ul>",
        "<button id=x>" + "<i>a</i>" * 20_000 + "</button>",
        "<div>" * 400 + "<button id=x>Go</button>" + "</div>" * 400,
        "<form><label>" + "<input>" * 20_000 + "<input id=x></label></form>",
    ],
    ids=["table", "text", "list", "wide", "deep", "label"],
)
def test_work_on_a_large_page_is_bounded(show: Show, html: str) -> None:
    page = show(html)
    looked = page.evaluate("""() => {
      let styles = 0;
      const real = getComputedStyle;
      WpPristine.within(() => { globalThis.getComputedStyle = (...given) => { styles++; return real(...given); }; });
      const element = document.getElementById('x');
      WpBudget.start();
      WpContext.of(element), WpNames.name(element), WpSelectors.of(element);
      globalThis.getComputedStyle = real;
      return [styles, WpBudget.used().queries];
    }""")
    assert looked[0] < 8_000
    assert looked[1] < 200
