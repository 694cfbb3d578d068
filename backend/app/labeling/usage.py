"""What the calls of models took and cost, summed from the ledger, and what is left of the budget.

Everybody who may sign in sees the whole sums: they are the team's. A workflow that the actor may not see adds to them
without its name or number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now, utc_day
from app.core.config import Settings
from app.labeling import budget
from app.labeling.models import ModelCall
from app.labeling.window import Window
from app.workflows.models import Workflow
from app.workflows.visibility import visible

TOP_WORKFLOWS = 20
HIDDEN = -1

Kind = Literal["workflow", "deleted", "hidden", "others"]


@dataclass(slots=True)
class Sums:
    """US dollars and tokens of some calls."""

    calls: int = 0
    input_tokens: int = 0
    """All of them, those read from the cache too."""
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cost_usd: float = 0.0
    """What was reserved for calls whose price is not known (yet) is in it, as the budget counts it."""

    def plus(self, other: "Sums") -> None:
        for each in fields(Sums):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @classmethod
    def of(cls, values: Sequence[Any], **more: Any) -> Self:
        """From a row's numbers, which come as decimals from some databases."""
        calls, given, written, cached, usd = values
        return cls(int(calls), int(given), int(written), int(cached), float(usd), **more)


@dataclass(slots=True)
class OfModel(Sums):
    """The calls of one model."""

    model: str = ""


@dataclass(slots=True)
class OfDay(Sums):
    """The calls of one day (UTC)."""

    day: str = ""


@dataclass(slots=True)
class OfWorkflow(Sums):
    """The calls for one workflow, or for several that are not told apart."""

    kind: Kind = "workflow"
    workflow_id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """One period's budget; None: unlimited."""

    limit_usd: float | None
    spent_usd: float
    left_usd: float | None


@dataclass(slots=True)
class Usage:
    """All calls that were begun in a window."""

    window: Window
    total: Sums = field(default_factory=Sums)
    by_model: list[OfModel] = field(default_factory=list)
    by_workflow: list[OfWorkflow] = field(default_factory=list)
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_day: list[OfDay] = field(default_factory=list)
    budget: dict[str, Spending] = field(default_factory=dict)

    @property
    def open_calls(self) -> int:
        """Under way, or cut off by a crash."""
        return self.by_outcome.get("open", 0)


_SUMS = (
    func.count(),
    func.sum(ModelCall.input_tokens),
    func.sum(ModelCall.output_tokens),
    func.sum(ModelCall.cache_read_tokens),
    func.sum(func.coalesce(ModelCall.cost_usd, ModelCall.reserved_usd)).label("usd"),
)


def read(session: Session, actor: Actor, window: Window, settings: Settings) -> Usage:
    """Two passes over the window's part of the ledger: by day, model and outcome, then by workflow."""
    usage = Usage(window, budget=spending(session, settings))
    models: dict[str, OfModel] = {}
    days: dict[str, OfDay] = {}
    for day, model, outcome, *values in session.execute(by_day(window)):
        sums = Sums.of(values)
        usage.total.plus(sums)
        models.setdefault(model, OfModel(model=model)).plus(sums)
        days.setdefault(day, OfDay(day=day)).plus(sums)
        usage.by_outcome[outcome] = usage.by_outcome.get(outcome, 0) + sums.calls
    usage.by_model = sorted(models.values(), key=lambda each: (-each.cost_usd, -each.calls, each.model))
    usage.by_day = sorted(days.values(), key=lambda each: each.day)
    usage.by_outcome = dict(sorted(usage.by_outcome.items(), key=lambda each: -each[1]))
    usage.by_workflow = _workflows(session, actor, window, usage.total)
    return usage


def spending(session: Session, settings: Settings) -> dict[str, Spending]:
    """Of the present day and month (UTC), whatever the window."""
    present = budget.periods(now())
    left = budget.left(session, settings)
    return {
        name: Spending(limit, budget.spent(session, present[name]), left[name])
        for name, limit in budget.limits(settings).items()
    }


def by_day(window: Window) -> Any:
    """The query behind all sums but those of workflows; few rows, however many calls there were."""
    groups = (utc_day(ModelCall.started_at), ModelCall.model, ModelCall.outcome)
    return select(*groups, *_SUMS).where(_begun_in(window)).group_by(*groups)


def by_workflow(window: Window, actor: Actor) -> Any:
    """The dearest workflows; those that the actor may not see together under `HIDDEN`."""
    call = ModelCall
    whose = case((Workflow.id.is_(None), call.workflow_id), (visible(actor), call.workflow_id), else_=HIDDEN)
    return (
        select(whose.label("whose"), *_SUMS)
        .outerjoin(Workflow, Workflow.id == call.workflow_id)
        .where(_begun_in(window))
        .group_by("whose")
        .order_by(_SUMS[-1].desc(), func.count().desc(), "whose")
        .limit(TOP_WORKFLOWS)
    )


def _begun_in(window: Window) -> ColumnElement[bool]:
    return (ModelCall.started_at >= window.start) & (ModelCall.started_at < window.end)


def _workflows(session: Session, actor: Actor, window: Window, total: Sums) -> list[OfWorkflow]:
    found = {whose: Sums.of(values) for whose, *values in session.execute(by_workflow(window, actor))}
    names = dict(session.execute(select(Workflow.id, Workflow.name).where(Workflow.id.in_(found))).all())
    shares: list[OfWorkflow] = []
    rest = Sums()
    rest.plus(total)
    for whose, sums in found.items():
        hidden = whose == HIDDEN
        kind: Kind = "hidden" if hidden else "workflow" if whose in names else "deleted"
        share = OfWorkflow(kind=kind, workflow_id=None if hidden else whose, name=names.get(whose))
        share.plus(sums)
        shares.append(share)
        rest = _minus(rest, sums)
    if rest.calls:
        others = OfWorkflow(kind="others")
        others.plus(rest)
        shares.append(others)
    return shares


def _minus(sums: Sums, part: Sums) -> Sums:
    less = {each.name: getattr(sums, each.name) - getattr(part, each.name) for each in fields(Sums)}
    return Sums(**less | {"cost_usd": max(0.0, less["cost_usd"])})
