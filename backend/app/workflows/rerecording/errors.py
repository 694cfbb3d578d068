"""What can be wrong with a request about a task that was recorded again."""

from app.core.errors import Conflict, InvalidInput, NotFound


class RerecordingNotFound(NotFound):
    """This workflow has no new recording with this number."""


class RerecordingDecided(Conflict):
    """Somebody has decided about this recording already. Undo that in the workflow's history to decide again."""


class ComparisonOutdated(Conflict):
    """Somebody changed the workflow or this recording in the meantime: look at the comparison again, then choose."""


class NoSuchRow(InvalidInput):
    """The comparison has no such pair of steps."""


class NothingHiddenBefore(InvalidInput):
    """It is not known where the old picture of this step was painted over: nothing can be carried over."""
