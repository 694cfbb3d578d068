"""Plain fields: text, email, a number by its spinner, a text of two lines, an address; Tab between them is no step."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, enter, shows

EXPECTED = [
    enter("Full name", "Ines Halvorsen"),
    enter("Email", "ines@example.com", kind="email"),
    enter("Employees", "20", "spinbutton", kind="number"),
    enter("Notes", "Met at the fair.\nCall in May."),
    enter("Website", "https://halvorsen.example", kind="url"),
    click("Save contact"),
]


def drive(page: Page) -> None:
    page.get_by_label("Full name").click()
    page.keyboard.type("Ines Halvorsen")
    page.keyboard.press("Tab")
    page.keyboard.type("ines@example.com")
    employees = page.get_by_label("Employees")
    box = employees.bounding_box()
    assert box
    employees.hover()
    for _ in range(2):
        page.mouse.click(box["x"] + box["width"] - 8, box["y"] + 6)
    page.get_by_label("Notes").click()
    page.keyboard.type("Met at the fair.")
    page.keyboard.press("Enter")
    page.keyboard.type("Call in May.")
    page.keyboard.press("Tab")
    page.keyboard.type("https://halvorsen.example")
    page.get_by_role("button", name="Save contact").click()


def done(page: Page) -> None:
    shows(page, "Ines Halvorsen | ines@example.com | 20 | Met at the fair. / Call in May. | https://halvorsen.example")
