"""What the process has made ready from which `tests.forked` forks: the application, what its starts add, all pages."""

import celery.apps.worker
import celery.bin.celery
import celery.concurrency.prefork
import kombu.transport.redis
import uvicorn.protocols.http.httptools_impl
import uvicorn.protocols.websockets.auto
from fastapi.testclient import TestClient

import app.agents.server
from app.web.rendering import templates
from tests.applications import application

__all__ = ["app", "celery", "kombu", "uvicorn"]

for _name in templates.list_templates():
    templates.get_template(_name)

assert TestClient(application()).get("/nowhere").status_code == 404  # the first request prepares all routes
