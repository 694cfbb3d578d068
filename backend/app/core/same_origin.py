"""Did one of our own pages send this request? Browsers say so, and pages of other sites cannot make them lie."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.core.config import get_settings


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """The first defence against forged requests. `headers` finds names in lower case."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return True  # not a browser's cross-site form: those carry at least one of the two
    return urlsplit(origin).netloc in {headers.get("host"), urlsplit(get_settings().base_url).netloc}
