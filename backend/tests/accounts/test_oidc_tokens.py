"""What a provider's token must be."""

import base64
import hashlib
import hmac
import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.accounts.errors import SignInRefused
from tests.accounts.oidc_issuer import CLIENT, SECRET, Issuer, Json, unsigned
from tests.accounts.oidc_sign_in import go, sessions_begun

WRONG_CLAIMS: list[tuple[Json, str]] = [
    ({"nonce": "another"}, "belongs to another sign-in"),
    ({"nonce": None}, "belongs to another sign-in"),
    ({"aud": "another-program"}, "is for another program"),
    ({"aud": None}, "is for another program"),
    ({"aud": []}, "is for another program"),
    ({"aud": [CLIENT, "another-program"]}, "is for another program"),
    ({"aud": [CLIENT, "another-program"], "azp": "another-program"}, "is for another program"),
    ({"azp": "another-program"}, "is for another program"),
    ({"iss": "https://evil.example"}, "was made by somebody else"),
    ({"iss": None}, "was made by somebody else"),
    ({"exp": int(time.time()) - 3_600}, "is too old"),
    ({"exp": None}, "is too old"),
    ({"exp": "9999999999"}, "is too old"),
    ({"exp": True}, "is too old"),
    ({"iat": int(time.time()) + 3_600}, "is from the future"),
    ({"iat": None}, "is from the future"),
    ({"nbf": int(time.time()) + 3_600}, "is not valid yet"),
    ({"nbf": "x"}, "is not valid yet"),
    ({"sub": None}, "names nobody"),
    ({"sub": ""}, "names nobody"),
    ({"sub": 7}, "names nobody"),
    ({"sub": "x" * 256}, "names nobody"),
]


@pytest.mark.usefixtures("mira")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("claims", "words"), WRONG_CLAIMS)
def test_a_token_with_a_wrong_claim_is_refused(issuer: Issuer, claims: Json, words: str) -> None:
    issuer.claims = claims
    with pytest.raises(SignInRefused, match=words):
        go(issuer)
    assert sessions_begun() == 0


def signed_by_somebody_else(issuer: Issuer) -> None:
    issuer.published = [issuer.key.as_dict(private=False)]
    issuer.key = RSAKey.generate_key(2048, {"kid": "first"})


def without_a_signature(issuer: Issuer) -> None:
    issuer.token = unsigned


def without_a_signature_that_claims_one(issuer: Issuer) -> None:
    issuer.token = lambda claims: unsigned(claims, "RS256")


def with_the_public_key_as_a_password(issuer: Issuer) -> None:
    assert isinstance(issuer.key, RSAKey)
    password = issuer.key.as_pem(private=False)

    def make(claims: Json) -> str:
        signed = unsigned(claims, "HS256").rstrip(".")
        mac = hmac.digest(password, signed.encode(), hashlib.sha256)
        return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    issuer.token = make


def with_the_clients_secret(issuer: Issuer) -> None:
    issuer.key, issuer.algorithm = OctKey.import_key(SECRET * 3), "HS256"
    issuer.published = [issuer.key.as_dict(private=True)]


def with_a_key_of_another_kind(issuer: Issuer) -> None:
    issuer.header = {"kid": "curve"}
    issuer.published = [ECKey.generate_key("P-256", {"kid": "curve"}).as_dict(private=False)]


def with_a_key_for_something_else(issuer: Issuer) -> None:
    issuer.published = [{**issuer.key.as_dict(private=False), "use": "enc"}]


def with_another_algorithm(issuer: Issuer) -> None:
    issuer.algorithm = "PS256"


def as_no_token_at_all(issuer: Issuer) -> None:
    issuer.token = lambda _: "hello"


def as_nothing(issuer: Issuer) -> None:
    issuer.token = lambda _: ""


def as_a_list(issuer: Issuer) -> None:
    issuer.token = lambda _: issuer.sign({}).split(".")[0] + ".W10." + "x" * 342


BENT = [
    signed_by_somebody_else,
    without_a_signature,
    without_a_signature_that_claims_one,
    with_the_public_key_as_a_password,
    with_the_clients_secret,
    with_a_key_of_another_kind,
    with_a_key_for_something_else,
    with_another_algorithm,
    as_no_token_at_all,
    as_nothing,
    as_a_list,
]


@pytest.mark.usefixtures("mira")
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # of the bad keys that are tried on purpose
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bend", BENT)
def test_a_token_that_is_not_signed_as_it_should_is_refused(issuer: Issuer, bend: Any) -> None:
    bend(issuer)
    with pytest.raises(SignInRefused, match="What the provider sent is no"):
        go(issuer)
    assert sessions_begun() == 0
