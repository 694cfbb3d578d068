"""The command itself: open, record, hand on."""

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.browser.errors import NothingRecorded
from app.browser.hosting import recording_into
from app.browser.journal import Journal, left_behind
from app.browser.launching import launched
from app.browser.recording import Recording, resumed
from app.commands.output import Output, options
from app.commands.record.delivering import Destination, deliver
from app.commands.record.ending import Ending
from app.commands.record.showing import Shown
from app.core.config import get_settings
from app.core.errors import AppError

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


class ScriptFailed(AppError):
    """The script did not come to its end."""


class PageNotReached(AppError):
    """The page could not be opened."""


@click.command("record")
@click.argument("url", required=False)
@click.option("--name", help="What the workflow is called. Without it, a name is made up from what was done.")
@click.option("-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a zip instead.")
@click.option("--server", help="Send it to this server instead (RECORD_SERVER).")
@click.option("--token", help="API token of that server; RECORD_TOKEN keeps it out of the list of processes.")
@click.option("--headless", is_flag=True, help="Without a window: ends with the script, or with stdin.")
@click.option(
    "--script",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Python file that does the work. It finds Playwright's `page` and `context`.",
)
@click.option("--browser", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Program to record in.")
@click.option("--profile", type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps sign-ins.")
@click.option("--resume", is_flag=True, help="Take up the last recording that was cut off; go on at URL, if given.")
@options
def command(output: Output, url: str | None, **chosen: Any) -> None:
    """Record what you do in a browser, until you close it or press Ctrl-C.

    It becomes a workflow here, or a zip (--output), or a workflow on a server (--server).
    """
    if not url and not chosen["resume"]:
        raise click.UsageError("Give the address to begin at, or --resume.")
    to = Destination.chosen(chosen["file"], chosen["server"], chosen["token"])
    recording = _begun(chosen["name"], resume=chosen["resume"])
    problem = None
    try:
        if url:
            problem = _record(recording, url if "://" in url else f"http://{url}", output, chosen)
        if problem is None or recording.steps:
            deliver(recording, to, output)
    except NothingRecorded:
        recording.forget_journal()
        raise
    except BaseException:
        if recording.steps:
            _say_where(recording)
        else:
            recording.forget_journal()
        raise
    if problem is not None:
        recording.forget_journal()
        raise problem


def _begun(name: str | None, *, resume: bool) -> Recording:
    folder = get_settings().data_dir.resolve() / "recordings"
    if not resume:
        recording = Recording(name)
        recording.keep_in(Journal(folder / recording.id))
        return recording
    left = left_behind(folder)
    if not left:
        raise NothingRecorded(f"There is no recording in {folder} that was cut off.")
    return resumed(left[-1])


def _record(recording: Recording, url: str, output: Output, chosen: dict[str, Any]) -> AppError | None:
    """Until it ends. Returns what went wrong on the way: what was done until then is recorded all the same."""
    script: Path | None = chosen["script"]
    with (
        Ending(listen=chosen["headless"] and script is None) as ending,
        launched(headless=chosen["headless"], program=chosen["browser"], profile=chosen["profile"]) as context,
        Shown(recording, output, by_ctrl_c=not chosen["headless"]),
    ):
        page = context.pages[0] if context.pages else context.new_page()
        with recording_into(page, recording):
            problem = _open(page, url)
            if problem is None and script is not None:
                with ending.at_once():
                    problem = _run(script, page, context)
            elif problem is None:
                ending.wait(context)
    return problem


def _open(page: "Page", url: str) -> AppError | None:
    from playwright.sync_api import Error  # noqa: PLC0415 - it is not installed everywhere

    try:
        page.goto(url, wait_until="commit")
    except Error as error:
        if page.is_closed():
            return None  # the person was quicker
        return PageNotReached(f"{url} could not be opened: {error.message.splitlines()[0]}")
    return None


def _run(script: Path, page: "Page", context: "BrowserContext") -> AppError | None:
    try:
        runpy.run_path(str(script), {"page": page, "context": context}, run_name="__main__")
    except KeyboardInterrupt:
        return ScriptFailed(f"{script} was interrupted.")
    except SystemExit as end:
        return ScriptFailed(f"{script} ended with {end.code}.") if end.code else None
    except Exception as error:  # noqa: BLE001 - whatever it is, what was done before it is kept
        return ScriptFailed(
            f"{script}: {type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
        )
    return None


def _say_where(recording: Recording) -> None:
    if recording.folder is not None:
        click.echo(
            f'What was recorded lies in {recording.folder}; "workflow-platform record --resume" takes it up.', err=True
        )
