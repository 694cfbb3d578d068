"""Web addresses without what may be secret in them: user info, query, fragment, session numbers."""

import re

from app.core.secrets_in_text import mask

_USER_INFO = re.compile(
    r"^(\s*(?:[a-z][a-z0-9+.-]*:)*[/\\]{2,}|\s*(?:https?|wss?|ftp):[/\\]*)[^/\\?#]*@", re.IGNORECASE
)
_PARTS_TO_TAKE = frozenset("?#@;")
_PATH_SESSION = re.compile(r";\s*(?:j?session_?id|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_OPAQUE = re.compile(r"^\s*(data:[a-z]*/?[a-z0-9.+-]*|javascript:|blob:)", re.IGNORECASE)

_ADDRESS = re.compile(r"\s*([a-z][a-z0-9+.-]*:)?//|\s*(about|blob|data|javascript):", re.IGNORECASE)
_SITE = re.compile(r"^\s*https?://(?:[^/?#@\s]*@)?([^/?#@\s]{1,255})(?:[/?#]|\s*$)", re.IGNORECASE)


def clean_address(address: str) -> str:
    """The address without user info, query and fragment; the path of a hash router (`#/contacts/1`) is kept."""
    if match := _OPAQUE.match(address):
        return match[1]
    if "@" in address:
        address = _USER_INFO.sub(r"\1", address)
    base, _, fragment = address.partition("#")
    base = base.partition("?")[0]
    if ";" in base:
        base = _PATH_SESSION.sub("", base)
    route = _route(fragment) if fragment else ""
    return mask(f"{base}#{route}" if route else base)[0]


def is_address(text: str) -> bool:
    """Whether this is a whole address, and not a selector, say, that may hold one."""
    return _ADDRESS.match(text) is not None


def may_hold_more(address: str) -> bool:
    """Whether `clean_address` would have something to take away."""
    return not _PARTS_TO_TAKE.isdisjoint(address) or _OPAQUE.match(address) is not None


def _route(fragment: str) -> str:
    if not fragment.startswith(("/", "!/")):
        return ""
    return re.split("[?&#]", fragment, maxsplit=1)[0]


def first_site(*addresses: str | None) -> str | None:
    """The host of the first web address among these, in lower case, with its port if it names one."""
    return next(filter(None, map(site, addresses)), None)


def site(address: str | None) -> str | None:
    """The host of a web address, in lower case, with its port if it names one; None: it is none."""
    match = _SITE.match(address or "")
    return match[1].lower() if match else None
