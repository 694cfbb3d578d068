"""Is it alive, is it ready, what are its numbers."""

from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from app.api import metrics, readiness

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    """This process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Can it do its work? `parts` says for each part `ok`, or what is wrong with it."""

    status: Literal["ok", "degraded", "down"]
    parts: dict[str, readiness.Part]


@router.get("/health/live")
async def live() -> Alive:
    """Answers as long as this process does, whatever else is broken."""
    return Alive()


@router.get("/health/ready", responses={503: {"model": Ready}})
def ready(response: Response) -> Ready:
    """`down` (503) without database or storage: nothing can be accepted. `degraded` (200) without broker or worker:
    recordings are accepted and labelled later."""
    parts = readiness.look()
    down = any(parts[name].state != "ok" for name in readiness.NEEDED)
    degraded = any(part.state != "ok" for part in parts.values())
    response.status_code = 503 if down else 200
    return Ready(status="down" if down else "degraded" if degraded else "ok", parts=parts)


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics() -> PlainTextResponse:
    """Numbers for Prometheus."""
    return PlainTextResponse(metrics.render(), media_type="text/plain; version=0.0.4")
