"""Settings: API tokens."""

from fastapi import APIRouter

router = APIRouter()
