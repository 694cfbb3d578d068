"""What a look of the reconciler costs that finds nothing to do, however many runs are over and however many wait.

    python -m benchmarks.reconciler [--runs 1000000] [--database sqlite|postgresql]

Prints the plan of its one query, and the time of a look with many finished runs beside one with a thousand (the
baseline), taken in turns; then the same with a queue of runs that all wait for a worker, whose time has not come.
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, String, cast, insert, literal, select, true
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import migrations
from app.core.clock import now
from app.core.db import Base, transaction
from app.core.singleton import hold
from app.labeling import recovery, repairs
from app.labeling.models import LabelingBatch, LabelingRun, RunState
from app.workflows.models import Workflow
from benchmarks import plans, report
from benchmarks.filling import settle
from benchmarks.growth import compare, engines
from benchmarks.report import Row
from benchmarks.services import KINDS

FEW = 1_000
WAITING = 20_000
IN_A_BATCH = 10
"""Of so many finished runs one was a batch at the provider's."""
TARGET = 1.3


def fill(engine: Engine, finished: int) -> None:
    """A database with so many finished runs, a thousand workflows' own."""
    migrations.upgrade(engine)
    moment = now()
    with transaction(engine=engine) as session:
        session.add(owner := User(email="owner@example.com", name="Owner", role="editor"))
        session.flush()
        session.execute(insert(Workflow), [{"owner_id": owner.id, "name": f"No {n}"} for n in range(FEW)])
        over = {"state": RunState.SUCCEEDED, "started_at": moment, "finished_at": moment, "total_steps": 5}
        session.execute(insert(LabelingRun), [{"workflow_id": n + 1, **over} for n in range(FEW)])
        _repeat(session, LabelingRun, finished // FEW - 1, without={"id", "task_id"})
        _add_batches(session)
        for name in ("batches", "housekeeping"):
            hold(session, name, "benchmark", 86_400)
    settle(engine, "labeling_runs", "labeling_batches")


def add_waiting(engine: Engine) -> None:
    """Runs whose messages were sent, and that wait for a worker."""
    later = now() + timedelta(hours=1)
    waits = {"state": RunState.QUEUED, "published_at": now(), "due_at": later, "total_steps": 5}
    with transaction(engine=engine) as session:
        owner_id = session.scalars(select(User.id)).one()
        first = session.scalars(select(Workflow.id).order_by(Workflow.id.desc()).limit(1)).one() + 1
        numbers = range(first, first + WAITING)
        session.execute(insert(Workflow), [{"id": n, "owner_id": owner_id, "name": f"No {n}"} for n in numbers])
        session.execute(insert(LabelingRun), [{"workflow_id": n, **waits} for n in numbers])
    settle(engine, "labeling_runs")


def _repeat(session: Session, table: type[Base], times: int, *, without: set[str]) -> None:
    """Every row so many times more."""
    if times < 1:
        return
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < times))
    columns = [column for column in table.__table__.columns if column.name not in without]
    rows = select(*columns).join_from(table.__table__, numbers, true())
    session.execute(insert(table).from_select(columns, rows, include_defaults=False))


def _add_batches(session: Session) -> None:
    run = LabelingRun
    columns = ["run_id", "nonce", "state", "requests", "created_at"]
    rows = select(run.id, cast(run.id, String), literal("collected"), literal(5), run.created_at)
    batch = insert(LabelingBatch).from_select(columns, rows.where(run.id % IN_A_BATCH == 0), include_defaults=False)
    session.execute(batch)


def looking(engine: Engine) -> Callable[[], None]:
    """The query of a tick, in its transaction."""

    def look() -> None:
        with transaction(engine=engine, read_only=True) as session:
            assert repairs.wanted(session) == repairs.Repairs(runs=False, parked=False, batches=False, house=False)

    return look


def plan(engine: Engine) -> list[str]:
    """Of the same."""
    with transaction(engine=engine, read_only=True) as session:
        return plans.explain(session, repairs.QUERY, recovery.handed_over())


def measure(kind: str, finished: int, rounds: int) -> list[Row]:
    """On this kind of database."""
    with engines(kind) as (few, many):
        began = time.perf_counter()
        fill(few, FEW)
        fill(many, finished)
        print(f"{kind}: filled in {time.perf_counter() - began:.0f} s; the plan with {finished:,} finished runs:")
        print(*(f"    {line}" for line in plan(many)), sep="\n", flush=True)
        rows = [_row(f"look, nothing to do, {kind}", few, many, rounds)]
        add_waiting(many)
        return [*rows, _row(f"look, {WAITING:,} runs wait, {kind}", few, many, rounds)]


def _row(name: str, few: Engine, many: Engine, rounds: int) -> Row:
    baseline, ours = compare(looking(few), looking(many), rounds)
    return Row(name, ours * 1000, "ms", baseline * 1000, at_most=TARGET)


def _measure_all(given: argparse.Namespace) -> list[Row]:
    finished, rounds = (20_000, 100) if given.quick else (given.runs, given.rounds)
    print(f"reconciler: {finished:,} finished runs (ours) and {FEW:,} (baseline)", flush=True)
    return [row for kind in given.database or KINDS for row in measure(kind, finished, rounds)]


def main() -> None:
    """Both databases."""
    parser = report.parser(__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000, help="finished runs in the large database")
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--rounds", type=int, default=500, help="looks at each database")
    report.run(_measure_all, parser.parse_args())


if __name__ == "__main__":
    main()
