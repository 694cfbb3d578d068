"""How a value is said: quoted, or by its kind."""

import pytest

from app.workflows.content import StepContent
from tests.labeling.rules.sentences import PASSWORD, sentence
from tests.labeling.steps import step


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (step("input", "Password:", **PASSWORD, value="hunter22"), 'Enter the password in the "Password" field.'),
        (step("input", "Secret sauce", value="hunter22", value_kind="secret"), "Enter the secret"),
        (step("input", "Card number", value="4111111111111111"), "Enter the card number"),
        (step("input", "Number", value="4111 1111 1111 1111"), "Enter the card number"),
        (step("input", "Number", value="[card number]"), "Enter the card number"),
        (
            step("input", "Code", attributes={"autocomplete": "one-time-code"}, value="123456"),
            "Enter the one-time code",
        ),
        (step("input", "CVV", value="123"), "Enter the security code"),
        (step("input", "PIN", value="1234"), "Enter the PIN"),
        (step("input", "API key", value="abc"), "Enter the API key"),
        (step("input", "Phone", value="030 1234"), "Enter the phone number"),
        (step("input", "First name", value="Ada"), "Enter the first name"),
        (step("input", "Username", value="ada"), "Enter the username"),
        (step("input", "Name", value="Ada", heading="New contact"), "Enter the name"),
        (step("input", "Reach us at", value="ada@example.com"), "Enter the email address"),
        (step("input", "Reach us at", value="+49 30 1234567"), "Enter the phone number"),
        (step("input", "Reach us at", value="mail ada@example.com now"), "Enter the text"),
        (step("paste", "Password", **PASSWORD, value="hunter22"), "Paste the password"),
        (step("copy", "Token", tag="input", value="hunter22"), "Copy the token"),
    ],
)
def test_secrets_and_personal_values_are_said_by_their_kind(recorded: StepContent, expected: str) -> None:
    said = sentence(recorded)
    assert said.startswith(expected)
    assert recorded.value is None or recorded.value.startswith("[") or recorded.value not in said


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Token name", "deploy"),
        ("Max tokens", "500"),
        ("Name", "Apollo"),
        ("Email subject", "Welcome"),
        ("Pin title", "Cats"),
    ],
)
def test_ordinary_values_are_quoted(label: str, value: str) -> None:
    assert sentence(step("input", label, tag="input", value=value, page="Settings")) == (
        f'Enter "{value}" in the "{label}" field.'
    )


def test_an_option_may_be_longer_than_what_is_typed() -> None:
    long = "Authentication and Authorization | user | Can view"
    chosen = step("select", "Permissions", tag="select", value=long, value_kind="option")
    assert f'"{long}" from the "Permissions" dropdown' in sentence(chosen)
    assert sentence(step("input", "Notes", tag="input", value=long)) == 'Enter the text in the "Notes" field.'
