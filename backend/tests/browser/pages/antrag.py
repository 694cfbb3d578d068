"""A German page: umlauts, a decimal number, a password."""

from playwright.sync_api import Page

from tests.browser.torture.steps import check, click, enter, secret, shows

EXPECTED = [
    enter("Straße und Hausnummer*", "Grüner Weg 5"),
    secret("Passwort für Vorgänge:", "password"),
    enter("Betrag in Euro", "19.5", "spinbutton", kind="number"),
    check("Überweisung", "radio"),
    click("Antrag prüfen…"),
]
SECRETS = ["Geheim-77"]


def drive(page: Page) -> None:
    page.get_by_label("Straße").click()
    for text in ("Grüner Weg 5", "Geheim-77", "19.5"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Antrag prüfen").click()


def done(page: Page) -> None:
    shows(page, "Grüner Weg 5, 19.5 €, bank, 9 Zeichen")
