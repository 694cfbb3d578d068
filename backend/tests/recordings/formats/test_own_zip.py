"""Our zip, and every way in which one from elsewhere can be bad."""

import stat
import struct
import tracemalloc
import zlib
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipInfo

import pytest

from app.core.errors import AppError
from app.recordings.formats.imported import BrokenZip, ImportTooLarge, InvalidRecording, UnknownFormat, UnsafeZip
from app.recordings.formats.reading import read
from tests.recordings.formats.files import LIMITS, encoded, envelope, recording, shown, step, zipped

PICTURE = bytes(range(256)) * 4


def linked(name: str, mode: int) -> ZipInfo:
    entry = ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


@pytest.mark.parametrize(
    "name",
    [
        "../workflow.json",
        "screenshots/../../a.png",
        "screenshots/..",
        "/etc/passwd",
        "C:/a.png",
        "c:a.png",
        "screenshots\\a.png",
        "..\\a.png",
        "a\x00.png",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(name: str) -> None:
    # `ZipInfo` mends names when a zip is written, so the bad one is put in afterwards.
    mark = "x" * len(name)
    data = zipped({"workflow.json": shown(), mark: b""}).replace(mark.encode(), name.encode())
    with pytest.raises(UnsafeZip, match="outside of its folder"):
        read(data, limits=LIMITS)


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600, stat.S_IFCHR | 0o600])
def test_links_and_devices_are_refused(mode: int) -> None:
    data = zipped([("workflow.json", shown()), (linked("screenshots/a.png", mode), b"/etc/passwd")])
    with pytest.raises(UnsafeZip, match=r'"screenshots/a\.png" in the zip is a link or a device'):
        read(data, limits=LIMITS)


