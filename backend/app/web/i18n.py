"""Every word of the pages passes through here. A language is a file: `translations/<code>.po`.

Which one a request gets: the one that its person chose (a cookie), else the first that their browser asks for and that
there is, else English. It is set once, at the door, and holds for whatever that request renders.
"""

import io
from contextvars import ContextVar
from functools import cache
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = Path(__file__).parent / "translations"
COOKIE = "language"
SOURCE = "en"
LANGUAGES: tuple[str, ...] = (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))

_chosen: ContextVar[str] = ContextVar("language", default=SOURCE)


def language() -> str:
    """The language of what is rendered now (BCP 47)."""
    return _chosen.get()


def locale() -> Locale:
    """The same, for dates and numbers."""
    return Locale.parse(language(), sep="-")


@cache
def names() -> dict[str, str]:
    """Each language that there is, by its code, as its own speakers call it."""
    return {code: (Locale.parse(code, sep="-").get_display_name() or code).capitalize() for code in LANGUAGES}


def direction() -> str:
    """`ltr` or `rtl`."""
    return locale().text_direction


def gettext(message: str) -> str:
    """The message in the language of what is rendered now."""
    return _translations(language()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form that belongs to this count."""
    return _translations(language()).ngettext(singular, plural, count)


class ChooseLanguage:
    """Sets the language for the rest of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _chosen.set(_wanted(Headers(scope=scope)))
        await self.app(scope, receive, send)


def _wanted(headers: Headers) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    if cookie is not None and cookie.value in LANGUAGES:
        return cookie.value
    asked = [part.partition(";")[0].strip() for part in headers.get("accept-language", "").split(",")]
    return negotiate_locale([tag for tag in asked if tag.replace("-", "").isalnum()], LANGUAGES, sep="-") or SOURCE


@cache
def _translations(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    compiled = io.BytesIO()
    with (FOLDER / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, code))
    compiled.seek(0)
    return Translations(compiled)
