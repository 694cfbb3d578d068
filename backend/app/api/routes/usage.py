"""What labelling by models took and cost."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.deps import Reader
from app.api.usage_schemas import UsageRead
from app.core import preferences
from app.core.db import transaction
from app.labeling import usage, window

router = APIRouter(tags=["usage"])

Time = Annotated[str | None, Query(max_length=50)]


@router.get("/usage")
def get_usage(
    actor: Reader, start: Annotated[Time, Query(alias="from")] = None, end: Annotated[Time, Query(alias="to")] = None
) -> UsageRead:
    """Calls of models that began in a window, with tokens and cost, and what is left of the budget.

    `from` and `to` are dates (UTC; the day of `to` belongs to the window) or moments (`to` does not). Neither: this
    month. The sums are the whole team's; workflows that you may not see are added up without their names.
    """
    wanted = window.parse(start, end)
    with transaction(read_only=True) as session:
        return UsageRead.of(usage.read(session, actor, wanted, preferences.settings(session)))
