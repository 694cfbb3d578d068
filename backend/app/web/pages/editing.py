"""Putting steps in order, adding and removing them."""

from fastapi import APIRouter

router = APIRouter()
