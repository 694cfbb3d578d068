"""For end-to-end tests with Playwright: the fixture `record_workflow`, by which a test writes its own guide.

Loaded by pytest wherever this package is installed, so it imports nothing until the fixture is used.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from app.browser import Recording

    RecordWorkflow = Callable[..., AbstractContextManager[Recording]]

PASSED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the guides go."""
    group = parser.getgroup("workflow-platform")
    group.addoption("--workflows", metavar="FOLDER", default="workflows", help="where record_workflow writes its zips")
    group.addoption(
        "--send-workflows", action="store_true", help="send them to RECORD_SERVER instead, with the token RECORD_TOKEN"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether the test itself passed: only then is what it did a guide."""
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture
def record_workflow(request: pytest.FixtureRequest) -> Iterator["RecordWorkflow"]:
    """`with record_workflow(page, "Create a contact"):` records what the block does.

    Kept if the test passes: as `workflows/create-a-contact.zip` (see --workflows and --send-workflows).
    """
    from app.browser import record  # noqa: PLC0415 - not every run of pytest records

    finished: list[Recording] = []

    @contextmanager
    def recording_of(page: "Page", name: str | None = None) -> Iterator["Recording"]:
        with record(page, name) as recording:
            yield recording
        finished.append(recording)

    yield recording_of
    if request.node.stash.get(PASSED, False):
        for number, recording in enumerate(finished):
            _keep(recording, request, number)


def _keep(recording: "Recording", request: pytest.FixtureRequest, number: int) -> None:
    from app.guides.archives import plain_name  # noqa: PLC0415 - as above

    if request.config.getoption("--send-workflows"):
        _send(recording)
        return
    stem = plain_name(recording.name or "") or plain_name(f"{request.node.name} {number or ''}")
    folder = Path(request.config.getoption("--workflows"))
    recording.save((folder if folder.is_absolute() else request.config.rootpath / folder) / f"{stem}.zip")


def _send(recording: "Recording") -> None:
    from app.core.config import get_settings  # noqa: PLC0415 - as above

    settings = get_settings()
    if not settings.record_server or settings.record_token is None:
        pytest.fail("--send-workflows wants RECORD_SERVER and RECORD_TOKEN in the environment.", pytrace=False)
    recording.upload(settings.record_server, settings.record_token.get_secret_value())
