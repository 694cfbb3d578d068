"""Links by which a workflow is read without an account."""

from fastapi import APIRouter

router = APIRouter()
