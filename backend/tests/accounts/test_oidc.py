"""The way to a provider and back: what is refused on it."""

import pytest

from app.accounts import oidc
from app.accounts.errors import SignInRefused
from tests.accounts.oidc_issuer import Issuer
from tests.accounts.oidc_sign_in import audit_of, choose, go, sessions_begun


@pytest.mark.usefixtures("mira")
@pytest.mark.parametrize("secret", ["", "x", "a" * 43])
def test_an_answer_that_this_browser_did_not_ask_for_is_refused(issuer: Issuer, secret: str) -> None:
    """As when somebody sends you a link that would sign you in to their account."""
    with pytest.raises(SignInRefused, match="not begun in this browser"):
        go(issuer, secret=secret)
    assert sessions_begun() == 0
    assert issuer.codes, "the code was not even used"


@pytest.mark.usefixtures("mira")
@pytest.mark.parametrize("state", ["", "another", "ü"])
def test_a_wrong_state_is_refused(issuer: Issuer, state: str) -> None:
    with pytest.raises(SignInRefused, match="not begun in this browser"):
        go(issuer, state=state)
    (event,) = audit_of("sign_in_failed")
    assert (event.address, event.facts) == (
        "192.0.2.7",
        {"how": "oidc", "reason": "This sign-in was not begun in this browser, or took too long."},
    )


@pytest.mark.usefixtures("mira")
def test_a_code_works_once_and_in_the_browser_that_asked_alone(issuer: Issuer) -> None:
    secret, address = oidc.begin()
    given = issuer.agree(address)
    other, _ = oidc.begin()
    with pytest.raises(SignInRefused, match="did not confirm"):
        oidc.finish(other, code=given["code"], state=oidc._derived(other, "state"))
    given = issuer.agree(address)
    oidc.finish(secret, **given)
    with pytest.raises(SignInRefused, match="used already"):
        oidc.finish(secret, **given)
    assert sessions_begun() == 1


@pytest.mark.usefixtures("mira")
def test_an_answer_in_the_name_of_another_provider_is_refused(issuer: Issuer) -> None:
    with pytest.raises(SignInRefused, match="another provider"):
        go(issuer, issuer="https://evil.example")
    go(issuer, issuer=issuer.url)


def test_a_wrong_client_secret_is_a_refusal_in_words(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, OIDC_CLIENT_SECRET="guess")
    with pytest.raises(SignInRefused, match="did not confirm this sign-in"):
        go(issuer)
