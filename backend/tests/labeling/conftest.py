"""Fixtures of this folder: limiters, and a stage for the scripted labeler, in this process."""

from pathlib import Path

import pytest

from app.core.config import Settings
from app.labeling.registry import LABELERS
from tests.labeling.limiters import clock, make
from tests.labeling.scripted import ScriptedLabeler, Stage

__all__ = ["clock", "make", "stage"]


@pytest.fixture
def stage(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The scripted labeler in the place of the rules."""
    assert settings.labeler == "auto"
    monkeypatch.setitem(LABELERS, "rules", lambda _: ScriptedLabeler(tmp_path))
    return Stage(tmp_path)
