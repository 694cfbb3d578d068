import pytest

from app.labeling.rules.controls import Control, control_of
from app.labeling.rules.names import Evidence, control_name, readable
from app.labeling.rules.wording import clean, cut, tidy, usable
from app.workflows.content import Context, Target


def named(**facts: object) -> tuple[str, Evidence]:
    target = Target.model_validate(facts)
    found = control_name(target, control_of(target))
    return found.text, found.evidence


@pytest.mark.parametrize(
    "refused",
    [
        "", "   ", ":", "×", "…", "(3)", "https://crm.example/contacts", "www.example.com", "javascript:void(0)",
        "<b>Save</b>",
        "<img src=x onerror=alert(1)>", "&nbsp;", "{{ label }}", "//div[@id='x']", "li:nth-child(2)",
        "[data-testid=save]",
        "\u200b\u200e", "\ue5cd", "4111 1111 1111 1111", "password: hunter22",
    ],
)  # fmt: skip
def test_what_no_person_would_read_out_is_no_name(refused: str) -> None:
    assert named(tag="button", name=refused) == ("", Evidence.NONE)


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Email:", "Email"),
        ("Email *", "Email"),
        ("* Email", "Email"),
        ("Search…", "Search"),
        ("More...", "More"),
        ("Inbox (3)", "Inbox"),
        ("Inbox (99+)", "Inbox"),
        ("Options ▾", "Options"),
        ("Forgot password?", "Forgot password?"),
        ("Acme Inc.", "Acme Inc."),
        ("Version (beta)", "Version (beta)"),
        ("  Two \n lines ", "Two lines"),
        ("Sa\u00adve\u200b", "Save"),
        ("Pay\u2067Pal\u2069", "PayPal"),
        ('Say "hi"', "Say 'hi'"),
        ("\ue5cd Close", "Close"),
        ("Python 3 (kernel) Python 3 (kernel)", "Python 3 (kernel)"),
        ("Bora Bora", "Bora Bora"),
        ("Close Notebook… Ctrl+Shift+Q", "Close Notebook"),
        ("Ctrl+S", "Ctrl+S"),
        ("Größe", "Größe"),
        ("保存", "保存"),
        ("👍", "👍"),
    ],
)
def test_names_are_cleaned_but_keep_their_case(shown: str, name: str) -> None:
    assert named(tag="button", name=shown) == (name, Evidence.ACCESSIBLE)


def test_long_names_are_cut_at_a_word() -> None:
    name, _ = named(tag="a", name="Understanding the configuration of notifications, newsletters and reminders")
    assert name == "Understanding the configuration of notifications"
    assert named(tag="a", name="x" * 400)[0] == "x" * 60


def test_names_come_in_the_order_of_the_style() -> None:
    """Each weaker source only speaks when all stronger ones are silent."""
    facts: dict[str, object] = {
        "tag": "button",
        "name": "accessible",
        "attributes": {"aria-label": "described", "alt": "pictured", "placeholder": "e.g. this", "name": "by-name"},
        "context": {"label": "labelled"},
        "text": "own text",
    }
    assert named(**facts) == ("accessible", Evidence.ACCESSIBLE)
    del facts["name"]
    assert named(**facts) == ("described", Evidence.LABEL)
    facts["attributes"] = {"alt": "pictured", "placeholder": "e.g. this", "name": "by-name"}
    assert named(**facts) == ("labelled", Evidence.LABEL)
    del facts["context"]
    assert named(**facts) == ("own text", Evidence.TEXT)
    del facts["text"]
    assert named(**facts) == ("pictured", Evidence.ATTRIBUTE)
    facts["attributes"] = {"placeholder": "e.g. this", "name": "by-name"}
    assert named(**facts) == ("e.g. this", Evidence.PLACEHOLDER)
    facts["attributes"] = {"name": "by-name"}
    assert named(**facts) == ("By name", Evidence.IDENTIFIER)


def test_the_value_names_submit_buttons_and_no_other_input() -> None:
    assert named(tag="input", attributes={"type": "submit", "value": "Save"}) == ("Save", Evidence.TEXT)
    assert named(tag="input", attributes={"type": "text", "value": "Ada"}) == ("", Evidence.NONE)


