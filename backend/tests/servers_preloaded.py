"""What the process has imported from which `tests.servers` forks: the application, what its start adds, all pages."""

import uvicorn.protocols.http.httptools_impl
import uvicorn.protocols.websockets.auto

import app.agents.server
import app.main
from app.web.rendering import templates

__all__ = ["app", "uvicorn"]

for _name in templates.list_templates():
    templates.get_template(_name)
