"""What the process has imported from which `tests.forked` forks: the application, what its starts add, all pages."""

import celery.apps.worker
import celery.bin.celery
import celery.concurrency.prefork
import kombu.transport.redis
import uvicorn.protocols.http.httptools_impl
import uvicorn.protocols.websockets.auto

import app.agents.server
import app.main
from app.web.rendering import templates

__all__ = ["app", "celery", "kombu", "uvicorn"]

for _name in templates.list_templates():
    templates.get_template(_name)
