"""Tasks with fields that are written into."""

from functools import partial

from tests.evals.recording import Recording
from tests.evals.tasks import task as any_task

task = partial(any_task, kind="forms")
SUBMIT = ('Click "Submit".', "Submit")


@task("enter-text", "enter-text-dynamic", seeds=(1, 2))
def write_into_the_only_field(do: Recording) -> None:
    (text,) = do.quoted()
    do.enter("#tt", text, f'Enter "{text}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("enter-text-2")
def write_in_capitals(do: Recording) -> None:
    (text,) = do.quoted()
    text = text.upper() if "upper" in do.utterance else text.lower()
    do.enter("#tt", text, f'Enter "{text}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("enter-password", seeds=(1, 2))
def choose_a_password(do: Recording) -> None:
    (password,) = do.quoted()
    do.enter("#password", password, 'Enter the password in the "Password" field.', "Password", kind="password")
    do.enter(
        "#verify", password, 'Enter the password in the "Verify password" field.', "Verify password", kind="password"
    )
    do.click("#subbtn", *SUBMIT)


@task("login-user", seeds=(1, 2))
def sign_in(do: Recording) -> None:
    name, password = do.quoted()
    do.enter("#username", name, 'Enter the username in the "Username" field.', "Username")
    do.enter("#password", password, 'Enter the password in the "Password" field.', "Password", kind="password")
    do.click("#subbtn", 'Click "Login".', "Login")


@task("login-user-popup", seeds=(2,), rewarded=False)
def sign_in_with_ok(do: Recording) -> None:
    name, password = do.quoted()
    do.enter("#username", name, 'Enter the username in the "Username" field.', "Username")
    do.enter("#password", password, 'Enter the password in the "Password" field.', "Password", kind="password")
    do.click("#subbtn", 'Click "OK".', "OK")


@task("enter-date", seeds=(1, 2))
def enter_a_date(do: Recording) -> None:
    month, day, year = do.told(r"Enter ([\d/]+) as").split("/")
    iso = f"{year}-{month}-{day}"
    do.enter("#tt", iso, f'Enter "{iso}" in the date field.', None, kind="date")
    do.click("#subbtn", *SUBMIT)


@task("enter-time")
def enter_a_time(do: Recording) -> None:
    hour, minute, half = do.told(r"Enter (.+) as").replace(":", " ").split()
    text = f"{int(hour) % 12 + 12 * (half == 'PM'):02}:{minute}"
    do.enter("#tt", text, f'Enter "{text}" in the time field.', None, kind="date")
    do.click("#subbtn", *SUBMIT)


@task("focus-text")
def the_only_field(do: Recording) -> None:
    do.click("#tt", "Click the only field on the page.", None, "field")


@task("focus-text-2", seeds=(1, 2))
def one_of_three_fields(do: Recording) -> None:
    number = do.told(r"the (\d)")
    ordinal = {"1": "first", "2": "second", "3": "third"}[number]
    do.click(f"#tt{number}", f"Click the {ordinal} field.", None, "field")


@task("find-word", rewarded=False)
def find_a_word(do: Recording) -> None:
    words = do.page.locator("#area p").inner_text().split()
    word = words[int(do.told(r"the (\d)")) - 1].strip(".,")
    do.enter("#answer-input", word, f'Enter "{word}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("read-table")
def copy_from_a_table(do: Recording) -> None:
    value = _in_table(do, do.told(r"value of (.+) into"))
    do.enter("#tt", value, f'Enter "{value}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("read-table-2", seeds=(1, 2))
def copy_two_from_a_table(do: Recording) -> None:
    for number in (1, 2):
        name = do.page.locator(f"#ll{number}").get_attribute("data-key") or ""
        value = _in_table(do, name)
        what = {"First name": "the first name", "Last name": "the last name"}.get(name, f'"{value}"')
        do.enter(f"#tt{number}", value, f'Enter {what} in the "{name}" field.', name)
    do.click("#subbtn", *SUBMIT)


def _in_table(do: Recording, name: str) -> str:
    row = do.page.locator("#tab tr").filter(has=do.page.get_by_text(name, exact=True))
    return row.locator("td").nth(1).inner_text()


@task("simple-algebra")
def solve_for_x(do: Recording) -> None:
    do.enter("#math-answer", "41", 'Enter "41" in the "x =" field.', "x =")
    do.click("#subbtn", *SUBMIT)


@task("simple-arithmetic")
def solve(do: Recording) -> None:
    do.enter("#math-answer", "8", 'Enter "8" in the "2 x 4 =" field.', "2 x 4 =")
    do.click("#subbtn", *SUBMIT)


@task("text-transform")
def read_bent_letters(do: Recording) -> None:
    text = do.page.locator("#captcha").inner_text()
    do.enter("#tt", text, f'Enter "{text}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("visual-addition")
def count_blocks(do: Recording) -> None:
    total = str(do.page.locator(".addition-block").count())
    do.enter("#math-answer", total, f'Enter "{total}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("guess-number", rewarded=False)
def guess(do: Recording) -> None:
    do.enter("#tt", "5", 'Enter "5" in the field.', None, kind="number")
    do.click("#subbtn", *SUBMIT)


_FILMS = {
    1: ({"Genre": "drama", "Year": "2011", "Director Name": "Holloway"}, "Search"),
    2: ({"Genre": "saga", "Director": "Hale", "Year": "1984"}, "Search"),
    3: ({"Director Name": "Slater", "Released Date": "1993", "Movie Genre": "thriller"}, "Go!"),
    4: ({"Genre": "historical", "Director": "Price", "Year": "1986"}, "Submit"),
    5: ({"Director": "Perez", "Year": "2003", "Genre": "adventure"}, "Submit"),
}


@task("multi-layouts", seeds=(1, 2, 3, 4, 5))
def search_for_a_film(do: Recording) -> None:
    """Five layouts of one form; no label belongs to its field in the markup. Names as they were read on the pages."""
    fields, button = _FILMS[int(do.name.rpartition("-")[2])]
    for number, (name, value) in enumerate(fields.items()):
        do.enter(f"#area input >> nth={number}", value, f'Enter "{value}" in the "{name}" field.', name)
    do.click(do.page.locator("#area").get_by_text(button, exact=True), f'Click "{button}".', button)


@task("multi-orderings", seeds=(1, 2))
def search_in_a_table(do: Recording) -> None:
    values = {
        "Genre": do.told(r"for (\w+) movies"),
        "Director": do.told(r"by (\w+) from"),
        "Year": do.told(r"year (\d+)"),
    }
    for name in do.page.locator("#area th").all_inner_texts():
        row = do.page.locator("#area tr", has_text=name)
        do.enter(row.locator("input"), values[name], f'Enter "{values[name]}" in the "{name}" field.', name)
    do.click(".final", 'Click "Submit".', "Submit")


@task("copy-paste")
def copy_and_paste(do: Recording) -> None:
    text = do.copy("#to-copy", "Copy the text from the first field.", None)
    do.paste("#answer-input", text, "Paste the copied text in the second field.", None)
    do.click("#subbtn", *SUBMIT)


@task("copy-paste-2")
def copy_one_of_three(do: Recording) -> None:
    number = do.told(r"the (\d)")
    ordinal = {"1": "first", "2": "second", "3": "third"}[number]
    text = do.copy(f"#text-{number}", f"Copy the text from the {ordinal} field.", None)
    do.paste("#answer-input", text, "Paste the copied text in the last field.", None)
    do.click("#subbtn", *SUBMIT)


@task("scroll-text")
def last_word(do: Recording) -> None:
    word = do.page.locator("#text-area").input_value().split()[-1].rstrip(".")
    do.enter("#answer-input", word, f'Enter "{word}" in the field.', None)
    do.click("#subbtn", *SUBMIT)


@task("use-autocomplete-nodelay")
def with_suggestions(do: Recording) -> None:
    start = do.quoted()[0]
    do.enter("#tags", start, f'Enter "{start}" in the "Tags" field.', "Tags")
    do.click(
        do.page.locator(".ui-autocomplete .ui-menu-item-wrapper", has_text="Egypt"),
        'Select "Egypt".',
        "Egypt",
        "option",
    )
    do.click("#subbtn", *SUBMIT)


@task("search-engine", seeds=(1, 2))
def search(do: Recording) -> None:
    words = do.quoted()[0]
    do.enter("#search-text", words, f'Enter "{words}" in the search field.', None)
    do.click("#search", 'Click "Search".', "Search")
    wanted = int(do.told(r"the (\d+)\w\w search result")) - 1
    if wanted >= 3:
        number = str(wanted // 3 + 1)
        do.click(f"#pagination a:text-is('{number}')", f'Click "{number}".', number, "link")
    link = do.page.locator(f"#page-content .search-title[data-result='{wanted}']")
    name = link.inner_text()
    do.click(link, f'Click "{name}".', name, "link")
