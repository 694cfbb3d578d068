import gzip
import hashlib
import json

from app.web.assets import FOLDER, asset
from tests.web.conftest import Browser

MOST_BYTES = 150_000
"""Of scripts and styles together, compressed."""


def test_what_others_wrote_is_what_the_manifest_says() -> None:
    vendor = FOLDER / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text())
    listed = {path: digest for one in manifest for path, digest in one["files"].items()}
    present = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert present == listed
    for one in manifest:
        assert one["version"]
        assert one["licence"]
        assert one["licence_file"] in listed


def test_scripts_and_styles_are_small() -> None:
    files = [*FOLDER.rglob("*.js"), *FOLDER.rglob("*.css")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < MOST_BYTES


def test_a_static_file_may_be_kept_for_good(browser: Browser) -> None:
    answer = browser.client.get(asset("app.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert browser.client.get("/static/000000000000/app.css").status_code == 404
    assert browser.client.get(asset("../app.py")).status_code == 404


def test_pages_name_only_files_that_exist(editor: Browser) -> None:
    number = editor.create()["id"]
    for path in ("/", f"/workflows/{number}", "/nowhere"):
        page = editor.get(path).text
        for part in page.split('"'):
            if part.startswith("/static/"):
                assert editor.client.get(part).status_code == 200, part
