"""DOOR: what is done in a Chromium that Playwright drives becomes a recording."""

from app.browser.hosting import record
from app.browser.recording import Recording

__all__ = ["Recording", "record"]
