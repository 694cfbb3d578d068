"""What can be wrong with a request about workflows."""

from app.core.errors import Conflict, Forbidden, InvalidInput, NotFound


class WorkflowNotFound(NotFound):
    """There is no workflow with this number, or you may not see it."""


class StepNotFound(NotFound):
    """This workflow has no step with this number."""


class NotYourWorkflow(Forbidden):
    """Only the workflow's owner and admins may do this."""


class MayNotChange(Forbidden):
    """Your role or your token lets you read workflows, not change them."""


class VersionConflict(Conflict):
    """Somebody else changed this in the meantime: compare both texts, then send yours with the newest version."""


class StatusNotAllowed(InvalidInput):
    """A workflow cannot go from its status to this one."""


class TooManySteps(InvalidInput):
    """A workflow cannot have this many steps."""


class WrongOrder(InvalidInput):
    """An order names every step of the workflow exactly once."""


class UnknownScreenshot(InvalidInput):
    """There is no screenshot with this id, or you may not see it: upload it first."""


class ProposalNotFound(NotFound):
    """No model has proposed a label with this number for this step."""


class ProposalDecided(Conflict):
    """Somebody has decided about this proposal already: reload to see what is left to decide."""


class ProposalOutdated(Conflict):
    """This is no proposal any more: the step's label was written by a person after it, by nobody, or says the same."""


class LabelUnusable(InvalidInput):
    """This text cannot be a label."""


class EditNotFound(NotFound):
    """There is nothing here that could be undone."""


class CannotUndo(Conflict):
    """This cannot be undone: something that was done after it builds on it."""


class NotInARow(InvalidInput):
    """Only steps that stand in a row, with nothing between them, can be made into one."""


class NothingBefore(InvalidInput):
    """A workflow cannot be split before its first step: nothing would be left of it."""


class CannotAppend(InvalidInput):
    """There are no steps in what was to be added."""


class NotANote(InvalidInput):
    """Only a note is a tip, a warning or a step by hand: what was recorded is what it is."""


class VariableUnusable(InvalidInput):
    """This cannot be a variable."""


class NotInAnyLabel(InvalidInput):
    """No step says this."""
