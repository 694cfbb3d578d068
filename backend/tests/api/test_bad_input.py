"""What cannot be used is refused in words that say what and where, and nothing of it is kept."""

import json
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import func, select

from app.core.config import Settings
from app.core.db import transaction
from app.labeling.models import LabelingRun
from app.storage.models import Screenshot
from app.workflows.models import Label, Step, Workflow
from tests.api.bodies import PNG, picture, recording, step
from tests.api.callers import Caller
from tests.recordings.formats.files import encoded, envelope, shown, zipped
from tests.storage.pictures import png, png_chunk

TABLES = (Workflow, Step, Label, LabelingRun, Screenshot)


def kept(settings: Settings) -> tuple[dict[str, int], list[Path]]:
    """Rows of each table, and files of the store."""
    with transaction(read_only=True) as session:
        rows = {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}
    return rows, sorted(path for path in (settings.data_dir / "screenshots").rglob("*") if path.is_file())


@pytest.fixture
def nothing_kept(settings: Settings) -> Iterator[None]:
    """The test leaves neither rows nor files."""
    yield
    assert kept(settings) == (dict.fromkeys((table.__tablename__ for table in TABLES), 0), [])


def assert_refused(answer: httpx.Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text[:500]
    for word in words:
        assert word in answer.json()["detail"], answer.json()["detail"]


# POST /workflows ----------------------------------------------------------------------------------------------------


def raw(text: str | bytes) -> dict[str, Any]:
    return {"content": text, "headers": {"Content-Type": "application/json"}}


def with_target(**fields: Any) -> dict[str, Any]:
    return {"json": recording(steps=[step(), step(target=fields)])}


BAD_RECORDINGS: dict[str, tuple[dict[str, Any], int, list[str]]] = {
    "unknown field": ({"json": recording(colour="red")}, 422, ["colour: unknown field"]),
    "unknown fields deep inside": (
        with_target(tag="a", colour="red", box={"z": 1}),
        422,
        ["steps[1].target.colour: unknown field", "steps[1].target.box.x: is missing"],
    ),
    "wrong types": (
        {"json": recording(name=7, steps=[step(action=["click"], timestamp="soon", page="x")])},
        422,
        ["name: is not text", "steps[0].action: is not one of", "steps[0].timestamp: is not a date", "steps[0].page"],
    ),
    "unknown action": ({"json": recording(steps=[step(action="dance")])}, 422, ["steps[0].action: is not one of"]),
    "no steps": ({"json": recording(steps=[])}, 422, ["steps: is empty"]),
    "10,000 steps": ({"json": recording(steps=[{"action": "note"}] * 10_000)}, 422, ["10,000 steps", "MAX_STEPS"]),
    "more steps than are read": ({"json": recording(steps=[{}] * 100_000)}, 422, ["steps: is too long"]),
    "empty name": ({"json": recording(name="")}, 422, ["name: is empty"]),
    "name of spaces": ({"json": recording(name=" \t ")}, 422, ["name: is empty"]),
    "long name": ({"json": recording(name="x" * 201)}, 422, ["name: is too long: at most 200 characters"]),
    "long text": (
        with_target(text="x" * 5_001),
        422,
        ["steps[1].target.text: is too long: at most 5000 characters"],
    ),
    "lone surrogate": (raw('{"name": "\\ud800", "steps": []}'), 422, ["is not valid JSON", "line 1 column"]),
    "right-to-left override": (
        {"json": recording(name="invoice\u202egnp.exe")},
        422,
        ["name: contains control characters or text-direction overrides"],
    ),
    "override in a target": (with_target(name="\u202ex"), 422, ["steps[1].target.name: contains control characters"]),
    "NUL": ({"json": recording(name="a\x00b")}, 422, ["name: contains control characters"]),
    "not UTF-8": (raw(b'{"name": "\xff"}'), 422, ["is not valid JSON"]),
    "broken JSON": (raw('{"name": "x", "steps": ['), 422, ["body: is not valid JSON", "line 1 column"]),
    "no body": (raw(""), 422, ["body: is not valid JSON"]),
    "not an object": (raw("[]"), 422, ["body: is not an object"]),
    "not a number": (
        raw('{"name": "x", "steps": [{"action": "click", "target": {"box": {"x": NaN}}}]}'),
        422,
        ["steps[0].target.box.x"],
    ),
    "infinite": (
        raw('{"name": "x", "steps": [{"action": "click", "target": {"box": {"x": 1e999}}}]}'),
        422,
        ["steps[0].target.box.x"],
    ),
    "deep nesting": (raw("[" * 100_000), 422, ["recursion limit exceeded"]),
    "deep nesting inside": (
        raw('{"name": "x", "steps": ' + '[{"target": ' * 5_000 + "1" + "}]" * 5_000 + "}"),
        422,
        ["recursion limit exceeded"],
    ),
    "wrong content type": (
        {"content": "{}", "headers": {"Content-Type": "text/plain"}},
        415,
        ["Content-Type: application/json"],
    ),
    "time without a zone": (
        {"json": recording(steps=[step(timestamp="2026-11-23T10:00:00")])},
        422,
        ["steps[0].timestamp: has no time zone"],
    ),
    "time beyond time": (
        {"json": recording(steps=[step(timestamp="9999-12-31T23:59:59-23:00")])},
        422,
        ["steps[0].timestamp: this moment lies outside the years 1 to 9999"],
    ),
    "screenshot that is not there": (
        {"json": recording(steps=[step(), step(screenshot_id="nothing")])},
        422,
        ["Step 2 names the screenshot 'nothing'"],
    ),
    "hundreds of mistakes": (
        {"json": recording(steps=[{"action": "x", "y": 1}] * 400)},
        422,
        ["steps[0].action", "and 790 more"],
    ),
}


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("case", BAD_RECORDINGS)
def test_bad_recording_is_refused(case: str, as_owner: Caller) -> None:
    sent, status, words = BAD_RECORDINGS[case]
    assert_refused(as_owner.post("/workflows", **sent), status, *words)


@pytest.mark.usefixtures("nothing_kept")
def test_mistakes_are_named_for_programs_too(as_owner: Caller) -> None:
    answer = as_owner.post("/workflows", json=recording(name="", steps=[step(action="x")]))
    assert [problem["field"] for problem in answer.json()["fields"]] == ["name", "steps.0.action"]


@pytest.mark.usefixtures("nothing_kept")
def test_what_was_sent_is_not_repeated(as_owner: Caller) -> None:
    """It may be a secret."""
    answer = as_owner.post("/workflows", json=recording(name=["hunter2"], steps=[step(action="hunter2")]))
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    ("path", "bytes_", "words"),
    [
        ("/workflows", 8_000_001, ["8,000,000 bytes", "MAX_REQUEST_BYTES"]),
        ("/tokens", 500_001, ["500,000 bytes"]),
        ("/workflows/1/steps", 500_001, ["500,000 bytes"]),
    ],
)
def test_too_large_a_body_is_not_read_to_its_end(
    path: str, bytes_: int, words: list[str], declared: bool, as_owner: Caller
) -> None:
    """Whether its length was declared or not."""
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        yield b'{"name": "'
        while read < 2 * bytes_:
            read += 100_000
            yield b"x" * 100_000

    body = raw(b'"' + b"x" * bytes_) if declared else {**raw(b""), "content": pieces()}
    answer = as_owner.post(path, **body)
    assert_refused(answer, 413, "larger than", *words)
    assert answer.json()["error"] == "TooLarge"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/workflows/{}"),
        ("PATCH", "/workflows/{}"),
        ("DELETE", "/workflows/{}"),
        ("DELETE", "/workflows/{}/steps/{}"),
        ("GET", "/workflows/{}/labeling"),
        ("GET", "/workflows/{}/labeling/events"),
        ("GET", "/workflows/{}/export?format=json"),
        ("POST", "/workflows/{}/labeling/cancel"),
        ("POST", "/workflows/{}/label"),
        ("POST", "/runs/{}/retry"),
        ("POST", "/runs/{}/acknowledge"),
        ("DELETE", "/tokens/{}"),
    ],
)
@pytest.mark.parametrize("number", [2**63, 2**64, 10**30, -1, 0, -(2**63) - 1])
def test_numbers_that_no_row_can_have_are_not_found(method: str, path: str, number: int, as_owner: Caller) -> None:
    more: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
    assert_refused(as_owner.request(method, path.format(number, number), **more), 404, "There is no")