@pytest.mark.parametrize("second", ["workflow.json", "Workflow.JSON"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(second: str) -> None:
    with pytest.raises(UnsafeZip, match=f'"{second}" twice'):
        read(zipped([("workflow.json", shown()), (second, shown())]), limits=LIMITS)


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(zipped({"workflow.json": shown("a")}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnsafeZip, match=r'"workflow\.json" in the zip is encrypted'):
        read(bytes(data), limits=LIMITS)


@pytest.mark.parametrize("compression", [ZIP_BZIP2, ZIP_LZMA])
def test_compressions_that_eat_memory_are_refused(compression: int) -> None:
    with pytest.raises(UnsafeZip, match="compressed in another way"):
        read(zipped({"workflow.json": shown("a")}, compression=compression), limits=LIMITS)


@pytest.mark.parametrize("kept", [4, 30, 100, -1, -30])
def test_a_cut_zip_is_refused(kept: int) -> None:
    data = zipped({"workflow.json": shown("a"), "screenshots/a.png": PICTURE})
    with pytest.raises(BrokenZip):
        read(data[:kept], limits=LIMITS)


def test_a_damaged_picture_is_found_before_anything_is_returned() -> None:
    data = bytearray(zipped({"workflow.json": shown("a"), "screenshots/a.png": PICTURE}, compression=ZIP_STORED))
    data[data.index(PICTURE) + 700] ^= 0xFF
    with pytest.raises(BrokenZip):
        read(bytes(data), limits=LIMITS)


def test_a_bomb_that_says_its_size_is_refused() -> None:
    pieces = {f"screenshots/{number}.png": bytes(45_000) for number in range(5)}
    with pytest.raises(ImportTooLarge, match="MAX_IMPORT_UNPACKED_BYTES"):
        read(zipped({"workflow.json": shown("0")} | pieces), limits=LIMITS)


@pytest.mark.parametrize("name", ["workflow.json", "screenshots/a.png"])
def test_a_bomb_that_lies_about_its_size_is_refused_and_not_unpacked(name: str) -> None:
    honest = 1_000
    files = {"workflow.json": shown("a"), "screenshots/a.png": PICTURE} | {name: bytes(64_000_000)}
    data = zipped(files)
    lie = struct.pack("<I", honest)
    data = data.replace(struct.pack("<I", 64_000_000), lie)
    tracemalloc.start()
    try:
        with pytest.raises(BrokenZip):
            read(data, limits=LIMITS)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_zip_of_very_many_files_is_refused_before_it_is_opened() -> None:
    data = zipped({"workflow.json": shown()} | {str(number): b"" for number in range(200)})
    with pytest.raises(ImportTooLarge, match="more than 140 files"):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(("name", "setting"), [("workflow.json", "REQUEST"), ("screenshots/a.png", "SCREENSHOT")])
def test_one_file_that_is_too_large_is_named(name: str, setting: str) -> None:
    with pytest.raises(ImportTooLarge, match=f'"{name}" in the zip has 150,000 bytes.*MAX_{setting}_BYTES'):
        read(zipped({"workflow.json": shown("a")} | {name: bytes(150_000)}), limits=LIMITS)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "holds no"),
        ({"readme.txt": b"hello"}, "holds no"),
        ({"a/b/workflow.json": shown()}, "holds no"),
        ({"a/workflow.json": shown(), "b/workflow.json": shown()}, "holds several"),
        ({"workflow.json": b"[]"}, "not a recording"),
        ({"workflow.json": encoded({"title": "a", "steps": []})}, "not a recording"),
        ({"inner.zip": zipped({"workflow.json": shown()})}, "holds no"),
    ],
)
def test_a_zip_of_something_else_is_refused(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(UnknownFormat, match=message):
        read(zipped(files), limits=LIMITS)


def test_a_mistake_in_the_description_is_named() -> None:
    files = {"workflow.json": encoded(envelope(workflow=recording(steps=[step(action="x")])))}
    with pytest.raises(InvalidRecording, match=r"workflow\.steps\[0\]\.action"):
        read(zipped(files), limits=LIMITS)


def test_a_missing_picture_is_a_warning_and_never_somebody_elses() -> None:
    (imported,) = read(zipped({"workflow.json": shown("a", "b"), "screenshots/a.png": PICTURE}), limits=LIMITS)
    assert [step.screenshot_id for step in imported.recording.steps] == ["a", None]
    (warning,) = imported.warnings
    assert str(warning) == 'Step 2 of the file: Its screenshot "b" is not in the zip.'


def test_files_that_belong_to_no_step_are_a_warning() -> None:
    names = ["screenshots/a.png", "screenshots/a.webp", "screenshots/b.png", "screenshots/c.svg", "x.zip", "guide.md"]
    (imported,) = read(zipped({"workflow.json": shown("a")} | dict.fromkeys(names, PICTURE)), limits=LIMITS)
    assert list(imported.screenshots) == ["a"]
    (warning,) = imported.warnings
    assert warning.message == (
        "4 files in the zip belong to no step and were left out: "
        '"screenshots/a.webp", "screenshots/b.png", "screenshots/c.svg", "x.zip".'
    )


@pytest.mark.parametrize("folder", ["", "create-a-contact/"])
def test_pictures_come_out_as_they_went_in(folder: str) -> None:
    files = {"": b"", "workflow.json": shown("a", "b", "a"), "screenshots/a.png": PICTURE, "screenshots/b.JPEG": b"b"}
    (imported,) = read(zipped({folder + name: data for name, data in files.items() if folder + name}), limits=LIMITS)
    assert {name: picture.read() for name, picture in imported.screenshots.items()} == {"a": PICTURE, "b": b"b"}
    assert not imported.warnings


def test_a_deflate_stream_that_is_no_stream_is_refused() -> None:
    good = zlib.compress(PICTURE)[2:-4]
    data = zipped({"workflow.json": shown("a"), "screenshots/a.png": PICTURE})
    with pytest.raises(AppError):
        read(data.replace(good[:20], b"\xff" * 20), limits=LIMITS)
