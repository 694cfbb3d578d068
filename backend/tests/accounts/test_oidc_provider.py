"""The provider: away, wrongly described, with new keys."""

import pytest
from joserfc.jwk import ECKey, RSAKey

from app.accounts import oidc, oidc_provider
from app.accounts.errors import ProviderAway, SignInRefused, SingleSignOnOff
from app.accounts.models import User
from tests.accounts.oidc_issuer import Issuer, Json
from tests.accounts.oidc_sign_in import choose, go


def test_a_provider_that_is_down_is_said(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, address = oidc.begin()
    given = issuer.agree(address)
    choose(monkeypatch, OIDC_ISSUER="http://127.0.0.1:1")
    with pytest.raises(ProviderAway):
        oidc.begin()
    with pytest.raises(ProviderAway):
        oidc.finish(secret, **given)


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"issuer": "https://evil.example"}, "another address than OIDC_ISSUER"),
        ({"token_endpoint": "http://provider.example/token"}, "must begin with https"),
        ({"jwks_uri": None}, "https"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "must begin with https"),
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_used(issuer: Issuer, metadata: Json, words: str) -> None:
    issuer.metadata = metadata
    with pytest.raises(ProviderAway, match=words):
        oidc.begin()


def test_without_tls_a_provider_is_asked_on_this_machine_alone(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert issuer
    choose(monkeypatch, OIDC_ISSUER="http://provider.example")
    with pytest.raises(ProviderAway, match="must begin with https"):
        oidc.begin()


@pytest.mark.usefixtures("engine")
def test_without_settings_there_is_no_such_sign_in() -> None:
    with pytest.raises(SingleSignOnOff):
        oidc.begin()
    with pytest.raises(SingleSignOnOff):
        oidc.finish("x" * 43, code="code", state="state")


def test_new_keys_are_fetched_when_a_token_names_one(
    issuer: Issuer, mira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_provider, "RENEW_KEYS_SECONDS", 0)
    assert go(issuer).user_id == mira.id
    assert go(issuer).user_id == mira.id
    assert issuer.asked_for_keys == 1, "known keys are not asked for again"
    issuer.key, issuer.algorithm = ECKey.generate_key("P-256", {"kid": "second"}), "ES256"
    assert go(issuer).user_id == mira.id
    assert issuer.asked_for_keys == 2


def test_a_key_that_was_changed_without_a_new_name_is_fetched_too(
    issuer: Issuer, mira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_provider, "RENEW_KEYS_SECONDS", 0)
    issuer.header = {"kid": None}
    assert go(issuer).user_id == mira.id
    issuer.key = RSAKey.generate_key(2048, {"kid": "other"})
    assert go(issuer).user_id == mira.id


def test_made_up_key_names_do_not_make_us_ask_again_and_again(issuer: Issuer) -> None:
    issuer.header = {"kid": "made up"}
    for _ in range(3):
        with pytest.raises(SignInRefused):
            go(issuer)
    assert issuer.asked_for_keys == 1
