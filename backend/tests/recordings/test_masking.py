from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.addresses import clean_address
from app.recordings.masking import mask_step, mask_text, secret_values
from app.workflows.content import Action, Context, Page, StepContent, Target
from tests.core.test_secrets_in_text import SECRETS
from tests.labeling.steps import step, steps

HIDDEN_FIELDS: list[dict[str, Any]] = [
    {"attributes": {"type": "password"}},
    {"attributes": {"type": "PASSWORD"}},
    {"attributes": {"autocomplete": "cc-number"}},
    {"attributes": {"autocomplete": "section-pay billing cc-csc"}},
    {"attributes": {"autocomplete": "one-time-code"}},
    {"attributes": {"autocomplete": "new-password"}},
    {"name": "Password"},
    {"name": "PIN"},
    {"name": "CVV"},
    {"name": "Client secret"},
    {"name": "API token"},
    {"name": "Social security number"},
    {"name": "SSN:"},
    {"name": "Kennwort"},
    {"name": "パスワード"},
    {"label": "Confirm password"},
    {"placeholder": "Enter your PIN code"},
    {"attributes": {"name": "user_password"}},
    {"attributes": {"id": "loginPassword2"}},
    {"attributes": {"id": "card-cvc"}},
    {"attributes": {"name": "accessToken"}},
    {"attributes": {"aria-label": "Verification code"}},
    {"attributes": {"title": "Security code"}},
    {"attributes": {"data-testid": "user-password"}},
    {"attributes": {"data-test": "apiToken"}},
    {"attributes": {"formcontrolname": "oneTimeCode"}},
    {"attributes": {"name": "login_pw"}},
]


@pytest.mark.parametrize("field", HIDDEN_FIELDS)
@pytest.mark.parametrize("action", ["input", "paste", "copy"])
def test_the_value_of_a_secret_field_is_never_kept(field: dict[str, Any], action: str) -> None:
    masked, kinds = mask_step(step(action, tag="input", value="hunter22", value_kind="text", **field))
    assert masked.value is None
    assert masked.value_kind in {"password", "secret"}
    assert len(kinds) == 1
    assert "hunter22" not in masked.model_dump_json()


@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("click", {"name": "Pin to top", "tag": "button"}),
        ("check", {"name": "Show password", "tag": "input", "attributes": {"type": "checkbox"}}),
        ("select", {"name": "Token type", "tag": "select"}),
        ("input", {"name": "Token name", "tag": "input"}),
        ("input", {"name": "Max tokens", "tag": "input"}),
        ("input", {"name": "Pin title", "tag": "input"}),
        ("input", {"name": "Spinning wheel", "tag": "input"}),
        ("input", {"name": "Email", "tag": "input"}),
    ],
)
def test_fields_that_only_sound_secret_keep_their_values(action: str, field: dict[str, Any]) -> None:
    recorded = step(action, value="hunter22", **field)
    assert mask_step(recorded) == (recorded, [])


@pytest.mark.parametrize("kind", ["password", "secret"])
def test_what_the_recorder_calls_secret_is_secret(kind: str) -> None:
    masked, kinds = mask_step(step("input", "Field", value="hunter22", value_kind=kind))
    assert masked.value is None
    assert masked.value_kind == kind
    assert kinds


def test_passwords_do_not_stay_in_the_element() -> None:
    recorded = step(
        "click",
        "Password",
        tag="input",
        text="hunter22",
        attributes={"type": "password", "value": "hunter22", "id": "p"},
    )
    masked, _ = mask_step(recorded)
    assert masked.target is not None
    assert masked.target.text is None
    assert masked.target.attributes == {"type": "password", "id": "p"}


def test_hidden_inputs_lose_their_value_whatever_was_done() -> None:
    hidden = {"type": "hidden", "value": "csrf", "data-wp-option": "csrf"}
    masked, _ = mask_step(step("submit", tag="input", value="abc", attributes=hidden))
    assert masked.value is None
    assert masked.target is not None
    assert masked.target.attributes == {"type": "hidden"}


