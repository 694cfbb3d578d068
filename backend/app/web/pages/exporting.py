"""Files of a workflow, and those that take a while."""

from fastapi import APIRouter

router = APIRouter()
