"""The pages in a second language, and in one that is read from right to left."""

import pytest
from babel.support import NullTranslations

from app.web import i18n
from tests.web.conftest import Browser

GERMAN = "de-AT,de;q=0.9,en;q=0.8"


@pytest.mark.parametrize("header", ["", "xx", "*", ";;q=,", "../../etc/passwd"])
def test_what_cannot_be_understood_is_english(browser: Browser, header: str) -> None:
    page = browser.get("/sign-in", **{"Accept-Language": header})
    assert '<html lang="en" dir="ltr">' in page.text


def test_what_the_browser_asks_for_first(browser: Browser) -> None:
    page = browser.get("/sign-in", **{"Accept-Language": GERMAN})
    assert '<html lang="de" dir="ltr">' in page.text
    assert "Anmelden" in page.text


def test_what_the_person_chose_stands_above_it(editor: Browser) -> None:
    number = editor.create()["id"]
    editor.client.cookies.set(i18n.COOKIE, "de")
    assert '<html lang="de"' in editor.get(f"/workflows/{number}").text
    editor.client.cookies.set(i18n.COOKIE, "en")
    assert '<html lang="en"' in editor.get("/", **{"Accept-Language": GERMAN}).text


def test_a_language_from_right_to_left_turns_the_page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "LANGUAGES", ("en", "ar"))
    monkeypatch.setattr(i18n, "gettext", str)
    monkeypatch.setattr(i18n, "_translations", lambda _code: NullTranslations())
    page = browser.get("/sign-in", **{"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.text