def test_a_secret_that_is_echoed_elsewhere_goes_too() -> None:
    recorded = step(
        "input", "Password", tag="input", value="hunter22", selectors=["input[value='hunter22']"],
        nearby="You typed hunter22",
        page="hunter22", attributes={"type": "password", "data-last": "hunter22", "id": "hunter22"},
        url="https://x.example/hunter22",
    )  # fmt: skip
    masked, _ = mask_step(recorded)
    assert "hunter22" not in masked.model_dump_json()
    assert masked.target is not None
    assert masked.target.name == "Password"


def test_a_password_that_is_a_word_of_the_page_breaks_nothing() -> None:
    masked, _ = mask_step(step("input", "Login", value="password", attributes={"type": "password", "name": "password"}))
    assert masked.value is None
    assert masked.target is not None
    assert masked.target.attributes == {"type": "password", "name": "password"}


def test_single_keys_in_a_password_field_spell_it_and_are_dropped() -> None:
    field: dict[str, Any] = {"attributes": {"type": "password"}}
    assert mask_step(step("press", value="h", **field))[0].value is None
    assert mask_step(step("press", value="Enter", **field))[0].value == "Enter"
    assert mask_step(step("press", value="h"))[0].value == "h"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://crm.example/contacts", "https://crm.example/contacts"),
        ("https://crm.example/contacts?q=ada#top", "https://crm.example/contacts"),
        ("https://ada:hunter22@crm.example/", "https://crm.example/"),
        ("https://ada@crm.example/", "https://crm.example/"),
        ("https://a:b@c:d@crm.example/", "https://crm.example/"),
        ("HTTPS:ada:pw@crm.example/x", "HTTPS:crm.example/x"),
        ("https:\\\\ada:pw@crm.example\\x", "https:\\\\crm.example\\x"),
        ("//ada:pw@crm.example/x", "//crm.example/x"),
        ("view-source:https://ada:pw@crm.example/", "view-source:https://crm.example/"),
        ("https://crm.example/#/contacts/1", "https://crm.example/#/contacts/1"),
        ("https://crm.example/?a=b#!/contacts/1?token=abc", "https://crm.example/#!/contacts/1"),
        ("https://crm.example/#access_token=abc", "https://crm.example/"),
        ("https://crm.example/a;jsessionid=ABC123?x", "https://crm.example/a"),
        ("https://medium.com/@ada", "https://medium.com/@ada"),
        ("mailto:ada@example.com?subject=x", "mailto:ada@example.com"),
        ("/contacts?page=2", "/contacts"),
        ("?page=2", ""),
        ("data:text/html;base64,aHVudGVyMjI=", "data:text/html"),
        ("javascript:steal('x')", "javascript:"),
        ("https://[::1", "https://[::1"),
        ("https://crm.example/reset/ghp_abcdefghijklmnopqrstuvwxyz0123456789", "https://crm.example/reset/[token]"),
        ("", ""),
    ],
)
def test_addresses_keep_only_where_they_lead(address: str, kept: str) -> None:
    assert clean_address(address) == kept
    assert clean_address(kept) == kept


def test_every_address_of_a_step_is_cleaned() -> None:
    secret = "https://ada:pw@crm.example/a?session=1#x"
    recorded = step(
        "input", "Website", value=secret, value_kind="url", url=secret, frame=[0, secret],
        attributes={"href": secret, "src": secret, "action": secret, "data-next": secret},
    )  # fmt: skip
    masked, _ = mask_step(recorded)
    clean = "https://crm.example/a"
    assert masked.value == masked.page.url == clean
    assert masked.target is not None
    assert set(masked.target.attributes.values()) == {clean}
    assert masked.target.frame == [0, clean]


