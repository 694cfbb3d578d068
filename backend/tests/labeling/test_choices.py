"""What admins choose reaches whoever works: labelers, budget, rules, the cleaning."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core import preferences
from app.core.clock import now
from app.core.config import get_settings
from app.core.db import transaction
from app.core.errors import Forbidden, InvalidInput
from app.labeling import background, budget, choices, registry, service
from app.labeling.choices import KeyMissing
from app.labeling.models import LabelingRun, RunState, Spend
from app.labeling.protocol import PermanentLabelError
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage.models import Screenshot
from app.tasks.cleaning import clean_up
from app.tasks.reconciler import reconcile
from app.workflows.models import Workflow
from tests.doubles.claude import ClaudeDouble
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import record, run_of
from tests.labeling.scripted import ScriptedLabeler, Stage
from tests.labeling.test_parked import park

pytestmark = pytest.mark.usefixtures("settings")


def choose(actor: Actor, **values: object) -> None:
    with transaction() as session:
        choices.change(session, actor, values=values)


def test_only_admins_see_and_change_them(editor: Actor) -> None:
    with transaction() as session:
        with pytest.raises(Forbidden):
            choices.listed(session, editor)
        with pytest.raises(Forbidden):
            choices.change(session, editor, values={"click_verb": "Select"})


def test_one_wrong_value_keeps_all_from_being_chosen(admin: Actor) -> None:
    with pytest.raises(InvalidInput, match="LABELER"), transaction() as session:
        choices.change(session, admin, values={"click_verb": "Select", "labeler": "magic"})
    assert preferences.current() == get_settings()


def test_claude_without_a_key_and_unknown_names_are_refused(admin: Actor) -> None:
    with transaction() as session:
        with pytest.raises(KeyMissing):
            choices.change(session, admin, values={"labeler": "claude"})
        with pytest.raises(InvalidInput, match="database_url cannot be chosen"):
            choices.change(session, admin, values={}, leave=["database_url"])


def test_each_says_where_it_comes_from_and_the_trail_who_changed_it(admin: Actor) -> None:
    choose(admin, label_budget_usd_per_day=2)
    with transaction() as session:
        found = {choice.name: choice for choice in choices.listed(session, admin)}
        mine, other = found["label_budget_usd_per_day"], found["label_budget_usd_per_month"]
        assert (mine.value, mine.environment, mine.chosen, mine.chosen_by) == (2, None, True, "Admin")
        assert (other.chosen, other.chosen_by, other.chosen_at) == (False, None, None)
        choices.change(session, admin, values={}, leave=["label_budget_usd_per_day"])
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "setting_changed")).all()
    assert [(event.subject, event.user_id, event.facts) for event in events] == [
        ("setting:label_budget_usd_per_day", admin.user_id, {"old": None, "new": 2.0, "source": "chosen"}),
        ("setting:label_budget_usd_per_day", admin.user_id, {"old": 2.0, "new": None, "source": "environment"}),
    ]


def test_a_run_asks_the_labeler_that_was_chosen_meanwhile(
    admin: Actor, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.LABELERS, "openai", lambda _: ScriptedLabeler(stage.folder))
    monkeypatch.setitem(registry.LABELERS, "rules", lambda _: pytest.fail("the rules were asked"))
    run = record(["Save"])
    choose(admin, labeler="openai")
    assert service.label_run(run.run_id) is service.Outcome.FINISHED
    assert len(stage.calls()) == 1


def test_a_budget_that_is_lowered_while_a_run_goes_on_stops_its_next_call(
    admin: Actor, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScriptedLabeler, "model", "claude-haiku-5-5")
    for name, value in {"LABEL_CHUNK_STEPS": "1", "LABEL_CHUNKS_AT_ONCE": "1"}.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    label = ScriptedLabeler.label

    def lower_then_label(self: ScriptedLabeler, chunk: object, desk: object) -> object:
        found = label(self, chunk, desk)  # type: ignore[arg-type]  # as it is called
        choose(admin, label_budget_usd_per_day=0.000001)
        return found

    monkeypatch.setattr(ScriptedLabeler, "label", lower_then_label)
    run = record(["First", "Second"])
    assert service.label_run(run.run_id) is service.Outcome.PARKED
    assert (len(stage.calls()), run_of(run.run_id).parked_for) == (1, "budget")


def test_a_budget_that_is_raised_lets_parked_runs_go_on(admin: Actor) -> None:
    choose(admin, label_budget_usd_per_day=1)
    with transaction() as session:
        session.add_all(Spend(period=period, usd=1) for period in budget.periods(now()).values())
    run_id = park(usd=0.2)
    reconcile(get_settings())
    assert run_of(run_id).state == RunState.NEEDS_ATTENTION
    choose(admin, label_budget_usd_per_day=2)
    reconcile(get_settings())
    assert run_of(run_id).state == RunState.QUEUED


def test_rules_and_language_are_those_that_were_chosen(admin: Actor) -> None:
    step = {
        "action": "click",
        "target": {"tag": "button", "role": "button", "name": "Save"},
        "page": {"url": "https://crm.example", "title": "Contacts"},
    }
    choose(admin, click_verb="Select", guide_language="de")
    plain, french = (RecordingIn(steps=[step], language=language) for language in (None, "fr"))
    prepared = recordings.prepare(plain, preferences.current())
    assert prepared.labels[0].instruction.startswith("Select ")
    with transaction() as session:
        made = recordings.store(session, admin, prepared)
        assert session.get_one(Workflow, made.workflow_id).language == "de"
    assert recordings.prepare(french, preferences.current()).recording.language == "fr"


def test_the_cleaning_keeps_screenshots_as_long_as_was_chosen(admin: Actor) -> None:
    with transaction() as session:
        values = {"sha256": "0" * 64, "blob": "none", "media_type": "image/png", "width": 1, "height": 1, "bytes": 1}
        made = now() - timedelta(hours=30)
        session.add(Screenshot(id="a" * 32, owner_id=admin.user_id, created_at=made, **values))
    choose(admin, unused_screenshot_hours=48)
    clean_up()
    with transaction(read_only=True) as session:
        assert session.get(Screenshot, "a" * 32) is not None
    choose(admin, unused_screenshot_hours=24)
    clean_up()
    with transaction(read_only=True) as session:
        assert session.get(Screenshot, "a" * 32) is None


def test_what_waits_for_a_person_is_counted_for_those_who_may_see_it(editor: Actor, colleague: Actor) -> None:
    run_id = park()
    with transaction() as session:
        workflow_id = session.get_one(LabelingRun, run_id).workflow_id
        workflow = session.get_one(Workflow, workflow_id)
        workflow.owner_id, workflow.visibility = editor.user_id, "private"  # type: ignore[assignment]  # as it is kept
    with transaction(read_only=True) as session:
        assert background.waiting_for_a_person(session, editor) == 1
        assert background.waiting_for_a_person(session, colleague) == 0
        assert background.listed(session, colleague, "attention", limit=5).items == []


def test_the_connection_is_tried_without_a_call_that_costs(
    claude: ClaudeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.check(get_settings()) == "claude-haiku-5-5"
    configure(monkeypatch, claude_model="claude-of-tomorrow")
    with pytest.raises(PermanentLabelError, match="does not list the model claude-of-tomorrow"):
        registry.check(get_settings())
    configure(monkeypatch, anthropic_api_key="wrong")
    with pytest.raises(PermanentLabelError, match="refused the key"):
        registry.check(get_settings())
    assert [call for call in claude.calls() if call.outcome == "answered"] == []
