"""The task that is recorded: an administrator gives a new colleague an account."""

from playwright.sync_api import Page

from recorder import Recorder

NAME = "Create an account for a new colleague"
DESCRIPTION = "An administrator adds a person to the intranet and lets them edit its pages."
PERSON = {"email": "priya.raman@intranet.example", "first": "Priya", "last": "Raman", "department": "Marketing"}


def perform(page: Page, recorder: Recorder, *, password: str) -> None:
    """Do the task once, from the dashboard, as someone who is already signed in."""
    recorder.go_to("/admin/")
    sidebar = page.get_by_role("navigation").first
    recorder.click(sidebar.get_by_role("button", name="Settings"))
    recorder.click(page.get_by_role("link", name="Users", exact=True))
    page.wait_for_url("**/admin/users/")
    recorder.click(page.get_by_role("link", name="Add a user"))
    page.wait_for_url("**/admin/users/new/")

    recorder.enter(page.get_by_label("Email"), PERSON["email"], kind="email")
    recorder.enter(page.get_by_label("First name"), PERSON["first"])
    recorder.enter(page.get_by_label("Last name"), PERSON["last"])
    recorder.select(page.get_by_label("Department"), PERSON["department"])
    recorder.enter(page.get_by_label("Password").first, password, kind="password")
    recorder.enter(page.get_by_label("Password confirmation"), password, kind="password")
    recorder.click(page.get_by_role("tab", name="Roles").first)
    recorder.check(page.get_by_role("checkbox", name="Editors"))
    recorder.submit(page.get_by_role("button", name="Create"))
    page.wait_for_url("**/admin/users/")
    recorder.click(page.get_by_role("link", name=f"{PERSON['first']} {PERSON['last']}"))