@pytest.mark.parametrize(
    ("way", "kept"),
    [
        ("iframe#pay", "iframe#pay"),
        ("#pay > iframe", "#pay > iframe"),
        ("iframe[name='pay']", "iframe[name='pay']"),
        ("iframe[src='https://a.example/?token=1']", "iframe[src='https://a.example/"),
        ("#access=c4nary", ""),
        ("https://a.example/#x", "https://a.example/"),
    ],
)
def test_selectors_of_frames_stay_what_they_are(way: str, kept: str) -> None:
    masked, _ = mask_step(step("click", "Pay", frame=[way]))
    assert masked.target is not None
    assert masked.target.frame == [kept]


def test_attributes_named_after_a_secret_are_masked() -> None:
    masked, _ = mask_step(step("click", "Save", attributes={"data-csrf-token": "9f8e7d6c5b4a3210", "class": "btn"}))
    assert masked.target is not None
    assert masked.target.attributes == {"data-csrf-token": "•••", "class": "btn"}


def test_an_ordinary_step_is_the_same_object() -> None:
    recorded = step(
        "click", "New contact", tag="a", url="https://crm.example/contacts", attributes={"href": "/contacts/new",
        "id": "new"},
        selectors=["aria/New contact", ["my-app", "#new"]], heading="Contacts",
    )  # fmt: skip
    masked, kinds = mask_step(recorded)
    assert masked is recorded
    assert kinds == []


@pytest.mark.parametrize(("secret", "kind"), SECRETS.items())
def test_canaries_in_every_field_die(secret: str, kind: str) -> None:
    planted = f"see {secret} here"
    target = Target(
        tag=planted[:100],
        role=planted[:100],
        name=planted,
        text=planted,
        attributes={
            "id": planted,
            "value": planted,
            "href": planted,
            "class": planted,
            "type": planted,
            planted[:100]: "x",
        },
        selectors=[planted, [planted, "#a"]],
        context=Context(**dict.fromkeys(Context.model_fields, planted)),
        frame=[0, planted],
    )
    recorded = StepContent(action=Action.CLICK, target=target, value=planted, page=Page(url=planted, title=planted))
    masked, kinds = mask_step(recorded)
    assert kind in kinds
    assert all(secret not in text for text in texts_of(masked.model_dump()))
    assert StepContent.model_validate(masked.model_dump()) == masked
    assert mask_step(masked) == (masked, [])
    assert mask_text(planted)[1] == [*dict.fromkeys(mask_text(planted)[1])]
    assert secret not in mask_text(planted)[0]


def texts_of(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts_of(part)]
    return [text for part in value for text in texts_of(part)] if isinstance(value, list) else []


@settings(max_examples=300, deadline=None)
@given(steps)
def test_masking_any_step_twice_is_masking_it_once(recorded: StepContent) -> None:
    masked, _ = mask_step(recorded)
    assert StepContent.model_validate(masked.model_dump()) == masked
    again = mask_step(masked)[0]
    assert again == masked, (again.model_dump_json(), masked.model_dump_json())


@settings(max_examples=200, deadline=None)
@given(steps, st.sampled_from(HIDDEN_FIELDS))
def test_a_typed_password_never_comes_through(recorded: StepContent, field: dict[str, Any]) -> None:
    canary = "c4nary-Pa55"
    assume(canary not in recorded.model_dump_json())
    target = step("input", **field).target
    masked, _ = mask_step(recorded.model_copy(update={"action": Action.INPUT, "target": target, "value": canary}))
    assert canary not in masked.model_dump_json()


def test_what_was_entered_in_a_secret_field_is_masked_on_the_pages_of_other_steps() -> None:
    secret = step("input", "Password", tag="input", value="hunter22")
    echo = step("click", "hunter22", page="For hunter22", nearby="(hunter22)", attributes={"name": "hunter22"})
    echoes = secret_values([secret, echo])
    assert echoes == ["hunter22"]
    assert "hunter22" not in mask_step(echo, echoes)[0].model_dump_json()
    assert mask_text("Try hunter22", echoes)[0] == "Try •••"
    other = step("click", "Save")
    assert mask_step(other, echoes)[0] is other
