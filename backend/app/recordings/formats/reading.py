"""A file comes in: which format it is, and its recordings."""

from app.core.config import Settings
from app.recordings.formats import devtools, json_text, overlay_mvp, own_json, own_zip, playwright, workflow_use
from app.recordings.formats.imported import ImportedRecording, ImportTooLarge, UnknownFormat


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
        raise UnknownFormat("The file is neither JSON nor a zip.")
    if playwright.recognises(data):
        return [playwright.read(data, limits=limits)]
    value = json_text.parse(data, limits=limits)
    if devtools.recognises(value):
        return [devtools.read(value, limits=limits)]
    if workflow_use.recognises(value):
        return [workflow_use.read(value, limits=limits)]
    if overlay_mvp.recognises(value):
        return [overlay_mvp.read(value, limits=limits)]
    if own_json.recognises(value):
        return [own_json.without_pictures(own_json.read(value, limits=limits))]
    raise UnknownFormat("The file is JSON, but not of a known recorder.")
