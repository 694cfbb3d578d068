"""How times, states and sources are said in the pages."""

from datetime import datetime
from urllib.parse import urlencode, urlsplit

from app.core.clock import now
from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.workflows.models import Label

SURE, FAIR = 0.8, 0.6
"""Confidence from which a label is called sure, and fairly sure."""

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800


def ago(moment: datetime) -> str:
    """`5 minutes ago`; from a week on, the date."""
    seconds = int((now() - moment).total_seconds())
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", seconds // MINUTE) % {"num": seconds // MINUTE}
    if seconds < DAY:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", seconds // HOUR) % {"num": seconds // HOUR}
    if seconds < WEEK:
        return ngettext("%(num)s day ago", "%(num)s days ago", seconds // DAY) % {"num": seconds // DAY}
    return moment.strftime("%Y-%m-%d")


def exact(moment: datetime) -> str:
    """`2026-11-23 10:00 UTC`."""
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def status_word(status: str) -> str:
    """A workflow's state, for people."""
    return {
        "processing": _("Labelling"),
        "draft": _("Ready for review"),
        "published": _("Published"),
        "archived": _("Archived"),
    }.get(status, status)


def source_word(source: str | None) -> str:
    """Who wrote a label."""
    return {"rules": _("rules"), "ai": _("AI"), "human": _("a person")}.get(source or "", _("nobody yet"))


def decision_word(decision: str) -> str:
    """What became of a label."""
    return {"accepted": _("accepted"), "rejected": _("rejected"), "withdrawn": _("undone")}.get(decision, decision)


def note_word(kind: str) -> str:
    """What a note is called."""
    return {"tip": _("Tip"), "warning": _("Warning")}.get(kind, _("Note"))


def sureness_word(sureness: str) -> str:
    """What a reviewer makes of a label at a glance."""
    return {
        "sure": _("Sure"),
        "fair": _("Fairly sure"),
        "check": _("Please check"),
        "pending": _("Labelling"),
        "written": _("Edited"),
        "unjudged": _("Labelled"),
    }[sureness]


def initials(name: str) -> str:
    """`Priya Raman` → `PR`."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def is_web_address(url: str | None) -> bool:
    """Only these become links: a recorded `javascript:` address must stay text."""
    try:
        return url is not None and urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def short_address(url: str | None) -> str:
    """`https://www.crm.example/contacts/new?x=1` → `crm.example/contacts/new`."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url or ""
    return f"{host}{parts.path.rstrip('/')}" if host else url or ""


def address(path: str, **query: str | None) -> str:
    """A path with those of the parameters that have a value."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def picture(screenshot_id: str, size: str, step_id: int | None = None) -> str:
    """Where a screenshot is; with a step, its element is outlined in it."""
    return address(f"/api/v1/screenshots/{screenshot_id}", size=size, step_id=str(step_id) if step_id else None)


def proposal_reason(label: Label) -> str:
    """Who proposes a label, how sure it is, and what a reviewer should look at."""
    model = label.model or _("a model")
    parts = [_("%(model)s wrote this %(when)s.") % {"model": model, "when": ago(label.created_at)}]
    if label.confidence is not None:
        sure = label.confidence
        words = (
            _("What is on the page speaks for it")
            if sure >= SURE
            else _("What is on the page speaks for most of it")
            if sure >= FAIR
            else _("Little on the page speaks for it: look closely")
        )
        parts.append(f"{words} ({round(sure * 100)} %).")
    if label.flags and "not_on_page" in label.flags:
        parts.append(_("Some of its words stand nowhere on the page."))
    return " ".join(parts)
