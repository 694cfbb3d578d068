"""Signing in at a provider: what is refused, and whose account it is."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import Engine, select

from app.accounts import oidc, oidc_provider, users
from app.accounts.actor import Actor
from app.accounts.errors import PasswordSignInOff, ProviderAway, SignInRefused, SingleSignOnOff
from app.accounts.models import AuditEvent, Identity, Role, User
from app.accounts.sessions import sign_in
from app.core.config import get_settings
from app.core.db import transaction
from tests.accounts.oidc_issuer import CLIENT, SECRET, Issuer, Json, issuing, unsigned

NONE: dict[str, str | None] = {"address": "192.0.2.7", "request_id": None, "replacing": None}


@pytest.fixture
def issuer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """A provider that the settings name."""
    assert engine
    with issuing() as issuer:
        for name, value in {
            "OIDC_ISSUER": issuer.url,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        oidc_provider.forget()
        yield issuer
        oidc_provider.forget()


@pytest.fixture
def mira(engine: Engine) -> User:
    with transaction(engine=engine) as session:
        return users.create(session, email="mira@example.com", name="Mira", role=Role.EDITOR, by=None)


def choose(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()


def go(issuer: Issuer, /, **changed: Any) -> Actor:
    """The whole way; `changed`: what the browser comes back with in place of what it was given."""
    secret, address = oidc.begin()
    given: Json = {"secret": secret, **issuer.agree(address), **NONE, **changed}
    return oidc.finish(given.pop("secret"), **given)[1]


def audit_of(action: str) -> list[AuditEvent]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def sessions_begun() -> int:
    return len(audit_of("signed_in"))


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
@pytest.mark.filterwarnings("ignore:.*")  # joserfc warns of the bad keys that are tried here on purpose
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bend", BENT)
def test_a_token_that_is_not_signed_as_it_should_is_refused(issuer: Issuer, bend: Any) -> None:
    bend(issuer)
    with pytest.raises(SignInRefused, match="What the provider sent is no"):
        go(issuer)
    assert sessions_begun() == 0


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


def test_whoever_has_the_verified_address_is_linked_and_known_by_the_subject_from_then_on(
    issuer: Issuer, mira: User
) -> None:
    issuer.claims = {"email": "Mira@Example.com"}
    actor = go(issuer)
    assert (actor.user_id, actor.session_id is not None) == (mira.id, True)
    issuer.claims = {"email": "mira.new@example.com", "email_verified": False}
    assert go(issuer).user_id == mira.id
    with transaction(read_only=True) as session:
        (identity,) = session.scalars(select(Identity)).all()
        assert (identity.issuer, identity.subject, identity.user_id) == (issuer.url, "subject-1", mira.id)
    assert len(audit_of("identity_linked")) == 1
    assert [event.facts for event in audit_of("signed_in")] == [{"how": "oidc"}] * 2


@pytest.mark.parametrize("verified", [False, None, "false", 1, "yes"])
def test_an_address_that_is_not_verified_opens_nobodys_account(
    issuer: Issuer, mira: User, verified: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mira
    choose(monkeypatch, OIDC_CREATE_PEOPLE="editor")
    issuer.claims = {"email_verified": verified}
    with pytest.raises(SignInRefused, match="did not confirm that the email address is yours"):
        go(issuer)
    with transaction(read_only=True) as session:
        assert session.scalars(select(Identity)).all() == []


def test_another_subject_with_the_same_verified_address_is_the_same_person(issuer: Issuer, mira: User) -> None:
    go(issuer)
    issuer.claims = {"sub": "subject-2"}
    assert go(issuer).user_id == mira.id


def test_disabled_people_are_refused_known_or_not(issuer: Issuer, mira: User, admin: Actor) -> None:
    go(issuer)
    with transaction() as session:
        users.disable(session, mira.id, by=admin)
    for claims in ({}, {"sub": "subject-2"}):
        issuer.claims = claims
        with pytest.raises(SignInRefused, match="was disabled"):
            go(issuer)
    with transaction(read_only=True) as session:
        assert len(session.scalars(select(Identity)).all()) == 1


def test_somebody_new_is_refused_unless_people_are_to_be_created(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SignInRefused, match=r"Nobody here has the email address mira@example\.com\. Ask an admin"):
        go(issuer)
    choose(monkeypatch, OIDC_CREATE_PEOPLE="viewer")
    issuer.claims = {"name": "Mira\n\u202eOkafor" + "x" * 300}
    actor = go(issuer)
    assert (actor.email, actor.role) == ("mira@example.com", Role.VIEWER)
    assert actor.name.startswith("MiraOkaforxxx")
    assert len(actor.name) == 200
    issuer.claims = {"sub": "another", "email": "kim@example.com", "name": None}
    assert go(issuer).name == "kim"


@pytest.mark.parametrize("email", ["", "x", "a b@example.com", "x" * 250 + "@example.com"])
def test_somebody_whose_address_is_none_is_not_created(
    issuer: Issuer, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, OIDC_CREATE_PEOPLE="viewer")
    issuer.claims = {"email": email}
    with pytest.raises(SignInRefused):
        go(issuer)


def test_only_allowed_domains_may_sign_in(issuer: Issuer, mira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    go(issuer)
    choose(monkeypatch, OIDC_ALLOWED_DOMAINS="Corp.example, @other.example", OIDC_CREATE_PEOPLE="viewer")
    for claims in ({}, {"email": "mira@evilcorp.example"}, {"email": "a@corp.example", "email_verified": False}):
        issuer.claims = claims
        with pytest.raises(SignInRefused, match=r"corp\.example, other\.example may sign in"):
            go(issuer)
    issuer.claims = {"email": "mira@CORP.example"}
    assert go(issuer).user_id == mira.id


def test_an_address_that_the_token_leaves_out_is_asked_for(issuer: Issuer, mira: User) -> None:
    issuer.claims = {"email": None, "email_verified": None}
    issuer.userinfo = {"sub": "somebody else", "email": "mira@example.com", "email_verified": True}
    with pytest.raises(SignInRefused, match="told no email address"):
        go(issuer)
    issuer.userinfo["sub"] = "subject-1"
    assert go(issuer).user_id == mira.id


def test_nothing_secret_is_in_the_address_that_the_browser_is_sent_to(issuer: Issuer) -> None:
    assert issuer
    secret, address = oidc.begin()
    assert secret not in address
    assert oidc._derived(secret, "verifier") not in address
    assert SECRET not in address


@pytest.mark.usefixtures("mira")
def test_passwords_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, PASSWORD_SIGN_IN="false")
    with pytest.raises(PasswordSignInOff):
        sign_in("mira@example.com", "correct horse battery", address=None)
