"""`uvicorn app.main:app`: wiring only."""

from fastapi import FastAPI

app = FastAPI(title="Workflow Platform")


@app.get("/health/live")
def live() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}
