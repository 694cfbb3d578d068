"""Settings: programs that are told of what happens here."""

from fastapi import APIRouter

router = APIRouter()
