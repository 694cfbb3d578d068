"""Signing in at an OpenID Connect provider."""

from fastapi import APIRouter

router = APIRouter()
