import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.secrets_in_text import mask, suspicious

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu\n-----END RSA PRIVATE KEY-----"

SECRETS = {
    "4111111111111111": "card number",
    "4111 1111 1111 1111": "card number",
    "5555-5555-5555-4444": "card number",
    "5555\u00a05555\u00a05555\u00a04444": "card number",
    "3782 822463 10005": "card number",
    "6011000990139424": "card number",
    "3566002020360505": "card number",
    "2223000048400011": "card number",
    "4222222222222": "card number",
    "30569309025904": "card number",
    "DE89370400440532013000": "IBAN",
    "DE89 3704 0044 0532 0130 00": "IBAN",
    "gb82 west 1234 5698 7654 32": "IBAN",
    "NO93 8601 1117 947": "IBAN",
    JWT: "token",
    "sk-ant-api03-AbCdEf0123456789-_xyz": "token",
    "sk-proj-abcdefghijklmnop1234": "token",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789": "token",
    "gho_abcdefghijklmnopqrstuvwxyz0123456789": "token",
    "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz": "token",
    "AKIAIOSFODNN7EXAMPLE": "token",
    "xoxb-123456789012-abcdefABCDEF": "token",
    "sk_live_abcdefghijklmnop0123": "token",
    "rk_test_abcdefghijklmnop0123": "token",
    "AIzaSyA-1234567890abcdefghijklmnopqrstu": "token",
    "glpat-abcdefghij0123456789": "token",
    "wp_Qm9YbW1lV2hhdEFyZVlvdURvaW5nSGVyZTEyMzQ1Njc": "token",
    "Bearer abcdef0123456789": "token",
    KEY: "private key",
    "https://ada:hunter22@crm.example/contacts": "password",
    "postgres://app:p@ss@db.example/crm": "password",
    "password=hunter": "password",
    "Password: hunter22": "password",
    "api_key: abcd1234efgh": "token",
    "token=QWxhZGRpbjpvcGVuIHNlc2FtZQ": "token",
    'client_secret="9f8e7d6c5b4a"': "token",
    "?code=4/0AY0e-g7abcdef": "token",
}  # fmt: skip

ORDINARY = [
    "", "Save", "New contact", "+49 30 1234 5678 90", "+1 (555) 123-4567", "0049 171 1234567", "Order 100045678912",
    "2026-11-23 10:00:00",
    "1700000000000", "550e8400-e29b-41d4-a716-446655440000", "3f786850e387550fdab836ed7e6dc881de23001b",
    "4111111111111112",
    "DE89 3704 0044 0532 0130 01", "192.168.100.200", "978-3-16-148410-0", "1 234 567 890 123 456",
    "9999999999999999", "0000000000000000",
    "Password: at least 8 characters", "Forgot password?", "password", "Token name", "Max tokens: 500",
    "Bearer authentication is required",
    "sk-navigation-container-item-2", "wp_attachment_image_sizes_for_theme", "keyboard: US",
    "Basic settings for everybody here",
    "https://medium.com/@ada", "git://example.com/repo", "input[type=password]", "Session: 2026-11-23", "Asia",
    "task-list-of-2026-and-more",
    "IBAN", "signature: yes", "Secret: none",
]  # fmt: skip


@pytest.mark.parametrize(("secret", "kind"), SECRETS.items())
@pytest.mark.parametrize("around", ["{}", "see {}, please", "x={}", "line\n{}\nline", "({})", "{} 12/28 BIC"])
def test_secrets_are_found_wherever_they_stand(secret: str, kind: str, around: str) -> None:
    text = around.format(secret)
    masked, kinds = mask(text)
    assert secret not in masked
    assert kind in kinds
    assert len(masked) <= len(text)
    assert mask(masked) == (masked, [])
    assert suspicious(f"before\n{text}\nafter")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert mask(text) == (text, [])


def test_only_the_secret_is_replaced() -> None:
    assert mask("Pay 4111 1111 1111 1111 12/28 to DE89 3704 0044 0532 0130 00 BIC") == (
        "Pay [card number] 12/28 to [IBAN] BIC",
        ["IBAN", "card number"],
    )
    assert mask("https://ada:pw@h/x and password=hunter22&b=1") == (
        "https://•••@h/x and password=•••&b=1",
        ["password"],
    )


def test_a_key_that_was_cut_is_hidden_to_the_end() -> None:
    assert mask("a " + KEY[:50]) == ("a [private key]", ["private key"])


def test_digits_of_other_scripts_are_digits() -> None:
    assert mask("４１１１ １１１１ １１１１ １１１１") == ("[card number]", ["card number"])


@pytest.mark.parametrize(
    "text",
    [
        "sk-" * 1700,
        "1 " * 2500,
        "//a:" * 1200,
        "token" * 1000,
        "eyJ-" * 1200,
        "AA00" * 1200,
        "-----BEGIN " * 450,
        "4 " * 2500,
    ],
)
def test_hostile_texts_come_through(text: str) -> None:
    """Each makes a careless pattern take minutes."""
    assert mask(text)[1] == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*SECRETS, *ORDINARY, " ", ":", "=", "\n"]) | st.text(max_size=8), max_size=6).map("".join)
)
def test_masking_twice_is_masking_once(text: str) -> None:
    masked, kinds = mask(text)
    assert len(masked) <= len(text)
    assert mask(masked)[0] == masked
    assert bool(kinds) == (masked != text)
