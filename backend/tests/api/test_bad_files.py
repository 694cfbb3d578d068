"""Pictures and files that cannot be used, and how much memory it takes to say so."""

import json
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.db import transaction
from tests.api.bodies import PNG, picture, recording
from tests.api.callers import Caller
from tests.api.refusals import assert_refused, at_once, kept, raw
from tests.missing import left_out
from tests.recordings.formats.files import encoded, envelope, shown, zipped
from tests.storage.pictures import png, png_chunk

# POST /screenshots --------------------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

BAD_PICTURES: dict[str, tuple[bytes, int, list[str]]] = {
    "SVG named .png": (SVG, 415, ["PNG, JPEG or WebP", "whatever its name says"]),
    "text named .png": (b"This is no picture.", 415, ["PNG, JPEG or WebP"]),
    "empty": (b"", 415, ["The file is empty"]),
    "GIF": (b"GIF89a" + bytes(100), 415, ["PNG, JPEG or WebP"]),
    "50,000 x 50,000": (
        png(50_000, 50_000, png_chunk(b"IDAT", zlib.compress(bytes(50_000)))),
        413,
        ["more pixels", "MAX_SCREENSHOT_PIXELS"],
    ),
    "cut": (PNG[: len(PNG) // 2], 422, ["cut off or damaged"]),
    "header only": (PNG[:33], 422, ["cut off or damaged"]),
    "too many bytes": (PNG + bytes(20_000_001), 413, ["20,000,001 bytes", "MAX_SCREENSHOT_BYTES"]),
}


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("case", BAD_PICTURES)
def test_bad_picture_is_refused(case: str, as_owner: Caller) -> None:
    data, status, words = BAD_PICTURES[case]
    assert_refused(as_owner.upload("/screenshots", data, "picture.png"), status, *words)


@pytest.mark.usefixtures("nothing_kept")
def test_a_text_in_place_of_the_file_is_refused(as_owner: Caller) -> None:
    form = 'multipart/form-data; boundary="b"'
    field = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--b--\r\n'
    answer = as_owner.post("/screenshots", content=field, headers={"Content-Type": form})
    assert_refused(answer, 422, 'no file in its field "file"')
    assert_refused(
        as_owner.post("/screenshots", content=b"junk", headers={"Content-Type": form}), 422, "cannot be read"
    )


def test_same_picture_twice_at_once_is_one(as_owner: Caller, settings: Settings) -> None:
    answers = at_once(4, lambda _: as_owner.upload("/screenshots", PNG))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    rows, files = kept(settings)
    assert (rows["screenshots"], len(files)) == (1, 1)


# POST /imports ------------------------------------------------------------------------------------------------------

GOOD_ZIP = zipped({"workflow.json": shown("1"), "screenshots/1.png": PNG})


@cache
def bomb() -> bytes:
    """60 pictures of 20 MB of zeros each."""
    return zipped({"workflow.json": shown("1"), **{f"screenshots/{n}.png": bytes(20_000_000) for n in range(60)}})


@cache
def lying_bomb() -> bytes:
    """A picture that says it has 100 bytes and unpacks to 50 MB."""
    data = bytearray(zipped({"workflow.json": shown("1"), "screenshots/1.png": bytes(50_000_000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(signature) if signature == b"PK\x03\x04" else data.rindex(b"PK\x01\x02")
        data[at + offset : at + offset + 4] = struct.pack("<I", 100)
    return bytes(data)


BAD_FILES: dict[str, tuple[Callable[[], bytes], int, list[str]]] = {
    "empty": (lambda: b"", 422, ["The file is empty", "What can be imported"]),
    "text": (lambda: b"hello", 422, ["text, but not Markdown"]),
    "picture": (lambda: PNG, 422, ["neither JSON nor a zip"]),
    "broken JSON": (lambda: b'{"title": ', 422, ["not valid JSON", "line 1 column"]),
    "deep JSON": (lambda: b"[" * 100_000, 422, ["recursion limit exceeded"]),
    "unknown JSON": (lambda: b'{"a": 1}', 422, ["not of a known recorder"]),
    "unknown fields": (lambda: encoded(recording(colour=1)), 422, ["colour: unknown field"]),
    "10,000 steps": (lambda: encoded(recording(steps=[{"action": "note"}] * 10_000)), 422, ["10,000 steps"]),
    "newer version": (lambda: encoded(envelope(format="workflow-platform/9")), 422, ["newer version"]),
    "cut zip": (lambda: GOOD_ZIP[: len(GOOD_ZIP) // 2], 422, ["cut off or damaged"]),
    "zip without a recording": (lambda: zipped({"a.txt": b"x"}), 422, ['no "workflow.json"']),
    "path out of the folder": (
        lambda: zipped({"workflow.json": shown(), "../../etc/passwd": b"x"}),
        422,
        ['"../../etc/passwd" in the zip would lie outside'],
    ),
    "absolute path": (lambda: zipped({"workflow.json": shown(), "/etc/passwd": b"x"}), 422, ["would lie outside"]),
    "zip bomb": (bomb, 413, ["MAX_IMPORT_UNPACKED_BYTES"]),
    "zip bomb that lies": (lying_bomb, 422, ["cut off or damaged"]),
    "damaged picture after a good one": (
        lambda: damaged(
            zipped([("workflow.json", shown("1", "2")), ("screenshots/1.png", PNG), ("screenshots/2.png", PNG)])
        ),
        422,
        ["cut off or damaged"],
    ),
}


def damaged(data: bytes) -> bytes:
    """The last file's content changed, not its checksum."""
    at = data.rindex(b"screenshots/2.png", 0, data.index(b"PK\x01\x02")) + 60
    return data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_file_is_refused(case: str, as_owner: Caller) -> None:
    data, status, words = BAD_FILES[case]
    assert_refused(as_owner.upload("/imports", data(), "recording.zip"), status, *words)


@pytest.mark.usefixtures("nothing_kept")
def test_import_that_fails_late_leaves_no_picture(as_owner: Caller) -> None:
    """Its pictures are stored before its rows are written."""
    with transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE audit_events RENAME TO moved")
    as_owner.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    assert as_owner.upload("/imports", GOOD_ZIP).status_code >= 500


def test_bad_picture_in_a_good_zip_costs_its_step_the_picture(as_owner: Caller) -> None:
    files = {"workflow.json": shown("1", "2"), "screenshots/1.png": SVG, "screenshots/2.png": picture(7)}
    answer = as_owner.upload("/imports", zipped(files))
    assert answer.status_code == 201
    assert [bool(one["screenshot_id"]) for one in answer.json()["workflows"][0]["steps"]] == [False, True]
    assert any("Step 1: its picture '1' was left out." in warning for warning in answer.json()["warnings"])


def test_same_file_twice_at_once_shares_its_pictures(as_owner: Caller, settings: Settings) -> None:
    answers = at_once(3, lambda _: as_owner.upload("/imports", GOOD_ZIP))
    assert [answer.status_code for answer in answers] == [201] * 3
    rows, files = kept(settings)
    assert (rows["workflows"], rows["screenshots"], len(files)) == (3, 1, 1)


# Memory -------------------------------------------------------------------------------------------------------------


def peak_of(work: Callable[[], Any]) -> int:
    """Bytes by which the process's resident memory grew at most meanwhile."""
    status, clear = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not clear.exists():
        left_out("The kernel does not tell peaks of memory: it lacks /proc/self/clear_refs.")
    clear.write_text("5")

    def highest() -> int:
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))

    before = highest()
    work()
    return highest() - before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "most", "send"),
    [
        ("/screenshots", 150, lambda: {"files": {"file": ("a.png", BAD_PICTURES["50,000 x 50,000"][0])}}),
        ("/imports", 150, lambda: {"files": {"file": ("a.zip", bomb())}}),
        ("/imports", 150, lambda: {"files": {"file": ("a.zip", lying_bomb())}}),
        ("/workflows", 400, lambda: raw('{"name": "x", "steps": [' + ",".join(["{}"] * 2_000_000) + "]}")),
        ("/tokens", 150, lambda: raw("{" + ",".join(f'"a{n}": 1' for n in range(40_000)) + "}")),
    ],
    ids=["large picture", "zip bomb", "lying zip bomb", "millions of steps", "many unknown fields"],
)
def test_memory_stays_bounded(path: str, most: int, send: Callable[[], dict[str, Any]], as_owner: Caller) -> None:
    """In megabytes, of which the request itself is up to 8, sent and received in this one process."""
    assert as_owner.get("/me").status_code == 200
    sent = send()
    grown = peak_of(lambda: as_owner.post(path, **sent))
    assert grown < most * 1_000_000, f"{grown / 1e6:.0f} MB"


def test_pieces_are_as_they_should_be(as_owner: Caller) -> None:
    """What is damaged above is good when it is whole."""
    assert as_owner.post("/workflows", json=recording()).status_code == 201
    assert as_owner.post("/workflows", **raw(json.dumps(recording()))).status_code == 201
    assert as_owner.upload("/screenshots", PNG).status_code == 201
    assert as_owner.upload("/imports", GOOD_ZIP).status_code == 201
