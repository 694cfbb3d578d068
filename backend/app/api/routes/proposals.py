"""What models propose beside words that people wrote."""

from fastapi import APIRouter

from app.api.answers import proposal_read, step_read
from app.api.deps import Editor, Reader
from app.api.forms import Listed
from app.api.schemas import Accepted, AcceptRequest, ProposalRead, Rejected, StepRead
from app.core.db import transaction
from app.workflows import proposals

router = APIRouter(prefix="/workflows/{workflow_id}", tags=["proposals"])


@router.get("/steps/{step_id}/proposals")
def list_proposals(workflow_id: int, step_id: int, actor: Reader) -> Listed[ProposalRead]:
    """Labels of models that are newer than the person's that the step shows, and wait for a decision; newest first."""
    with transaction(read_only=True) as session:
        found = proposals.listed(session, workflow_id, step_id, actor)
        return Listed(items=[proposal_read(proposal) for proposal in found])


@router.post("/steps/{step_id}/proposals/{n}/accept")
def accept_proposal(
    workflow_id: int, step_id: int, n: int, actor: Editor, wanted: AcceptRequest | None = None
) -> StepRead:
    """Make the proposal's words yours. With `version`, only if nobody changed the step since."""
    with transaction() as session:
        version = wanted.version if wanted else None
        return step_read(proposals.accept(session, workflow_id, step_id, n, actor, version=version))


@router.post("/steps/{step_id}/proposals/{n}/reject")
def reject_proposal(workflow_id: int, step_id: int, n: int, actor: Editor) -> StepRead:
    """Keep the label as it is; the proposal is not shown again."""
    with transaction() as session:
        return step_read(proposals.reject(session, workflow_id, step_id, n, actor))


@router.post("/proposals/accept")
def accept_all_proposals(workflow_id: int, actor: Editor) -> Accepted:
    """Accept the newest proposal of each step."""
    with transaction() as session:
        return Accepted(accepted=proposals.accept_all(session, workflow_id, actor))


@router.post("/proposals/reject")
def reject_all_proposals(workflow_id: int, actor: Editor) -> Rejected:
    """Reject every proposal of the workflow."""
    with transaction() as session:
        return Rejected(rejected=proposals.reject_all(session, workflow_id, actor))
