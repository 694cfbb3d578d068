"""What was done to a workflow, and undoing it."""

from fastapi import APIRouter

router = APIRouter()
