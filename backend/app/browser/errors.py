"""What keeps a browser from being recorded."""

from app.core.errors import AppError, InvalidInput


class PlaywrightMissing(AppError):
    """Recording needs Playwright, which is not installed: pip install "workflow-platform[record]"."""


class NoChromium(AppError):
    """Recording needs Chromium or Chrome, and none was found. Install one (apt install chromium), or let Playwright
    get its own: python -m playwright install chromium."""


class NotChromium(AppError):
    """Only Chromium and its kin can be recorded: the pictures come by Chrome's own protocol."""


class RecorderMissing(AppError):
    """The recorder's scripts (extension/recorder) are not beside the program."""


class NothingRecorded(InvalidInput):
    """Nothing was recorded, so there is nothing to keep."""


class UploadFailed(AppError):
    """The server did not take the recording."""
