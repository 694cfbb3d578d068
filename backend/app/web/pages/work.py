"""What goes on in the background."""

from fastapi import APIRouter

router = APIRouter()