def test_what_was_typed_is_not_the_name_of_the_field() -> None:
    assert named(tag="textarea", text="Dear customer", attributes={"name": "message"})[0] == "Message"
    assert named(tag="select", text="Admin Editor Viewer", attributes={"id": "role"})[0] == "Role"


def test_the_text_of_a_whole_area_is_not_a_name() -> None:
    assert named(tag="div", text="Dashboard " * 40) == ("", Evidence.NONE)


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("aria/New contact", "New contact"),
        ('aria/Save[role="button"]', "Save"),
        ("text/Save", "Save"),
        ('internal:role=button[name="Save"i]', "Save"),
        ('internal:label="Email"i', "Email"),
        ("#first-name", "First name"),
        ("[data-testid='new-contact-button']", "New contact"),
        ('aria/[role="main"]', ""),
        ("#root > div:nth-child(2)", ""),
        ("#ember1234", ""),
    ],
)
def test_recorders_without_element_texts_are_read_by_their_selectors(selector: str, name: str) -> None:
    assert named(selectors=[selector])[0] == name
    assert named(selectors=[["my-app", selector]])[0] == name


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("first-name", "First name"),
        ("userEmail", "User email"),
        ("id_username", "Username"),
        ("user[email]", "User email"),
        ("ctl00$Main$txtEmail", "Email"),
        ("address2", "Address 2"),
        ("searchInput", "Search"),
        ("URLField", "URL"),
        ("name", "Name"),
    ],
)
def test_identifiers_become_words(identifier: str, words: str) -> None:
    assert readable(identifier) == words


@pytest.mark.parametrize(
    "identifier",
    [
        ":r1:", "react-select-3-input", "mui-12345", "ember123", "input-4f3a9c", "field_123", "btn", "q", "", "__",
        "x" * 99,
        "550e8400-e29b-41d4-a716-446655440000", "3f786850e387550fdab836ed7e6dc881de23001b", "bhkztq", "größe",
        "radix-:r3:",
    ],
)  # fmt: skip
def test_generated_ids_and_hashes_are_never_names(identifier: str) -> None:
    assert readable(identifier) == ""


@pytest.mark.parametrize(
    ("facts", "control"),
    [
        ({"tag": "a", "role": "button"}, Control.BUTTON),
        ({"tag": "input"}, Control.FIELD),
        ({"tag": "INPUT", "attributes": {"type": "CHECKBOX"}}, Control.CHECKBOX),
        ({"tag": "input", "role": "switch", "attributes": {"type": "checkbox"}}, Control.SWITCH),
        ({"tag": "input", "attributes": {"type": "email"}}, Control.FIELD),
        ({"tag": "input", "attributes": {"type": "file"}}, Control.FILE),
        ({"tag": "div", "attributes": {"contenteditable": "true"}}, Control.EDITOR),
        ({"tag": "div", "attributes": {"contenteditable": "false"}}, Control.OTHER),
        ({"tag": "li", "role": "menuitem"}, Control.MENU_ITEM),
        ({"tag": "li", "role": "menuitem", "attributes": {"aria-haspopup": "true"}}, Control.MENU),
        ({"tag": "button", "attributes": {"aria-haspopup": "listbox"}}, Control.DROPDOWN),
        ({"tag": "button", "attributes": {"aria-haspopup": "dialog"}}, Control.BUTTON),
        ({"tag": "summary"}, Control.SECTION),
        ({"tag": "path"}, Control.ICON),
        ({"selectors": ['aria/Save[role="button"]']}, Control.BUTTON),
        ({"selectors": ["aria/Email", "form > input[type=email]"]}, Control.FIELD),
        ({"selectors": ["#menu > li > a.active"]}, Control.LINK),
        ({"selectors": [[], "???"]}, Control.OTHER),
        ({}, Control.OTHER),
    ],
)
def test_the_control_is_told_by_role_then_tag_then_selectors(facts: dict[str, object], control: Control) -> None:
    assert control_of(Target.model_validate(facts)) is control


def test_a_grid_cell_is_named_by_its_column() -> None:
    target = Target(tag="input", context=Context(column="Quantity"))
    assert control_name(target, Control.FIELD).text == "Quantity"


def test_cutting_leaves_no_loose_end() -> None:
    assert cut("Save and close, then open", words=3) == "Save and close"
    assert clean("Name : *") == "Name"
    assert tidy('a\u202e\t"b"') == "a 'b'"
    assert usable("7")
    assert not usable("-")
