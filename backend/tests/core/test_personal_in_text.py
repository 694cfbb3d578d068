import pytest

from app.core.personal_in_text import kinds_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Write to ada.lovelace+crm@mail.example.org today", ["email"]),
        ("Call +49 30 901820 or leave it", ["phone number"]),
        ("(030) 90 18 20 11", ["phone number"]),
        ("0301234567", ["phone number"]),
        ("4111 1111 1111 1111", ["card number"]),
        ("[card number] of [token]", ["card number", "token"]),
        ("GB82 WEST 1234 5698 7654 32", ["IBAN"]),
        ("ghp_abcdefghijklmnopqrstu", ["token"]),
        ("password=•••", ["password"]),
        ("ada@example.org, +44 20 7946 0958", ["email", "phone number"]),
    ],
)
def test_what_is_of_a_person_is_found(text: str, kinds: list[str]) -> None:
    assert kinds_in(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "New contact",
        "2026-11-24 10:00",
        "24.11.2026",
        "Order 12345678",
        "1,234,567.89",
        "v1.2.3",
        "@mention",
        "a@b",
        "",
    ],
)
def test_what_is_of_nobody_is_not(text: str) -> None:
    assert kinds_in(text) == []
