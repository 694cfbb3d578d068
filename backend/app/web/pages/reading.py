"""The page of a reader without an account."""

from fastapi import APIRouter

router = APIRouter()
