import pytest

from app.workflows.origins import MOST, InvalidOrigin, parsed


@pytest.mark.parametrize(
    "text",
    [
        "wiki.example.com",
        "//wiki.example.com",
        "http://wiki.example.com",
        "http://localhost.example.com",
        "https://",
        "https://*",
        "https://*.example.com",
        "https://wiki.example.com/guides",
        "https://wiki.example.com?x=1",
        "https://wiki.example.com#x",
        "https://ann@wiki.example.com",
        "https://ann:secret@wiki.example.com",
        "https://wiki.example.com:port",
        "https://wiki.example.com:99999",
        "https://wiki.example.com; script-src *",
        "https://wiki.example.com 'self'",
        "https://wiki.example.com,https://other.example",
        "https://wiki\r\nX-Header: 1",
        "https://-wiki.example.com",
        "https://[::1",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "'none'",
        "*",
        "https:",
        "https://" + "a" * 64 + ".example",
    ],
)
def test_what_is_no_encrypted_origin_is_refused(text: str) -> None:
    with pytest.raises(InvalidOrigin):
        parsed([text])


def test_more_than_a_few_are_refused() -> None:
    with pytest.raises(InvalidOrigin):
        parsed(f"https://n{number}.example" for number in range(MOST + 1))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://wiki.example.com", "https://wiki.example.com"),
        ("  HTTPS://Wiki.Example.COM/ ", "https://wiki.example.com"),
        ("https://wiki.example.com:443", "https://wiki.example.com"),
        ("https://wiki.example.com:8443", "https://wiki.example.com:8443"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_an_origin_has_one_form(text: str, origin: str) -> None:
    assert parsed([text]) == [origin]


def test_each_is_kept_once_and_empty_lines_are_none() -> None:
    assert parsed(["https://a.example", "", "  ", "https://A.example/"]) == ["https://a.example"]
