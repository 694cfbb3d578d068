"""What an element is called, and which element a click meant."""

import pytest

from tests.browser.recorder.conftest import Show
from tests.browser.recorder.core import ask

NAME = "[WpNames.role(element), WpNames.name(element)]"

NAMED = [
    ("<button id=x><svg aria-hidden=true></svg> Save </button>", "button", "Save"),
    ("<button id=x aria-label='Close dialog'>×</button>", "button", "Close dialog"),
    ("<span id=a>Billing</span> <span id=b>city</span><input id=x aria-labelledby='a b'>", "textbox", "Billing city"),
    ("<label for=x>Email *</label><input id=x type=email>", "textbox", "Email *"),
    ("<label>Email <input id=x value=me@here.example></label>", "textbox", "Email"),
    ("<input id=x placeholder='Search contacts' type=search>", "searchbox", "Search contacts"),
    ("<input id=x type=submit value='Send now'>", "button", "Send now"),
    ("<a id=x href=/a><img alt='Home'></a>", "link", "Home"),
    ("<a id=x>not a link</a>", None, None),
    ("<img id=x alt=Logo>", "img", "Logo"),
    ("<select id=x aria-label=Role><option>Admin</select>", "combobox", "Role"),
    ("<div id=x role='nonsense button'>Go</div>", "button", "Go"),
    ("<div id=x role=switch aria-checked=true aria-label=Alerts></div>", "switch", "Alerts"),
    ("<table><tr><th id=x>Ann</th><td>1</td></table>", "rowheader", "Ann"),
    ("<table><thead><tr><th id=x>Price</th></table>", "columnheader", "Price"),
    ("<section id=x>no name</section>", None, None),
    ("<section id=x aria-label=News></section>", "region", "News"),
    ("<label>Password <input id=x type=password></label>", None, "Password"),
    ("<my-b><template shadowrootmode=open><button id=x><slot></slot></button></template>Buy</my-b>", "button", "Buy"),
    ("<my-f label=City><template shadowrootmode=open><input id=x></template></my-f>", "textbox", "City"),
    ("<my-b id=x role=button><template shadowrootmode=open><i>Pay</i></template></my-b>", "button", "Pay"),
    ("<a id=x href=/b><h3>Blue bike</h3><p>" + "Light and quick. " * 10 + "</p></a>", "link", "Blue bike"),
    ("<div contenteditable id=x aria-label=Notes>typed words</div>", "textbox", "Notes"),
    ("<div contenteditable id=x>typed words</div>", "textbox", None),
    ("<input id=x aria-labelledby='x y' aria-label=Self><b id=y aria-labelledby=x>Y</b>", "textbox", "Self Y"),
    ("<button id=x>\u202eevil\u202c \x07bell\u200b</button>", "button", "evil bell"),
    ("<button id=x>" + "long " * 500 + "</button>", "button", None),
]  # fmt: skip


@pytest.mark.parametrize(("html", "role", "name"), NAMED)
def test_role_and_name(show: Show, html: str, role: str | None, name: str | None) -> None:
    assert ask(show(html), NAME) == [role, name]


PRIVATE = [
    "<button id=x aria-labelledby=otp>Go</button><input id=otp aria-label='' name=otp value=CANARY>",
    "<label id=x>Code <input name=otp value=CANARY></label>",
    "<label id=x>Code <span role=textbox aria-label=PIN>CANARY</span></label>",
    "<button id=x aria-labelledby=n>Go</button><div id=n role=textbox>CANARY</div>",
    "<p id=x class=private>CANARY</p>",
    "<a id=x href=/ class=fs-mask>CANARY</a>",
    "<div data-private><a id=x href=/>CANARY</a></div>",
    "<button id=x>Open <b data-hj-suppress>CANARY</b></button>",
    "<div id=x role=textbox contenteditable>CANARY</div>",
]


@pytest.mark.parametrize("html", PRIVATE)
def test_values_and_private_text_are_in_no_name(show: Show, html: str) -> None:
    page = show(html)
    said = ask(
        page, "JSON.stringify([WpNames.name(element), WpNames.text(element), WpTarget.describe(element, {window})])"
    )
    assert "CANARY" not in said


def test_button_in_a_private_region_keeps_its_name(show: Show) -> None:
    assert ask(show("<div class=private><p>Ann</p><button id=x>Delete</button></div>"), NAME) == ["button", "Delete"]


TEXTS = [
    ("<button id=x>Sa<b>ve</b><span hidden> now</span><i class=sr-only> it</i></button>", "Save"),
    ("<div id=x>One<p>Two</p>Three<script>no()</script><style>a{}</style></div>", "One Two Three"),
    ("<label id=x>Age <input value=42><select><option>9</select></label>", "Age"),
    ("<button id=x><i class=material-icons>delete</i> Remove</button>", "Remove"),
    ("<input id=x value=typed>", None),
    ("<textarea id=x>typed</textarea>", None),
    ("<p id=x style='display:none'>gone</p>", None),
]


@pytest.mark.parametrize(("html", "text"), TEXTS)
def test_text_is_what_a_person_reads(show: Show, html: str, text: str | None) -> None:
    assert ask(show(html), "WpNames.text(element)") == text


CONTROL = "(({localName, id}) => id || localName)(WpControls.of(element))"

MEANT = [
    ("<button id=b><svg><g><path id=x></path></g></svg></button>", "b"),
    ("<button id=b><span><i id=x>a</i></span></button>", "b"),
    ("<a href=/ id=b><article><h3 id=x>Bike</h3></article></a>", "b"),
    ("<label id=l><span id=x>Yes</span><input type=checkbox id=b></label>", "b"),
    ("<label for=b id=x>Yes</label><input type=radio id=b>", "b"),
    ("<label><a id=x href=/>terms</a><input type=checkbox id=b></label>", "x"),
    ("<ul role=listbox><li role=option id=b><span id=x>One</span></li></ul>", "b"),
    ("<div onclick='1' id=b><p><b id=x>Open</b></p></div>", "b"),
    ("<div style='cursor:pointer' id=b><p><b id=x>Open</b></p></div>", "b"),
    ("<main tabindex=0><p id=x>words</p></main>", "x"),
    ("<div contenteditable id=b><p>a <b id=x>c</b></p></div>", "b"),
    ("<div class=leaflet-container id=b><div><img id=x></div></div>", "b"),
    ("<svg id=b><path id=x></path></svg>", "b"),
    ("<my-b><template shadowrootmode=open><button id=b><i id=x>a</i></button></template></my-b>", "b"),
    ("<my-b id=b role=button><template shadowrootmode=open><i id=x></i></template></my-b>", "b"),
    ("<my-b id=b><template shadowrootmode=open><i id=x></i></template></my-b>", "b"),
    ("<my-b><template shadowrootmode=open><button id=b><slot></slot></button></template><i id=x>Buy</i></my-b>", "b"),
    ("<tr><td id=x>plain</td></tr><p id=x>plain</p>", "x"),
]


@pytest.mark.parametrize(("html", "control"), MEANT)
def test_click_means_the_control_around_what_was_hit(show: Show, html: str, control: str) -> None:
    assert ask(show(html), CONTROL) == control
