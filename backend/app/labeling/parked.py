"""Runs that wait for money, and when they may go on by themselves.

Parked for the budget: as soon as the next call of one fits into what is left of it, because it was raised or a new day
or month began. No more of them are woken at once than have room together.
Parked for the provider's limit: one of them is tried every half an hour. As soon as any call was answered after the
last refusal, all of them go on.
A run whose workflow is labelled anew by a later one does not wait any more; one that a person acknowledged neither.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from app.core import singleton
from app.core.clock import now
from app.core.config import Settings
from app.labeling import budget, runs
from app.labeling.ledger import OUTCOMES
from app.labeling.models import ACTIVE, LabelingRun, ModelCall, ParkedFor

PROBE_SECONDS = 1_800


def waiting(session: Session) -> set[ParkedFor]:
    """What runs are parked for; one look at an index that holds nothing but parked runs."""
    return set(session.scalars(select(LabelingRun.parked_for).where(LabelingRun.parked_for.is_not(None)).distinct()))


def ready(session: Session, settings: Settings, limit: int) -> list[tuple[int, ParkedFor]]:
    """Runs that may go on now, the oldest first, and what they were parked for."""
    kinds = waiting(session)
    found: list[tuple[int, ParkedFor]] = []
    if "budget" in kinds:
        found += [(run_id, "budget") for run_id in _that_fit(session, settings, limit)]
    if "spend_limit" in kinds:
        found += [(run_id, "spend_limit") for run_id in _after_the_limit(session, limit)]
    return found


def next_call_usd(session: Session) -> float | None:
    """What the next call might cost: the smallest that did not fit into the budget, else as much as the last one."""
    smallest = select(func.min(LabelingRun.parked_usd)).where(LabelingRun.parked_for == "budget")
    last = select(ModelCall.reserved_usd).order_by(ModelCall.started_at.desc(), ModelCall.id.desc()).limit(1)
    return session.scalar(smallest) or session.scalar(last)


def wake(session: Session, run_id: int, parked_for: ParkedFor) -> bool:
    """Queue it again, unless it was superseded or somebody was faster."""
    if _superseded(session, run_id):
        session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(parked_for=None, parked_usd=None))
        return False
    return runs.wake(session, run_id, parked_for)


def _that_fit(session: Session, settings: Settings, limit: int) -> list[int]:
    """As many as what is left of the budget has room for, by the call of each that did not fit before."""
    room = min((usd for usd in budget.left(session, settings).values() if usd is not None), default=float("inf"))
    run = LabelingRun
    # Those that were woken and have not spent it yet have a claim on it, too.
    room -= session.scalar(select(func.sum(run.parked_usd)).where(run.state.in_(ACTIVE))) or 0.0
    if room <= 0:
        return []
    wants = func.coalesce(run.parked_usd, 0.0)
    fits = (run.parked_for == "budget", wants <= room + budget.ROUNDING_USD, ~_another_goes_on())
    found: list[int] = []
    for run_id, usd in session.execute(select(run.id, wants).where(*fits).order_by(run.id).limit(limit)):
        room -= usd
        if found and room < -budget.ROUNDING_USD:
            break
        found.append(run_id)
    return found


def _after_the_limit(session: Session, limit: int) -> Sequence[int]:
    """All, if a call was answered since the last refusal; one, if the last refusal is long ago; else none."""
    run, call = LabelingRun, ModelCall
    parked = run.parked_for == "spend_limit"
    refused = session.scalar(select(func.max(run.finished_at)).where(parked))
    if refused is None:
        return []
    oldest = select(run.id).where(parked, ~_another_goes_on()).order_by(run.id)
    answered = exists().where(call.started_at > refused, call.outcome.in_(OUTCOMES.values()))
    if session.scalar(select(answered)):
        return session.scalars(oldest.limit(limit)).all()
    if refused > now() - timedelta(seconds=PROBE_SECONDS):
        return []
    probe = session.scalars(oldest.limit(1)).all()
    mine = bool(probe) and singleton.hold(session, "spend_limit_probe", uuid4().hex, PROBE_SECONDS)
    return probe if mine else []


def _another_goes_on() -> ColumnElement[bool]:
    """The workflow has a run under way: there is at most one at a time."""
    other = aliased(LabelingRun)
    return exists().where(other.workflow_id == LabelingRun.workflow_id, other.state.in_(ACTIVE))


def _superseded(session: Session, run_id: int) -> bool:
    """A later run was asked to label everything: nothing of this one is left to do."""
    mine = select(LabelingRun.workflow_id).where(LabelingRun.id == run_id).scalar_subquery()
    later = select(LabelingRun.step_ids).where(LabelingRun.workflow_id == mine, LabelingRun.id > run_id)
    return None in session.scalars(later).all()
