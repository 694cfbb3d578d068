"""Who you are, and your API tokens."""

from fastapi import APIRouter, Response

from app.accounts import tokens
from app.api.deps import Anybody, Reader
from app.api.forms import Listed
from app.api.schemas import PersonRead, TokenCreated, TokenRead, TokenRequest
from app.core.db import transaction

router = APIRouter(tags=["accounts"])


@router.get("/me")
def get_me(actor: Anybody) -> PersonRead:
    """Who is signed in, and what this session or token allows."""
    return PersonRead(
        id=actor.user_id, email=actor.email, name=actor.name, role=actor.role, scopes=sorted(actor.scopes)
    )


@router.post("/tokens", status_code=201)
def create_token(wanted: TokenRequest, actor: Reader) -> TokenCreated:
    """Make an API token. Its secret is in this answer alone."""
    with transaction() as session:
        token, secret = tokens.create(
            session, actor, name=wanted.name, scopes=wanted.scopes, expires_at=wanted.expires_at
        )
        return TokenCreated(**TokenRead.model_validate(token).model_dump(), token=secret)


@router.get("/tokens")
def list_tokens(actor: Reader) -> Listed[TokenRead]:
    """Your API tokens; an admin sees everybody's."""
    with transaction(read_only=True) as session:
        return Listed(items=[TokenRead.model_validate(token) for token in tokens.list_(session, actor)])


@router.delete("/tokens/{token_id}", status_code=204)
def revoke_token(token_id: int, actor: Reader) -> Response:
    """Revoke an API token; it stops working at once."""
    with transaction() as session:
        tokens.revoke(session, actor, token_id)
    return Response(status_code=204)
