"""Folders, tags, the trash, and many workflows at once."""

from fastapi import APIRouter

router = APIRouter()
