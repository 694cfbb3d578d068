"""Where a form leads back to."""

from urllib.parse import urlsplit

MAX_NEXT = 500


def own_page(asked: str) -> str:
    """A path of ours: what is opened next must not be another site."""
    if len(asked) > MAX_NEXT or not asked.isprintable() or "\\" in asked:
        return "/"
    try:
        return asked if asked.startswith("/") and not urlsplit(asked).netloc else "/"
    except ValueError:
        return "/"
