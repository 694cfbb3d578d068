"""Every page that a signed-in person can open, with a workflow in which every field is poisoned.

The fixture `watch` fails on a dialog, an error in the console, a report of the Content Security Policy and a request to
another host; here each page is looked at by axe, too, and must not be wider than a phone.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from app.accounts.actor import Actor
from app.accounts.models import Role, User
from app.core.db import transaction
from app.recordings import rerecording
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage import service as storage
from app.storage.store import get_store
from app.workflows import folders, labels, shares, steps, trash
from app.workflows import service as workflows
from app.workflows.changes import WorkflowChanges
from tests.api.bodies import picture
from tests.browser.axe import violations
from tests.browser.conftest import Watch
from tests.browser.test_first_pages import POISONED_ADDRESS, SignIn, store_json
from tests.web.test_poisoned_recording import POISON, poisoned

PAGES: dict[str, Callable[[int, int], str]] = {
    "library": lambda _number, _step: "/",
    "folders": lambda _number, _step: "/folders",
    "trash": lambda _number, _step: "/trash",
    "organise": lambda number, _step: f"/workflows/{number}/organise",
    "guide": lambda number, _step: f"/workflows/{number}",
    "read": lambda number, _step: f"/workflows/{number}/read",
    "review": lambda number, _step: f"/workflows/{number}/review",
    "edit": lambda number, _step: f"/workflows/{number}/edit",
    "insert": lambda number, _step: f"/workflows/{number}/edit?open=insert&at=0",
    "history": lambda number, _step: f"/workflows/{number}/history",
    "share": lambda number, _step: f"/workflows/{number}/share",
    "exports": lambda number, _step: f"/workflows/{number}/exports",
    "redact": lambda number, step: f"/workflows/{number}/steps/{step}/redact",
    "record again": lambda number, _step: f"/workflows/{number}/recordings",
    "compare": lambda number, _step: f"/workflows/{number}/recordings/1",
    "recorder": lambda _number, _step: "/recorder",
    "work": lambda _number, _step: "/background",
    "account": lambda _number, _step: "/settings/account",
    "people": lambda _number, _step: "/settings/people",
    "tokens": lambda _number, _step: "/settings/tokens",
    "labelling": lambda _number, _step: "/settings/labelling",
    "webhooks": lambda _number, _step: "/settings/webhooks",
    "backup": lambda _number, _step: "/settings/backup",
}


@pytest.fixture
def mira(mira: User) -> User:
    """An admin, who may open every page."""
    with transaction() as session:
        user = session.get_one(User, mira.id)
        user.role = Role.ADMIN
        return user


def poison(actor: Actor) -> tuple[int, int]:
    """A workflow and one of its steps; there is another in the trash."""
    with transaction() as session:
        kept, _new = storage.store(
            session, get_store(), owner_id=actor.user_id, data=picture(1), max_bytes=10**7, max_pixels=10**7
        )
        shot = kept.id
    content = poisoned(POISONED_ADDRESS)
    content["steps"][0]["screenshot_id"] = shot
    recording = json.dumps({"name": POISON, **content})
    (lost, _), (number, _) = store_json(actor, recording), store_json(actor, recording)
    with transaction() as session:
        trash.put(session, lost, actor)
        folder = folders.create(session, actor, POISON[:100])
        changes = WorkflowChanges(folder_id=folder.id, description=POISON)
        workflows.update(session, number, actor, changes=changes)
        shares.create(session, number, actor, name=POISON[:100])
        first = steps.listed(session, number)[0].step.id
        again = RecordingIn(name=POISON, steps=[*changed(content["steps"]), *content["steps"][2:]])
        rerecording.store(session, actor, number, recordings.prepare(again))
        labels.add(session, {first: labels.by_person(POISON[:200], f"**{POISON}** `{POISON}`", actor.user_id)})
    return number, first


def changed(steps_: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first with everything in it changed, and one more."""
    target = steps_[0]["target"]
    moved = {"name": f"{POISON}!", "role": POISON[:50], "context": target["context"] | {"row": f"{POISON}!"}}
    other = target | moved | {"name": POISON[::-1], "attributes": {}, "selectors": []}
    return [steps_[0] | {"target": target | moved, "value": f"{POISON}!"}, steps_[0] | {"target": other}]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_nothing_acts_nothing_is_hidden_from_anybody(
    *, page: Page, sign_in: SignIn, actor: Actor, watch: Watch, width: int, scheme: str
) -> None:
    number, step = poison(actor)
    sign_in()
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two that there are
    wrong: dict[str, object] = {}
    for name, address in PAGES.items():
        answer = page.goto(address(number, step))
        assert answer is not None
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = violations(page)
        if answer.status != 200 or wider > 0 or found or watch.wrong:
            wrong[name] = (answer.status, wider, found, list(watch.wrong))
            watch.wrong.clear()
    assert wrong == {}


def test_every_link_and_form_leads_somewhere(page: Page, sign_in: SignIn, actor: Actor) -> None:
    number, step = poison(actor)
    sign_in()
    led: dict[str, str] = {}
    for address in PAGES.values():
        page.goto(address(number, step))
        links = """[...document.querySelectorAll("[href], [hx-get], form[action], [formaction]")]
            .map((it) => new URL(it.getAttribute("hx-get") ?? it.formAction ?? it.action ?? it.href, location))
            .filter(({ origin }) => origin === location.origin).map(({ pathname, search }) => pathname + search)"""
        led |= dict.fromkeys(page.evaluate(links), page.url)
    answers = {link: page.request.get(link).status for link in led}
    assert len(answers) > 60
    assert {link: (status, led[link]) for link, status in answers.items() if status >= 400 and status != 405} == {}
