"""Whose account it is."""

import pytest
from sqlalchemy import select

from app.accounts import oidc, users
from app.accounts.actor import Actor
from app.accounts.errors import PasswordSignInOff, SignInRefused
from app.accounts.models import Identity, Role, User
from app.accounts.sessions import sign_in
from app.core.db import transaction
from tests.accounts.oidc_issuer import SECRET, Issuer
from tests.accounts.oidc_sign_in import audit_of, choose, go


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
