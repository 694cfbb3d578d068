"""Labelling runs as lines of a list, in words for people."""

from dataclasses import dataclass

from app.labeling import runs
from app.labeling.background import Seen
from app.labeling.budget import dollars
from app.labeling.models import LabelingRun, RunState
from app.web.i18n import gettext as _
from app.web.i18n import ngettext

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class RunLine:
    """What a list shows of a run."""

    run: LabelingRun
    name: str
    state: str
    """A word for the eye's class: `waits`, `works`, `good`, `part`, `bad`, `calm`."""
    word: str
    waited: str
    ran: str | None
    cost: str | None
    advice: str | None
    reason: str | None
    retryable: bool


def line(seen: Seen) -> RunLine:
    """As it stands now."""
    run = seen.run
    facts = runs.facts(run)
    state, word = _state(run)
    needs = run.state == RunState.NEEDS_ATTENTION and run.acknowledged_at is None
    return RunLine(
        run=run,
        name=seen.workflow_name,
        state=state,
        word=word,
        waited=duration(facts["wait_seconds"]),
        ran=None if facts["run_seconds"] is None else duration(facts["run_seconds"]),
        cost=dollars(run.cost_usd) if run.cost_usd else None,
        advice=_advice(run) if needs else None,
        reason=facts["reason"],
        retryable=run.state in {RunState.NEEDS_ATTENTION, RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED},
    )


def duration(seconds: float) -> str:
    """`45 s`, `3 min`, `2 h`, `4 days`."""
    if seconds < MINUTE:
        return _("%(count)s s") % {"count": max(0, round(seconds)) if seconds >= 1 else "< 1"}
    if seconds < HOUR:
        return _("%(count)s min") % {"count": round(seconds / MINUTE)}
    if seconds < DAY:
        return _("%(count)s h") % {"count": round(seconds / HOUR)}
    days = round(seconds / DAY)
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def _state(run: LabelingRun) -> tuple[str, str]:
    if run.stalled:
        return "bad", _("Its worker has gone")
    return {
        RunState.QUEUED: ("waits", _("Waiting")),
        RunState.RUNNING: ("works", _("Labelling")),
        RunState.SUCCEEDED: ("good", _("Done")),
        RunState.PARTIAL: ("part", _("Done in part")),
        RunState.FAILED: ("bad", _("Failed")),
        RunState.CANCELLED: ("calm", _("Stopped")),
        RunState.NEEDS_ATTENTION: ("calm", _("Seen")) if run.acknowledged_at else ("bad", _("Needs attention")),
    }[run.state]


def _advice(run: LabelingRun) -> str:
    if run.parked_for == "budget":
        return _("The budget is used up. It goes on by itself as soon as there is budget again; an admin can raise it.")
    if run.parked_for == "spend_limit":
        return _(
            "The provider's spend limit is reached. Raise it there, then retry; it is also tried again by itself every "
            "half hour."
        )
    return _("Mend what is said here, then retry. Or acknowledge: the steps keep the labels that they have.")
