"""The last element of a selector tells what it can."""

import pytest

from app.recordings.formats.selectors import last_element


@pytest.mark.parametrize(
    ("selector", "tag", "attributes"),
    [
        ("", None, {}),
        ("#save", None, {"id": "save"}),
        ("#user\\:name", None, {"id": "user:name"}),
        ("#\\31 23", None, {"id": "123"}),
        ("#\\110000 a", None, {"id": "\ufffda"}),
        ("#a\\", None, {"id": "a"}),
        ("form#login > input.big", "input", {}),
        ("form[id=login] input[name='pw'][type=\"password\"]", "input", {"name": "pw", "type": "password"}),
        ("div > [data-testid='a > b']", None, {"data-testid": "a > b"}),
        ("a[href='x]y'] ~ my-button:nth-of-type(2)", "my-button", {}),
        ("input:not([type=hidden])", "input", {}),
        ("css=button.primary", "button", {}),
        ('xpath///*[@id="a b"]/div/input[2]', "input", {}),
        ("//input[@type='password' and @name='pw']", "input", {"type": "password", "name": "pw"}),
        ("xpath=//body/descendant::my-button", "my-button", {}),
        (']])(["', None, {}),
    ],
)
def test_tag_and_attributes_of_the_last_element(selector: str, tag: str | None, attributes: dict[str, str]) -> None:
    assert last_element(selector) == (tag, attributes)


def test_a_long_selector_is_read_in_one_pass() -> None:
    assert last_element("#" + "a" * 200_000 + " [b" * 100_000).tag is None
