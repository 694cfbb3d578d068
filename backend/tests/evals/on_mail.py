"""Tasks with mail, messages, contacts and a text editor: rows of like controls, many of them icons without a name."""

from functools import partial

from playwright.sync_api import Locator

from tests.evals.recording import Recording
from tests.evals.tasks import task as any_task

task = partial(any_task, kind="mail and feeds")


@task("email-inbox-delete", "email-inbox-noscroll")
def delete_a_mail(do: Recording) -> None:
    sender = do.told(r"email by (\w+)")
    row = do.page.locator(".email-thread", has_text=sender)
    do.click(row.locator(".trash"), f'Click the trash icon next to "{sender}".', None, "icon")


@task("email-inbox-important")
def star_a_mail(do: Recording) -> None:
    sender = do.told(r"email by (\w+)")
    row = do.page.locator(".email-thread", has_text=sender)
    do.click(row.locator(".star"), f'Click the star icon next to "{sender}".', None, "icon")


@task("email-inbox-reply")
@task("email-inbox", seeds=(3, 4))
def reply_to_a_mail(do: Recording) -> None:
    sender, (text,) = do.told(r"email by (\w+)"), do.quoted()
    do.click(do.page.locator(".email-sender").get_by_text(sender, exact=True), f'Click "{sender}".', sender, "item")
    do.click("#email .email-reply", 'Click "Reply".', "Reply", "item")
    do.enter("#reply-text", text, f'Enter "{text}" in the message.', None)
    do.click("#send-reply", "Click the send icon.", None, "icon")


@task("email-inbox-forward")
def forward_a_mail(do: Recording) -> None:
    sender, to = do.told(r"email by (\w+)"), do.told(r"to (\w+)\.")
    do.click(do.page.locator(".email-sender").get_by_text(sender, exact=True), f'Click "{sender}".', sender, "item")
    do.click("#email .email-forward", 'Click "Forward".', "Forward", "item")
    do.enter(".forward-sender", to, f'Enter "{to}" in the "to" field.', "to")
    do.click("#send-forward", "Click the send icon.", None, "icon")


@task("email-inbox-nl-turk")
def delete_as_a_person_put_it(do: Recording) -> None:
    row = do.page.locator(".email-thread", has_text="Neille")
    do.click(row.locator(".trash"), 'Click the trash icon next to "Neille".', None, "icon")


def _post_of(do: Recording, user: str) -> Locator:
    return do.page.locator(".media").filter(has=do.page.locator(f".username:text-is('{user}')"))


@task("social-media", seeds=(1,))
def like_a_post(do: Recording) -> None:
    user = do.told(r"user (@\w+)")
    post = _post_of(do, user)
    do.trigger(post.locator(".like"), f'Click the like icon under "{user}".', None, "icon")


@task("social-media", seeds=(3, 4, 5))
def more_of_a_post(do: Recording) -> None:
    user, (wanted,) = do.told(r"user (@\w+)"), do.quoted()
    post = _post_of(do, user)
    do.trigger(post.locator(".more"), f'Click the more icon under "{user}".', None, "icon")
    do.trigger(post.get_by_text(wanted), f'Click "{wanted}".', wanted, "menu item")


@task("social-media-some")
def like_one_of_many(do: Recording) -> None:
    user = do.told(r"by (@\w+)")
    post = _post_of(do, user).first
    do.click(post.locator(".like"), f'Click the like icon under "{user}".', None, "icon")
    do.click(do.page.get_by_role("button", name="Submit"), 'Click "Submit".', "Submit")


@task("phone-book", seeds=(1,))
def call_a_contact(do: Recording) -> None:
    do.click(".phone", "Click the phone number.", None, "link")


@task("phone-book", seeds=(2, 3))
def find_a_contact(do: Recording) -> None:
    name, what = do.told(r"Find (\w+) in"), do.told(r"their (email|address)")
    pages = 0
    while do.page.locator("#contact h2").inner_text() != name:
        again = ("", " again")[pages] if pages < 2 else f" for the {('third', 'fourth', 'fifth')[pages - 2]} time"
        do.click("#pagination .next a", f"Click the right arrow{again}.", None, "link")
        pages += 1
    shown = do.page.locator(f".{what}").inner_text()
    gold = "Click the email address." if what == "email" else f'Click "{shown}".'
    do.click(f".{what}", gold, None if what == "email" else shown, "link")


@task("text-editor", rewarded=False)
def make_text_bold(do: Recording) -> None:
    editor = do.find(".ql-editor")
    editor.click()
    do.page.keyboard.press("Control+Home")
    for _ in range(len("Neque,")):
        do.page.keyboard.press("Shift+ArrowRight")
    do.click("button.ql-bold", "Click the bold icon.", None, "icon")
    do.click(do.page.get_by_role("button", name="Submit"), 'Click "Submit".', "Submit")
