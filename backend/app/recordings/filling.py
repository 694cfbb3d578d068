"""Variables as a person types them: checked, without secrets, declared for a workflow."""

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.recordings.editing import without_secrets
from app.workflows import service as workflows
from app.workflows import variables
from app.workflows.content import Variable
from app.workflows.errors import VariableUnusable


def declare(
    session: Session, workflow_id: int, actor: Actor, *, name: str, label: str, example: str = "", value: str = ""
) -> None:
    """Add a variable, or change the one of this name. With `value`, it takes the place of these words in all labels."""
    variable = without_secrets(_variable(name, label, example or value))
    if value.strip():
        variables.extract(session, workflow_id, actor, variable, value)
        return
    workflow = workflows.get(session, workflow_id, actor, for_change=True)
    declared = {each.name: each for each in variables.of(workflow)}
    variables.declare(session, workflow_id, actor, (declared | {variable.name: variable}).values())


def forget(session: Session, workflow_id: int, actor: Actor, name: str) -> None:
    """Declare it no more."""
    workflow = workflows.get(session, workflow_id, actor, for_change=True)
    left = [variable for variable in variables.of(workflow) if variable.name != name]
    variables.declare(session, workflow_id, actor, left)


def _variable(name: str, label: str, example: str) -> Variable:
    """`Customer name` is called `customer_name`; without a question of its own, the reader is asked for the name."""
    called = "_".join(name.strip().strip("{}").lower().split())
    try:
        return Variable(name=called, label=label.strip() or name.strip(), example=example.strip() or None)
    except ValidationError:
        raise VariableUnusable(
            "A variable is called by up to 40 small letters a–z, digits and _, a letter first, such as customer_name; "
            "what the reader is asked for has up to 100 characters, an example up to 200.",
            field="name",
        ) from None
