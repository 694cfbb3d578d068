"""Background work in a real browser: what needs attention, several at once, a budget that is raised."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.core import preferences
from app.core.clock import now
from app.core.db import transaction
from app.labeling import budget
from app.labeling.models import LabelingRun, ModelCall, RunState, Spend
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from tests.browser.axe import violations
from tests.web.conftest import step

NAMES = ("Create a contact", "Refund an order", "Reset a password")
WHY = "Claude refused the key. Set a valid ANTHROPIC_API_KEY, restart the workers, then retry."


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reconciler of the server looks often."""
    monkeypatch.setenv("RECONCILE_SECONDS", "0.5")
    monkeypatch.setenv("LABEL_BUDGET_USD_PER_DAY", "1")


@pytest.fixture
def parked(actor: Actor) -> dict[str, int]:
    """Three runs that were given up on, by their workflows' names."""
    return {name: _given_up(actor, name) for name in NAMES}


def _given_up(actor: Actor, name: str, **values: object) -> int:
    with transaction() as session:
        prepared = recordings.prepare(RecordingIn(name=name, steps=[step("New"), step("Save")]))
        run_id = recordings.store(session, actor, prepared).run_id
        given = {"state": RunState.NEEDS_ATTENTION, "reason": WHY, "due_at": None, "published_at": None}
        session.execute(
            update(LabelingRun).where(LabelingRun.id == run_id).values(**given, finished_at=now(), **values)
        )
    return run_id


def states(*run_ids: int) -> list[str]:
    with transaction(read_only=True) as session:
        return [str(session.scalar(select(LabelingRun.state).where(LabelingRun.id == run_id))) for run_id in run_ids]


def test_one_is_retried_and_one_acknowledged(page: Page, sign_in: Callable[[], None], parked: dict[str, int]) -> None:
    sign_in()
    expect(page.locator(".badge")).to_contain_text("3")
    page.get_by_role("link", name="Background work").click()
    page.get_by_role("button", name="Retry Create a contact").click()
    expect(page.get_by_text("Retried: 1.")).to_be_visible()
    page.get_by_role("button", name="Acknowledge Refund an order").click()
    expect(page.locator(".badge")).to_contain_text("1")
    expect(page.locator(".attention .run")).to_have_count(1)
    assert states(*parked.values()) == ["queued", "needs_attention", "needs_attention"]


def test_several_are_ticked_stay_ticked_while_the_page_renews_itself_and_go_together(
    page: Page, sign_in: Callable[[], None], actor: Actor, parked: dict[str, int]
) -> None:
    sign_in()
    page.goto("/background")
    expect(page.get_by_role("button", name="Retry selected")).to_be_disabled()
    first = page.get_by_role("checkbox", name="Select Create a contact")
    first.check()
    page.get_by_role("checkbox", name="Select Refund an order").check()
    first.focus()
    _given_up(actor, "Close a ticket")
    expect(page.get_by_role("checkbox", name="Select Close a ticket")).to_be_visible()
    expect(first).to_be_checked()
    expect(first).to_be_focused()
    expect(page.get_by_role("checkbox", name="Select Close a ticket")).not_to_be_checked()
    page.get_by_role("button", name="Acknowledge selected").click()
    expect(page.get_by_text("Acknowledged: 2.")).to_be_visible()
    expect(page.locator(".attention .run h3")).to_have_text(["Close a ticket", "Reset a password"])
    page.locator(".bulk summary").click()
    page.get_by_role("button", name="Retry all").click()
    expect(page.get_by_text("Nothing needs you.")).to_be_visible()
    assert states(parked["Reset a password"]) == ["queued"]


def test_a_raised_budget_lets_a_parked_run_go_on(page: Page, sign_in: Callable[[], None], actor: Actor) -> None:
    run_id = _given_up(actor, "Create a contact", parked_for="budget", parked_usd=0.5)
    with transaction() as session:
        session.add_all(Spend(period=period, usd=1) for period in budget.periods(now()).values())
    sign_in()
    page.goto("/background?show=budget")
    expect(page.get_by_text("The budget is used up.")).to_be_visible()
    page.goto("/background")
    with transaction() as session:
        preferences.choose(session, "label_budget_usd_per_day", 5, user_id=None)
    expect(page.get_by_text("Nothing needs you.")).to_be_visible()
    expect(page.get_by_text("$4.00 of $5.00 left")).to_be_visible()
    assert states(run_id) == ["queued"]


def test_it_is_accessible_and_fits_a_phone(
    page: Page, sign_in: Callable[[], None], actor: Actor, parked: dict[str, int]
) -> None:
    running, done = (_given_up(actor, name) for name in ("Merge two accounts", "Add a user"))
    with transaction() as session:
        for run_id, state, labeled in ((running, RunState.RUNNING, 1), (done, RunState.SUCCEEDED, 2)):
            values = {"state": state, "reason": None, "steps_labeled": labeled, "started_at": now()}
            session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(**values))
        session.add(ModelCall(step_ids=[], labeler="claude", model="claude-haiku-5-5", cost_usd=0.25, workflow_id=1))
    assert parked
    sign_in()
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        page.goto("/background")
        expect(page.locator("h1")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
