"""Links by which a guide is read without an account."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter, Response

from app.api.deps import Editor
from app.api.forms import Listed
from app.api.share_schemas import (
    ShareCreated,
    SharedGuide,
    SharedPicture,
    SharedStep,
    SharedVariable,
    SharedWords,
    ShareRead,
    ShareRequest,
)
from app.core.db import transaction
from app.core.unlisted import HEADERS
from app.guides import reading
from app.guides.reading import ReadingStep
from app.workflows import shares, views
from app.workflows.models import Share

router = APIRouter(tags=["shares"])


@router.post("/workflows/{workflow_id}/shares", status_code=201)
def create_share(workflow_id: int, wanted: ShareRequest, actor: Editor) -> ShareCreated:
    """Make a link by which the workflow's guide is read without an account. Its secret is in this answer alone."""
    with transaction() as session:
        share, secret = shares.create(
            session,
            workflow_id,
            actor,
            name=wanted.name,
            expires_at=wanted.expires_at,
            embed_origins=wanted.embed_origins,
        )
    return ShareCreated(**_read(share, {}).model_dump(), url=shares.url(secret), secret=secret)


@router.get("/workflows/{workflow_id}/shares")
def list_shares(workflow_id: int, actor: Editor) -> Listed[ShareRead]:
    """All links of a workflow, also those that work no more, the newest first."""
    with transaction(read_only=True) as session:
        found = shares.listed(session, workflow_id, actor)
        counted = views.by_share(session, workflow_id)
    return Listed(items=[_read(share, counted) for share in found])


@router.delete("/shares/{share_id}", status_code=204)
def revoke_share(share_id: int, actor: Editor) -> Response:
    """Revoke a link; it stops working at once."""
    with transaction() as session:
        shares.revoke(session, share_id, actor)
    return Response(status_code=204)


@router.get("/s/{secret}")
def read_shared_guide(secret: str, response: Response) -> SharedGuide:
    """The guide that a link leads to. Who knows the secret needs no account."""
    with transaction(read_only=True) as session:
        found = reading.read(session, shares.open_(session, secret).workflow)
    response.headers.update(HEADERS)
    return SharedGuide(
        title=found.guide.title,
        description=found.guide.description,
        starting_url=found.guide.starting_url,
        language=found.guide.language,
        variables=[SharedVariable.model_validate(each) for each in found.variables],
        steps=[_step(secret, step) for step in found.steps],
    )


def _read(share: Share, counted: Mapping[int, int]) -> ShareRead:
    fields = {name: getattr(share, name) for name in ShareRead.model_fields if name not in {"views", "embed_origins"}}
    return ShareRead(**fields, embed_origins=share.embed_origins or [], views=counted.get(share.id, 0))


def _step(secret: str, step: ReadingStep) -> SharedStep:
    picture = None
    if step.picture:
        shown = f"/s/{quote(secret)}/pictures/{step.picture.screenshot_id}?step={step.picture.position}&size="
        picture = SharedPicture(
            url=f"{shown}crop", page_url=f"{shown}page", width=step.picture.width, height=step.picture.height
        )
    return SharedStep(
        number=step.guide.number,
        kind=step.kind,
        heading=step.guide.heading,
        field_label=step.guide.field_label,
        instruction=step.guide.instruction,
        words=[SharedWords.model_validate(part) for part in step.words],
        picture=picture,
    )
