"""The cookie that carries a session's secret: its name and what browsers are told about it."""

from typing import Literal, TypedDict

from app.core.config import get_settings


class CookieRules(TypedDict):
    """Arguments under which every web framework sets a cookie."""

    path: str
    httponly: bool
    samesite: Literal["lax"]
    secure: bool


def name() -> str:
    """Over TLS with the prefix by which a browser refuses one that another host or an insecure page set."""
    return "__Host-wp_session" if _over_tls() else "wp_session"


def rules() -> CookieRules:
    """Not for scripts, not for other sites' forms, and over TLS for nothing else."""
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": _over_tls()}


def _over_tls() -> bool:
    return get_settings().base_url.startswith("https://")
