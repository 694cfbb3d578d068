"""New pictures that may show again what a person had hidden in the old ones: they wait until somebody looked."""

from collections.abc import Iterable, Mapping, Sequence

from app.storage import redacting
from app.storage.models import Screenshot
from app.storage.redacting import Frame
from app.workflows.content import Page, StepContent, Viewport
from app.workflows.models import Step
from app.workflows.rerecording.likeness import page_of

Area = tuple[int, int, int, int]


class Painted:
    """The pictures of a workflow in which something is painted over, by its steps and by their pages."""

    def __init__(self, steps: Iterable[Step], shots: Mapping[str, Screenshot]) -> None:
        self._by_step: dict[int, Step] = {}
        self._by_page: dict[str, Step] = {}
        self._shots = shots
        for step in steps:
            shot = shots.get(step.screenshot_id or "")
            if shot is not None and shot.hidden is not None:
                self._by_step[step.id] = step
                self._by_page.setdefault(page_of(Page.model_validate(step.page)), step)

    def look(self, old: Step | None, new: StepContent) -> tuple[bool, Sequence[Area]]:
        """Whether a person must look at the new picture first, and where in it lies what was hidden in the old one.

        Something was, in the picture of this step or of another on the same page, and nobody has hidden anything in the
        new one. No areas: it is not known where.
        """
        shot = self._shots.get(new.screenshot_id or "")
        if shot is None or shot.hidden is not None or (old and old.screenshot_id == shot.id):
            return False, ()
        hider = (self._by_step.get(old.id) if old else None) or self._by_page.get(page_of(new.page))
        if hider is None:
            return False, ()
        return True, _same_places(self._shots[hider.screenshot_id or ""], hider, shot, new.page.viewport)


def _same_places(old: Screenshot, step: Step, shot: Screenshot, viewport: Viewport | None) -> Sequence[Area]:
    source = Frame((old.width, old.height), Page.model_validate(step.page).viewport)
    target = Frame((shot.width, shot.height), viewport)
    hidden = [(float(left), float(top), float(right), float(bottom)) for left, top, right, bottom in old.hidden or ()]
    return redacting.inside(redacting.carried_over(hidden, source, target), target.size)
