"""Tasks with menus, tabs, sections and trees."""

from functools import partial

from tests.evals.recording import Recording
from tests.evals.tasks import task as any_task

task = partial(any_task, kind="menus and tabs")


@task("click-tab", seeds=(1, 2))
def open_a_tab(do: Recording) -> None:
    name = do.told(r"on (Tab #\d)")
    do.click(f"li[role=tab]:has-text('{name}')", f'Open the "{name}" tab.', name, "tab")


@task("click-tab-2", "click-tab-2-easy", "click-tab-2-hard")
def link_on_some_tab(do: Recording) -> None:
    """Tabs are opened in their order until the link is seen."""
    (shown,) = do.quoted()
    link = do.page.locator(".alink").filter(has_text=shown)
    for tab in do.page.locator("li[role=tab]").all():
        if link.locator("visible=true").count():
            break
        if tab.get_attribute("aria-selected") == "true":
            continue
        name = tab.inner_text()
        do.click(tab, f'Open the "{name}" tab.', name, "tab")
        do.page.wait_for_timeout(300)
    name = shown.rstrip(",.")
    do.click(link, f'Click "{name}".', name, "link")


@task("click-collapsible-nodelay", "click-collapsible", seeds=(1, 2))
def expand_and_submit(do: Recording) -> None:
    header = do.find("#area h3")
    name = header.inner_text().strip()
    do.click(header, f'Open the "{name}" section.', name, "section")
    do.page.wait_for_timeout(700)
    do.click("#subbtn", 'Click "Submit".', "Submit")


@task("click-collapsible-2-nodelay")
def link_in_some_section(do: Recording) -> None:
    (shown,) = do.quoted()
    link = do.page.locator(".alink").filter(has_text=shown)
    for header in do.page.locator("#area h3").all():
        if link.locator("visible=true").count():
            break
        name = header.inner_text().strip()
        do.click(header, f'Open the "{name}" section.', name, "section")
        do.page.wait_for_timeout(500)
    name = shown.rstrip(",.")
    do.click(link, f'Click "{name}".', name, "link")


@task("click-menu", seeds=(1, 2))
def way_through_menus(do: Recording) -> None:
    *menus, last = do.told(r"Select (.+)").split(">")
    for name in menus:
        do.hover(do.page.get_by_text(name, exact=True), f'Point to the "{name}" menu.', name, "menu")
        do.page.wait_for_timeout(500)
    gold = f'Choose "{last}" in the "{menus[-1]}" menu.' if menus else f'Choose "{last}".'
    do.click(do.page.get_by_text(last, exact=True), gold, last, "menu item")


@task("click-menu-2", seeds=(1, 2))
def menu_behind_a_button(do: Recording) -> None:
    do.click("#open-menu", 'Click "Menu".', "Menu")
    wanted = do.quoted()[1]
    item = do.page.locator(".ui-menu-item-wrapper").filter(has_text=wanted)
    if item.locator("visible=true").count():
        do.click(item, f'Choose "{wanted}".', wanted, "menu item")
        return
    do.hover(do.page.get_by_text("Playback", exact=True), 'Point to the "Playback" menu.', "Playback", "menu")
    do.page.wait_for_timeout(500)
    do.click(item, f'Choose "{wanted}" in the "Playback" menu.', wanted, "menu item")


@task("navigate-tree", seeds=(1, 2))
def way_through_a_tree(do: Recording) -> None:
    """Folders are opened in their order until the wanted one is seen."""
    (wanted,) = do.quoted()
    opened: set[str] = set()
    while not do.page.get_by_text(wanted, exact=True).locator("visible=true").count():
        folders = do.page.locator("span.folder").locator("visible=true")
        name = next(name for name in folders.all_inner_texts() if name not in opened)
        opened.add(name)
        do.click(do.page.get_by_text(name, exact=True), f'Click "{name}".', name, "item")
        do.page.wait_for_timeout(300)
    do.click(do.page.get_by_text(wanted, exact=True), f'Click "{wanted}".', wanted, "item")