def test_numbers_beyond_reading_are_refused(as_owner: Caller) -> None:
    assert_refused(as_owner.get("/workflows/" + "9" * 5_000), 422, "workflow_id: is too large a number")
    assert_refused(as_owner.get("/screenshots/%00"), 422, "screenshot_id: has the wrong form")
    uploaded = as_owner.upload("/screenshots", PNG).json()["id"]
    assert as_owner.get(f"/screenshots/{uploaded}?step_id={2**70}").status_code == 200


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


def bomb() -> bytes:
    """60 pictures of 20 MB of zeros each."""
    return zipped({"workflow.json": shown("1"), **{f"screenshots/{n}.png": bytes(20_000_000) for n in range(60)}})


def lying_bomb() -> bytes:
    """A picture that says it has 100 bytes and unpacks to 50 MB."""
    data = bytearray(zipped({"workflow.json": shown("1"), "screenshots/1.png": bytes(50_000_000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(signature) if signature == b"PK\x03\x04" else data.rindex(b"PK\x01\x02")
        data[at + offset : at + offset + 4] = struct.pack("<I", 100)
    return bytes(data)


BAD_FILES: dict[str, tuple[Callable[[], bytes], int, list[str]]] = {
    "empty": (lambda: b"", 422, ["The file is empty", "What can be imported"]),
    "text": (lambda: b"hello", 422, ["neither JSON nor a zip"]),
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
        pytest.skip("the system does not tell peaks of memory")
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


def at_once(count: int, work: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """What `count` threads get that all start at the same moment."""
    gate = threading.Barrier(count)

    def one(number: int) -> httpx.Response:
        gate.wait(10)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_pieces_are_as_they_should_be(as_owner: Caller) -> None:
    """What is damaged above is good when it is whole."""
    assert as_owner.post("/workflows", json=recording()).status_code == 201
    assert as_owner.post("/workflows", **raw(json.dumps(recording()))).status_code == 201
    assert as_owner.upload("/screenshots", PNG).status_code == 201
    assert as_owner.upload("/imports", GOOD_ZIP).status_code == 201
