"""What an OpenID Connect provider says of itself, its keys, and the exchange of a code for a token.

The provider's address is the operator's own setting: it may lie in a private network, and a proxy of the environment
is used. Without TLS it is asked on this machine alone.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from app.accounts.errors import ProviderAway, SignInRefused
from app.core.config import Settings

log = structlog.get_logger(__name__)

Key = RSAKey | ECKey

TIMEOUT_SECONDS = 10
REMEMBER_SECONDS = 3_600
RENEW_KEYS_SECONDS = 10
"""Between two looks for new keys: tokens that name made-up keys must not make us ask again and again."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass
class Provider:
    """A provider's own description, and its keys as they were seen last."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    takes_basic: bool
    """Whether the client's secret goes into a header."""
    read_at: float
    _keys: list[Key] = field(default_factory=list)
    _keys_at: float = float("-inf")

    def keys(self, kid: str | None, kind: str, *, anew: bool = False) -> list[Key]:
        """Keys by which a token of this name (None: it names none) may be signed. The provider is asked for them if
        there is none, or `anew`: it may have changed them."""
        is_time = time.monotonic() - self._keys_at > RENEW_KEYS_SECONDS
        if is_time and (anew or not self._matching(kid, kind)):
            self._keys, self._keys_at = _read_keys(self.jwks_uri), time.monotonic()
        return self._matching(kid, kind)

    def _matching(self, kid: str | None, kind: str) -> list[Key]:
        return [key for key in self._keys if key.key_type == kind and kid in (None, key.kid)]


_known: dict[str, Provider] = {}
_lock = threading.Lock()


def find(settings: Settings) -> Provider:
    """The provider of the settings, as it described itself in the last hour. Raises `ProviderAway`."""
    issuer = settings.oidc_issuer.rstrip("/")
    with _lock:
        known = _known.get(issuer)
        if known is None or time.monotonic() - known.read_at > REMEMBER_SECONDS:
            known = _known[issuer] = _discover(issuer)
        return known


def forget() -> None:
    """Ask anew next time."""
    with _lock:
        _known.clear()


def exchange(provider: Provider, settings: Settings, *, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
    """The provider's answer to a code. Raises `SignInRefused`, `ProviderAway`."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    name = settings.oidc_client_id
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None
    auth = None
    if secret and provider.takes_basic:
        auth = httpx2.BasicAuth(quote_plus(name), quote_plus(secret))
    else:
        form |= {"client_id": name, **({"client_secret": secret} if secret else {})}
    return _ask("POST", provider.token_endpoint, data=form, auth=auth)


def userinfo(provider: Provider, access_token: str) -> dict[str, Any]:
    """What the provider says of the person beside the token."""
    if provider.userinfo_endpoint is None:
        return {}
    return _ask("GET", provider.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"})


def _discover(issuer: str) -> Provider:
    told = _ask("GET", f"{_secure(issuer)}/.well-known/openid-configuration")
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderAway(
            "The provider calls itself by another address than OIDC_ISSUER. Tell whoever runs this server."
        )
    try:
        userinfo_endpoint = told.get("userinfo_endpoint")
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Provider(
            issuer=told["issuer"],
            authorization_endpoint=_secure(told["authorization_endpoint"]),
            token_endpoint=_secure(told["token_endpoint"]),
            jwks_uri=_secure(told["jwks_uri"]),
            userinfo_endpoint=_secure(userinfo_endpoint) if userinfo_endpoint else None,
            takes_basic="client_secret_basic" in methods,
            read_at=time.monotonic(),
        )
    except (KeyError, TypeError):
        raise ProviderAway("The provider does not say where to sign in. Tell whoever runs this server.") from None


def _read_keys(address: str) -> list[Key]:
    try:
        found = KeySet.import_key_set(_ask("GET", address)).keys  # type: ignore[arg-type]  # checked by the import
    except (JoseError, KeyError, TypeError, ValueError):
        raise ProviderAway("The provider's keys cannot be read. Tell whoever runs this server.") from None
    return [key for key in found if isinstance(key, Key)]


def _ask(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        with httpx2.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
            answer = client.request(
                method, address, headers={"Accept": "application/json", **more.pop("headers", {})}, **more
            )
            told = answer.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        log.warning("oidc_provider_away", address=address, error=type(error).__name__)
        raise ProviderAway from None
    if 400 <= answer.status_code < 500 and method == "POST":
        reason = told.get("error") if isinstance(told, dict) else None
        log.warning("oidc_code_refused", status=answer.status_code, reason=str(reason)[:100])
        raise SignInRefused("The provider did not confirm this sign-in: it may have been used already, or is too old.")
    if answer.status_code != 200 or not isinstance(told, dict):
        log.warning("oidc_provider_away", address=address, status=answer.status_code)
        raise ProviderAway
    return told


def _secure(address: str) -> str:
    """The address, if nobody on the way can change what comes from there."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return address
    raise ProviderAway("The provider's addresses must begin with https://. Tell whoever runs this server.")
