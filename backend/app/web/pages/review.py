"""Reviewing the steps of a workflow, the doubtful ones first."""

from fastapi import APIRouter

router = APIRouter()
