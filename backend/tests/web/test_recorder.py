"""The recorder's page, its download, and the token that the extension asks for."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEvent, Role
from app.core.config import BACKEND
from app.core.db import transaction
from app.web import extension_zip
from tests.web.conftest import Browser

ZIP = "/recorder/extension.zip"


def token(browser: Browser, **headers: str) -> str:
    """As the extension asks out of the page."""
    form = {"csrf": browser.csrf(), "browser": "Chrome on Linux"}
    answer = browser.client.post("/recorder/token", data=form, headers=headers)
    assert answer.status_code == 201, answer.text
    secret: str = answer.json()["token"]
    return secret


def test_a_form_of_another_site_gets_no_token(editor: Browser) -> None:
    for csrf in ("", "0" * 64):
        assert editor.post("/recorder/token", csrf=csrf, browser="Chrome").status_code == 403
    foreign = {"csrf": editor.csrf()}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert editor.client.post("/recorder/token", data=foreign[0], headers=foreign[1]).status_code == 403
    assert "Recorder in" not in editor.get("/settings/tokens").text


def test_a_viewer_gets_none_and_is_told_so(sign_in: Callable[..., Browser]) -> None:
    viewer = sign_in("vera", Role.VIEWER)
    answer = viewer.client.post("/recorder/token", data={"csrf": viewer.csrf()})
    assert answer.status_code == 403
    assert "viewer" in answer.json()["detail"]
    assert "does not record" in viewer.get("/recorder").text


@pytest.mark.parametrize("name", ["x" * 101, "Chrome\u202e"])
def test_a_browser_with_a_strange_name_gets_none(editor: Browser, name: str) -> None:
    answer = editor.client.post("/recorder/token", data={"csrf": editor.csrf(), "browser": name})
    assert answer.status_code == 422


def test_the_token_may_send_and_nothing_else(editor: Browser) -> None:
    secret = token(editor)
    with transaction(read_only=True) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "token_created")).one()
        assert event.facts == {"scopes": ["write"]}
    editor.client.cookies.clear()
    bearer = {"Authorization": f"Bearer {secret}"}
    sent = editor.client.post("/api/v1/workflows", json={"name": "A", "steps": []}, headers=bearer)
    assert sent.status_code in {201, 422}
    assert editor.client.get("/api/v1/me", headers=bearer).json()["scopes"] == ["write"]
    assert editor.client.get("/api/v1/workflows", headers=bearer).status_code == 403


def test_the_token_is_in_the_list_and_ends_when_it_is_revoked(editor: Browser) -> None:
    secret = token(editor)
    page = editor.get("/settings/tokens").text
    assert "Recorder in Chrome on Linux" in page
    assert secret not in page
    number = re.search(r"/settings/tokens/(\d+)/revoke", page)
    assert number
    editor.post(number[0], csrf=editor.csrf())
    editor.client.cookies.clear()
    answer = editor.client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_the_answer_is_kept_nowhere(editor: Browser) -> None:
    answer = editor.client.post("/recorder/token", data={"csrf": editor.csrf()})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["name"] == "Recorder in a browser"


def test_the_download_is_what_a_browser_loads_and_nothing_else(editor: Browser) -> None:
    answer = editor.get(ZIP)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'filename="workflow-platform-recorder.zip"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["manifest_version"] == 3
    assert manifest["background"]["service_worker"] in names
    assert not [name for name in names if re.search(r"tests/|node_modules|\.d\.ts$|package|tsconfig|(^|/)\.", name)]


def test_what_was_downloaded_before_is_not_sent_again(editor: Browser) -> None:
    etag = editor.get(ZIP).headers["ETag"]
    again = editor.get(ZIP, **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert editor.get(ZIP, **{"If-None-Match": '"another"'}).status_code == 200


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    made = tmp_path / "made.zip"
    subprocess.run([sys.executable, "-m", "app.web.extension_zip", str(made)], cwd=BACKEND, check=True, timeout=60)
    assert made.read_bytes() == extension_zip.build()


def test_a_server_without_the_extension_says_so(
    editor: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension_zip, "FOLDER", tmp_path)
    assert editor.get(ZIP).status_code == 404
    assert "not among this server" in editor.get("/recorder").text


def test_an_empty_library_leads_to_the_recorder(editor: Browser) -> None:
    assert 'href="/recorder">Get the recorder' in editor.get("/").text
