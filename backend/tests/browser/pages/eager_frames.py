"""Frames that the pages around them speak to before they are there."""

from playwright.sync_api import Page

from tests.browser.torture.steps import click, secret, shows

SECRETS = ["Kassensturz-88"]

EXPECTED = [
    click("Open drawer", frame=1),
    secret("Password of the manager", "password", frame=2),
    click("Approve", frame=2),
]


def drive(page: Page) -> None:
    register = page.frame_locator("[title=Register]")
    register.get_by_role("button", name="Open drawer").click()
    approval = register.frame_locator("[title=Approval]")
    approval.get_by_label("Password of the manager").click()
    page.keyboard.type(SECRETS[0])
    approval.get_by_role("button", name="Approve").click()


def done(page: Page) -> None:
    shows(page, "opened by the till, approved by 14")
