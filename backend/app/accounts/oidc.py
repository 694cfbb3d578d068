"""Signing in at an OpenID Connect provider: the authorization code flow with PKCE.

    begin ──▶ the browser goes to the provider, and comes back with a code ──▶ finish

The browser keeps one random secret meanwhile, in a cookie; `state`, `nonce` and the PKCE verifier are derived from it.
So nothing is stored here, an answer that another browser asked for is refused (its `state` does not fit the cookie),
and a code that was stolen on its way is of no use without the cookie.
"""

import base64
import hashlib
import hmac
import re
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.errors import JoseError

from app.accounts import audit, identities, oidc_provider, sessions
from app.accounts.actor import Actor
from app.accounts.errors import SignInRefused, SingleSignOnOff
from app.accounts.identities import Claims
from app.accounts.oidc_provider import Provider
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.core.secret_tokens import new_secret

CALLBACK = "/sign-in/oidc/callback"
SCOPE = "openid email profile"
KEY_KINDS = {"RS256": "RSA", "ES256": "EC"}
"""Signatures that are taken, and the kind of key that makes each."""
LEEWAY_SECONDS = 60

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def is_configured(settings: Settings) -> bool:
    """Whether people may sign in at a provider."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def begin() -> tuple[str, str]:
    """The secret for the browser to keep, and the address to send it to. Raises `ProviderAway`."""
    settings = _settings()
    provider, secret = oidc_provider.find(settings), new_secret()
    challenge = hashlib.sha256(_derived(secret, "verifier").encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": _redirect_uri(settings),
        "scope": SCOPE,
        "state": _derived(secret, "state"),
        "nonce": _derived(secret, "nonce"),
        "code_challenge": _base64(challenge),
        "code_challenge_method": "S256",
    }
    sign = "&" if urlsplit(provider.authorization_endpoint).query else "?"
    return secret, f"{provider.authorization_endpoint}{sign}{urlencode(query)}"


def finish(
    secret: str,
    *,
    code: str,
    state: str,
    issuer: str | None = None,
    address: str | None = None,
    request_id: str | None = None,
    replacing: str | None = None,
) -> tuple[str, Actor]:
    """Exchange the code that the browser came back with for a session of ours: its secret, and who it is.

    `issuer`: the one that the answer named, if it did. Opens its own short transactions, none while the provider is
    asked. Raises `SignInRefused`, `ProviderAway`.
    """
    settings = _settings()
    try:
        _check_state(secret, state)
        claims = _ask_who(settings, secret, code, issuer)
        with transaction() as session:
            person = identities.person_of(session, claims, settings)
            return sessions.start(
                session, person, how="oidc", address=address, request_id=request_id, replacing=replacing
            )
    except SignInRefused as error:
        with transaction() as session:
            facts: dict[str, Any] = {"how": "oidc", "reason": error.detail}
            audit.record(session, None, "sign_in_failed", address=address, request_id=request_id, **facts)
        raise


def _check_state(secret: str, state: str) -> None:
    """Refuse an answer that this browser did not ask for."""
    expected = _derived(secret, "state") if _SECRET.fullmatch(secret) else ""
    if not expected or not hmac.compare_digest(expected.encode(), state.encode("utf-8", "replace")):
        raise SignInRefused("This sign-in was not begun in this browser, or took too long.")


def _ask_who(settings: Settings, secret: str, code: str, issuer: str | None) -> Claims:
    provider = oidc_provider.find(settings)
    if issuer is not None and issuer != provider.issuer:
        raise SignInRefused("The answer came from another provider.")
    if not code:
        raise SignInRefused("The provider sent no code.")
    verifier, redirect_uri = _derived(secret, "verifier"), _redirect_uri(settings)
    told = oidc_provider.exchange(provider, settings, code=code, verifier=verifier, redirect_uri=redirect_uri)
    claims = read_id_token(provider, str(told.get("id_token", "")), settings.oidc_client_id, _derived(secret, "nonce"))
    if "email" not in claims and isinstance(told.get("access_token"), str):
        more = oidc_provider.userinfo(provider, told["access_token"])
        if more.get("sub") == claims["sub"]:
            claims = {**more, **claims}
    return Claims.read(provider.issuer, claims)


def read_id_token(provider: Provider, token: str, client_id: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that this provider signed just now, for us, for this sign-in. Raises `SignInRefused`."""
    claims = _verified(provider, token)
    moment = time.time()
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", client_id if len(audiences) == 1 else None)
    wrong = {
        "was made by somebody else": claims.get("iss") != provider.issuer,
        "is for another program": client_id not in audiences or party != client_id,
        "is too old": not _is_moment(claims.get("exp")) or claims["exp"] <= moment - LEEWAY_SECONDS,
        "is from the future": not _is_moment(claims.get("iat")) or claims["iat"] > moment + LEEWAY_SECONDS,
        "is not valid yet": "nbf" in claims
        and not (_is_moment(claims["nbf"]) and claims["nbf"] <= moment + LEEWAY_SECONDS),
        "belongs to another sign-in": not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
        "names nobody": not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255,
    }
    for what, is_so in wrong.items():
        if is_so:
            raise SignInRefused(f"What the provider sent {what}.")
    return claims


def _verified(provider: Provider, token: str) -> dict[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise SignInRefused("What the provider sent is no signed token.") from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in KEY_KINDS:
        raise SignInRefused("What the provider sent is not signed in a way that is taken here (RS256 or ES256).")
    for anew in (False, True):
        for key in provider.keys(kid if isinstance(kid, str) else None, KEY_KINDS[algorithm], anew=anew):
            with suppress(JoseError, ValueError):
                return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    raise SignInRefused("What the provider sent is not signed with a key of the provider's.")


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _settings() -> Settings:
    settings = get_settings()
    if not is_configured(settings):
        raise SingleSignOnOff
    return settings


def _redirect_uri(settings: Settings) -> str:
    return settings.base_url + CALLBACK


def _derived(secret: str, purpose: str) -> str:
    return _base64(hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
