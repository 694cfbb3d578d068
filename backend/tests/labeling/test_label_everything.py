"""Labelling every workflow anew, as batches."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from app.accounts.actor import Actor
from app.cli import main
from app.core.clock import db_now
from app.core.config import Settings, get_settings
from app.core.db import transaction
from app.labeling import access, runs
from app.labeling.models import LabelingRun
from app.tasks.reconciler import reconcile
from app.workflows.models import Visibility, Workflow, WorkflowStatus
from tests.labeling.batch_runs import on_sqlite
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import run_of, store
from tests.services import Broker


@pytest.fixture
def library(settings: Settings, colleague: Actor) -> dict[str, int]:
    """Workflows of `colleague`, one of each kind."""
    assert settings.database_url
    made = {}
    with transaction() as session:
        for name in ("team", "private", "archived", "busy"):
            workflow_id, _ = store(session, ["Save"])
            workflow = session.get_one(Workflow, workflow_id)
            workflow.owner_id, workflow.visibility = colleague.user_id, Visibility.TEAM
            made[name] = workflow_id
        session.get_one(Workflow, made["private"]).visibility = Visibility.PRIVATE
        session.get_one(Workflow, made["archived"]).status = WorkflowStatus.ARCHIVED
        runs.queue(session, made["busy"], total_steps=1)
    return made


def queued() -> dict[int, LabelingRun]:
    """Runs that nobody has sent off yet."""
    with transaction(read_only=True) as session:
        return {
            run.workflow_id: run
            for run in session.scalars(select(LabelingRun).where(LabelingRun.published_at.is_(None)))
        }


def test_everything_that_one_may_see_and_that_is_idle_is_queued(
    library: dict[str, int], editor: Actor, colleague: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "AT_A_TIME", 1)
    assert access.request_all(editor, mode="batch") == 1
    assert {workflow_id: run.mode for workflow_id, run in queued().items()} == {library["team"]: "batch"}
    assert access.request_all(colleague, mode="bulk") == 1
    assert queued()[library["private"]].mode == "bulk"
    assert access.request_all(colleague, mode="bulk") == 0


@on_sqlite
def test_everything_can_be_labelled_anew_from_the_command_line(library: dict[str, int], admin: Actor) -> None:
    assert admin
    refused = CliRunner().invoke(main, ["label", "--all", "1"])
    assert refused.exit_code != 0
    done = CliRunner().invoke(main, ["label", "--all", "--mode", "batch"])
    assert (done.exit_code, done.output) == (0, "2 workflows will be labelled.\n")
    assert set(queued()) == {library["team"], library["private"]}


@on_sqlite
def test_the_reconciler_sends_off_what_was_queued_for_everything(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, admin: Actor
) -> None:
    configure(monkeypatch, redis_url=broker.url)
    with transaction() as session:
        store(session, ["Save"])
    access.request_all(admin, mode="batch")
    (run,) = queued().values()
    with transaction() as session:
        session.execute(update(LabelingRun).values(due_at=db_now()))
    assert reconcile(get_settings()) == 1
    assert run_of(run.id).published_at
