"""Values put back into answers: where we took them out, and only as a label may say them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.labeling import outgoing
from app.labeling.outgoing import Outgoing
from app.workflows.content import StepContent
from tests.labeling.outgoing.chunks import chunk
from tests.labeling.steps import step

CONTENTS = [
    step("input", "Email", tag="input", value="ada@example.com", attributes={"type": "email"}),
    step("input", "Title", tag="input", value="quarterly report"),
    step("input", "Code", tag="input", value="hunter22", value_kind="password"),
    step("input", "Notes", tag="textarea", value="word " * 30),
    step("select", "Role", tag="select", value="Admin", value_kind="option"),
    step("click", "Quarterly Report, draft", tag="a", nearby="for ada@example.com"),
    step("click", "Save {value} of {value of step 2}", tag="button", page="{VALUE}"),
    step("click", "Quarterly Report", tag="a", nearby="QUARTERLY REPORT"),
    step("click", "Behind"),
]
TYPED = 'Enter {value} in the "X" field.'


@pytest.fixture(scope="module")
def sent() -> Outgoing:
    return outgoing.build(chunk(CONTENTS))


def test_a_page_cannot_write_a_placeholder(sent: Outgoing) -> None:
    step_sent = sent.document["steps"][6]
    assert step_sent["target"]["name"] == "Save (value) of (value of step 2)"
    assert step_sent["page"]["title"] == "(VALUE)"
    assert sent.restore("s07", "Save {value}.") == "Save {value}."


def test_what_was_never_sent_is_not_restored(sent: Outgoing) -> None:
    for text in ("Click {value}.", "Click {value of step 99}.", "Click {value of step 5}.", "Click {values}."):
        assert sent.restore("s06", text) == text
    assert sent.restore("s99", "Click {value}.") == "Click {value}."


@pytest.mark.parametrize(
    ("key", "answer", "label"),
    [
        ("s01", TYPED, 'Enter the email address in the "X" field.'),
        ("s01", TYPED.replace("{value}", '"{value}"'), 'Enter the email address in the "X" field.'),
        ("s02", TYPED, 'Enter "quarterly report" in the "X" field.'),
        ("s02", TYPED.replace("{value}", '"{value}"'), 'Enter "quarterly report" in the "X" field.'),
        ("s03", TYPED, 'Enter the password in the "X" field.'),
        ("s04", TYPED, 'Enter the text in the "X" field.'),
        ("s05", "Select {value}.", 'Select "Admin".'),
        ("s06", 'Click "{value of step 2}, draft".', 'Click "Quarterly Report, draft".'),
        ("s06", 'Click "{value of step 2}".', 'Click "Quarterly Report".'),
        ("s06", "Click {value of step 2}.", 'Click "Quarterly Report".'),
        ("s06", 'Click "{value of step 1}".', "Click the email address."),
        ("s06", 'Click "Mail {value of step 1}".', 'Click "Mail the email address".'),
        ("s08", 'Click "{value of step 2}".', 'Click "quarterly report".'),
    ],
)
def test_a_value_comes_back_as_a_label_may_say_it(sent: Outgoing, key: str, answer: str, label: str) -> None:
    assert sent.restore(key, answer) == label


def test_a_short_name_has_no_quotes(sent: Outgoing) -> None:
    assert sent.restore("s06", "{value of step 2}, draft", quoted=False) == "Quarterly Report, draft"


def test_rule_labels_come_back_as_they_were(sent: Outgoing) -> None:
    original = chunk(CONTENTS).steps
    for number in (0, 1, 2, 3, 4, 5):
        label = sent.document["steps"][number]["rule_label"]
        assert sent.restore(f"s{number + 1:02}", label["instruction"]) == original[number].rule_label.instruction


def test_restoring_twice_changes_nothing() -> None:
    contents = [step("input", "Name", tag="input", value="{value} {value of step 1}"), step("click", "Save")]
    sent = outgoing.build(chunk(contents))
    once = sent.restore("s01", TYPED)
    assert once.startswith("Enter ")
    assert sent.restore("s01", once).count("{value") <= once.count("{value") * 2


ordinary = st.from_regex(r"[A-Za-z]{4,9}( [A-Za-z]{4,9}){0,2}", fullmatch=True)


@given(value=ordinary)
@settings(max_examples=60, deadline=None)
def test_an_ordinary_value_makes_the_round_trip(value: str) -> None:
    contents: list[StepContent] = [
        step("input", "Field", tag="input", value=value, page="P"),
        step("click", f"Open <{value}>", tag="a", page="P"),
        step("click", "Save"),
    ]
    sent = outgoing.build(chunk(contents))
    name = sent.document["steps"][1]["target"]["name"]
    assert sent.restore("s02", name, quoted=False) == f"Open <{value}>"


def test_a_control_that_is_called_as_a_person_who_was_typed_in_keeps_its_name() -> None:
    recorded = [
        step("input", "First name", tag="input", value="Priya"),
        step("input", "Last name", tag="input", value="Venkataraman"),
        step("click", "Priya Venkataraman", tag="a"),
        step("click", "Behind"),
    ]
    sent = outgoing.build(chunk(recorded))
    told = sent.document["steps"][2]
    assert "Priya" not in str(told)
    assert sent.restore("s03", told["rule_label"]["instruction"]) == 'Click "Priya Venkataraman".'
