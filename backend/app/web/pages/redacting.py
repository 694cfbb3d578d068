"""Painting over what a picture must not show."""

from fastapi import APIRouter

router = APIRouter()
