"""Origins of pages that may show a guide in a frame: `https://wiki.example.com`."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from app.core.errors import InvalidInput

MOST = 20
LONGEST = 255

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*|\[[0-9a-f:.]{2,45}\]")
_ONES_OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})
_USUAL_PORT = {"https": 443, "http": 80}


class InvalidOrigin(InvalidInput):
    """This is no site that could show the guide: write it like https://wiki.example.com, without a path."""


def parsed(given: Iterable[str]) -> list[str]:
    """The origins in their one form and each once; they go into a header, so nothing else gets through.

    Raises `InvalidOrigin`: https only, because whoever sits in between could put any page around the guide; http on
    one's own machine.
    """
    found = list(dict.fromkeys(_origin(text.strip()) for text in given if text.strip()))
    if len(found) > MOST:
        raise InvalidOrigin(f"At most {MOST} sites may show a guide.", field="embed_origins")
    return found


def _origin(text: str) -> str:
    wrong = InvalidOrigin(
        f"“{text[:100]}” is no site: write it like https://wiki.example.com, without a path.", field="embed_origins"
    )
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.removesuffix(":")).lower()
        if not host.isascii():
            host = host.encode("idna").decode()
    except ValueError as error:  # also of what IDNA cannot write
        raise wrong from error
    if not _HOST.fullmatch(host) or len(host) > LONGEST or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise wrong
    if parts.scheme == "http" and host not in _ONES_OWN:
        raise InvalidOrigin(
            f"“{text[:100]}” is not encrypted: only sites with https may show a guide.", field="embed_origins"
        )
    if parts.scheme not in _USUAL_PORT:
        raise wrong
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, _USUAL_PORT[parts.scheme]} else "")
