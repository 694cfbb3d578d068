"""A file comes in: which format it is, and its recordings."""

from typing import Any

from app.core.config import Settings
from app.recordings.formats import (
    devtools,
    json_text,
    markdown_guide,
    overlay_mvp,
    own_json,
    own_zip,
    playwright,
    workflow_use,
)
from app.recordings.formats.imported import ImportedRecording, ImportTooLarge, InvalidRecording, UnknownFormat


def read(data: bytes, *, limits: Settings) -> list[ImportedRecording]:
    """The recordings in `data`, whatever its file name was.

    Either all of it is read or an error with status 413 or 422 is raised. Nothing is fetched and nothing is stored.
    """
    if len(data) > limits.max_import_bytes:
        raise ImportTooLarge(
            f"The file has {len(data):,} bytes; at most {limits.max_import_bytes:,} are taken (MAX_IMPORT_BYTES)."
        )
    if not data.strip():
        raise UnknownFormat("The file is empty.")
    if own_zip.recognises(data):
        return [own_zip.read(data, limits=limits)]
    if not json_text.beginning(data, 200).startswith((b"{", b"[")):
        return _guides(data, limits)
    if playwright.recognises(data):
        return [playwright.read(data, limits=limits)]
    return [_of_json(json_text.parse(data, limits=limits), limits)]


def _of_json(value: Any, limits: Settings) -> ImportedRecording:
    for format_ in (devtools, workflow_use, overlay_mvp):
        if format_.recognises(value):
            imported: ImportedRecording = format_.read(value, limits=limits)
            return imported
    if own_json.recognises(value):
        return own_json.without_pictures(own_json.read(value, limits=limits))
    raise UnknownFormat("The file is JSON, but not of a known recorder.")


def _guides(data: bytes, limits: Settings) -> list[ImportedRecording]:
    text = markdown_guide.text_of(data, limits=limits)
    if text is None:
        raise UnknownFormat("The file is neither JSON nor a zip nor text.")
    if not markdown_guide.recognises(text):
        raise UnknownFormat("The file is text, but not Markdown that Scribe or Tango exported.")
    if found := markdown_guide.read(text, limits=limits):
        return found
    raise InvalidRecording("The guide has no numbered steps: export it as Markdown again, with its steps.")
