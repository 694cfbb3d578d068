"""What the API answers about calls of models and what they cost."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.forms import Answer
from app.labeling.usage import Usage


class SumsRead(Answer):
    """Tokens and US dollars of some calls; for calls whose cost is not known yet, what was reserved for them."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cost_usd: float


class ModelUsageRead(SumsRead):
    """The calls of one model."""

    model: str


class DayUsageRead(SumsRead):
    """The calls of one day (UTC)."""

    day: str


class WorkflowUsageRead(SumsRead):
    """The calls for one workflow. `deleted`: it is gone, only its number is known; `hidden`: all that you may not see;
    `others`: the rest of a long list."""

    kind: Literal["workflow", "deleted", "hidden", "others"]
    workflow_id: int | None
    name: str | None


class SpendingRead(Answer):
    """The budget of a period; null: unlimited."""

    limit_usd: float | None
    spent_usd: float
    """Spent or reserved."""
    left_usd: float | None


class BudgetRead(BaseModel):
    """Of today and of this month (UTC)."""

    day: SpendingRead
    month: SpendingRead


class UsageRead(SumsRead):
    """What the calls of models took and cost that began from `from` on and before `to`."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    start: Annotated[datetime, Field(alias="from")]
    end: Annotated[datetime, Field(alias="to")]
    by_model: list[ModelUsageRead]
    by_workflow: list[WorkflowUsageRead]
    """The dearest first, then the rest of them together."""
    by_outcome: dict[str, int]
    """Calls by what became of them: `answered`, `truncated`, `refused`, `rate_limited`, `lost`, …"""
    by_day: list[DayUsageRead]
    open_calls: int
    """Under way, or cut off by a crash less than an hour ago."""
    budget: BudgetRead

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """The answer's form of what the ledger says."""
        return cls(
            start=usage.window.start,
            end=usage.window.end,
            **asdict(usage.total),
            by_model=[ModelUsageRead.model_validate(each) for each in usage.by_model],
            by_workflow=[WorkflowUsageRead.model_validate(each) for each in usage.by_workflow],
            by_outcome=usage.by_outcome,
            by_day=[DayUsageRead.model_validate(each) for each in usage.by_day],
            open_calls=usage.open_calls,
            budget=BudgetRead(**{name: SpendingRead.model_validate(each) for name, each in usage.budget.items()}),
        )
