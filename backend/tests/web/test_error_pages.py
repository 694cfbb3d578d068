from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.main import create_app
from tests.web.conftest import HTML, Browser


def test_people_get_a_page_and_programs_get_json(browser: Browser) -> None:
    page = browser.get("/nowhere")
    assert page.status_code == 404
    assert "<h1>There is nothing here</h1>" in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert browser.client.get("/nowhere").json()["error"] == "NotFound"
    assert browser.get("/api/v1/workflows").json()["error"] == "Unauthenticated"


def test_a_defect_is_a_page_without_the_defect(engine: Engine) -> None:
    assert engine
    app: FastAPI = create_app()

    @app.get("/defect")
    def defect() -> None:
        raise RuntimeError("the database password is hunter2")

    client = TestClient(app, raise_server_exceptions=False)
    page = client.get("/defect", headers=HTML)
    assert page.status_code == 500
    assert "<h1>Something went wrong</h1>" in page.text
    assert "hunter2" not in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert client.get("/defect").json()["error"] == "InternalError"


def test_every_page_forbids_what_it_does_not_need(editor: Browser) -> None:
    number = editor.create()["id"]
    for path in ("/", f"/workflows/{number}", "/nowhere", "/sign-in/x"):
        headers = editor.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "unsafe-" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
