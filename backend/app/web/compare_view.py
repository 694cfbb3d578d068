"""A workflow beside a new recording of its task, as the page shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.guides import words
from app.guides.model import without_secrets
from app.guides.words import Words
from app.storage.models import Screenshot
from app.web.i18n import gettext as _
from app.web.wording import short_address
from app.workflows import steps
from app.workflows.content import StepContent, Target
from app.workflows.models import LabelSource
from app.workflows.rerecording.comparing import Comparison, Row
from app.workflows.rerecording.likeness import Change


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another now."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Side:
    """A step in one of the recordings."""

    number: int
    words: tuple[Words, ...]
    by_person: bool
    screenshot_id: str | None
    step_id: int
    """Of the workflow's step, or of the recording's."""
    size: tuple[int, int]
    """Of the picture."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of the page."""

    row: Row
    old: Side | None
    new: Side | None
    differences: Sequence[Difference]
    taken: bool
    looked: bool
    """Somebody said that the held picture may be shown."""

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def same(self) -> bool:
        """Nothing but the picture differs."""
        return self.row.kind == "unchanged" and not self.row.moved and not self.row.held

    @property
    def anchor(self) -> str:
        """What an address of this row ends with."""
        return "row-" + self.key.replace(":", "-")


@dataclass(frozen=True, slots=True)
class ComparePage:
    """The whole page."""

    comparison: Comparison
    title: str
    by: str | None
    """Who sent the recording."""
    pairs: Sequence[Pair]

    @property
    def held(self) -> int:
        """How many new pictures wait until somebody looked."""
        return sum(pair.row.held for pair in self.pairs)

    @property
    def hideable(self) -> int:
        """In how many of them it is known where that was which was hidden."""
        return sum(pair.row.held and bool(pair.row.hidden_before) for pair in self.pairs)

    @property
    def runs(self) -> list[tuple[bool, list[Pair]]]:
        """The rows as they stand, those in a row that are the same put together."""
        found: list[tuple[bool, list[Pair]]] = []
        for pair in self.pairs:
            if not found or found[-1][0] != pair.same:
                found.append((pair.same, []))
            found[-1][1].append(pair)
        return found


def build(
    session: Session,
    comparison: Comparison,
    *,
    names: dict[int, str],
    kept: Collection[str] = (),
    looked: Collection[str] = (),
) -> ComparePage:
    """The page; `kept`: rows that shall stay as they were, `looked`: those whose held picture may be shown."""
    sizes = _sizes(session, comparison)
    pairs = [
        Pair(
            row,
            _old(row, sizes),
            _new(row, sizes),
            [_difference(what, row) for what in row.changes],
            taken=row.key not in kept,
            looked=row.key in looked,
        )
        for row in comparison.rows
    ]
    title = without_secrets(comparison.workflow.name)
    return ComparePage(comparison, title, names.get(comparison.rerecording.user_id or 0), pairs)


def _sizes(session: Session, comparison: Comparison) -> dict[str, tuple[int, int]]:
    ids = {
        one.screenshot_id
        for row in comparison.rows
        for one in (row.old.step if row.old else None, row.new)
        if one is not None and one.screenshot_id
    }
    found = session.query(Screenshot).where(Screenshot.id.in_(ids))
    return {shot.id: (shot.width, shot.height) for shot in found}


def _old(row: Row, sizes: dict[str, tuple[int, int]]) -> Side | None:
    if row.old is None:
        return None
    step, label = row.old.step, row.old.label
    text = without_secrets(label.instruction) if label else ""
    name = label.field_label if label else ""
    return Side(
        number=step.position,
        words=words.split(text, name=name, value=step.value, rich=label is not None and label.source == "human"),
        by_person=label is not None and label.source == LabelSource.HUMAN,
        screenshot_id=step.screenshot_id,
        step_id=step.id,
        size=sizes.get(step.screenshot_id or "", (1280, 800)),
    )


def _new(row: Row, sizes: dict[str, tuple[int, int]]) -> Side | None:
    if row.new is None or row.content is None:
        return None
    said = row.new.by_person or row.new.by_rules
    text = without_secrets(said["instruction"])
    return Side(
        number=row.new.position,
        words=words.split(text, name=said["field_label"], value=row.content.value, rich=bool(row.new.by_person)),
        by_person=row.new.by_person is not None,
        screenshot_id=row.new.screenshot_id,
        step_id=row.new.id,
        size=sizes.get(row.new.screenshot_id or "", (1280, 800)),
    )


def _difference(what: Change, row: Row) -> Difference:
    if row.old is None or row.content is None:
        raise ValueError(f"row {row.key} has no two sides")
    old, new = steps.content(row.old.step), row.content
    said = {
        "action": _("What is done"),
        "name": _("Name"),
        "control": _("Kind of control"),
        "place": _("Place"),
        "page": _("Page"),
        "value": _("Value"),
    }
    return Difference(said[what], *(without_secrets(_said(what, side)) or "–" for side in (old, new)))


def _said(what: Change, content: StepContent) -> str:
    target = content.target or Target()
    around = target.context
    if what == "action":
        return content.action.replace("_", " ")
    if what == "name":
        return target.name or around.label or target.text or content.page.title or ""
    if what == "control":
        return target.role or target.tag or ""
    if what == "place":
        return " · ".join(filter(None, (around.section, around.row, around.column, around.label)))
    if what == "page":
        return _page(content)
    return content.value or ""


def _page(content: StepContent) -> str:
    url = content.page.url
    if not url:
        return content.page.title or ""
    return short_address(url) if urlsplit(url).scheme in {"http", "https"} else url
