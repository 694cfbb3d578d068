"""Settings: people and their roles."""

from fastapi import APIRouter

router = APIRouter()
