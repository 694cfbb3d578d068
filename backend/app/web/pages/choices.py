"""Settings: what labels, what it may cost, what is kept."""

from fastapi import APIRouter

router = APIRouter()
