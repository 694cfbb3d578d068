"""The extension in a browser, and what a test does with it: commands, a look into its store, and its worker's end."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page

from app.core.config import BACKEND
from tests.services import wait_until

SHIPPED = BACKEND.parent / "extension"
ALL_PAGES = "<all_urls>"

SEND = "message => chrome.runtime.sendMessage(message)"
READ = """
async () => {
  const { recordings, stepsOf } = await import("/store.js");
  const all = await recordings();
  return Promise.all(all.map(async (recording) => ({ ...recording, steps: await stepsOf(recording.id) })));
}
"""
DUMP = """
async () => {
  const store = await import("/store.js");
  const everything = {};
  for (const name of ["recordings", "steps", "pictures", "moments"]) {
    everything[name] = await store.within("readonly", [name], (rows) => store.done(rows.getAll()));
  }
  for (const picture of everything.pictures) {
    const bytes = new Uint8Array(await picture.blob.arrayBuffer());
    picture.base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    delete picture.blob;
  }
  return everything;
}
"""
FORGET = """
async () => {
  const { recordings, deleteRecording, setConnection } = await import("/store.js");
  for (const { id } of await recordings()) {
    await chrome.runtime.sendMessage({ type: "discard", recordingId: id });
    await deleteRecording(id);
  }
  await setConnection(null);
}
"""


def prepare(folder: Path) -> Path:
    """A copy in which all pages are allowed from the start: nobody is there to click when the browser asks."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("node_modules"))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["host_permissions"] = manifest.pop("optional_host_permissions")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def launch(browser_type: BrowserType, program: str, extension: Path, profile: Path) -> BrowserContext:
    """A browser with the extension in it, on a profile of its own."""
    return browser_type.launch_persistent_context(
        str(profile),
        executable_path=program,
        headless=True,
        viewport={"width": 1000, "height": 700},
        args=["--no-sandbox", f"--disable-extensions-except={extension}", f"--load-extension={extension}"],
    )


@dataclass
class Extension:
    """As it runs in a browser. `desk` is a page of its own that does nothing by itself."""

    context: BrowserContext
    id: str = ""
    desk: Page = field(init=False)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        workers = self.context.service_workers
        worker = workers[0] if workers else self.context.wait_for_event("serviceworker")
        self.id = worker.url.split("/")[2]
        self.desk = self.context.new_page()
        self.desk.goto(self.address("manifest.json"))

    def address(self, path: str) -> str:
        return f"chrome-extension://{self.id}/{path}"

    def send(self, command: str, **more: object) -> dict[str, Any]:
        """What the worker answers."""
        answer: dict[str, Any] = self.desk.evaluate(SEND, {"type": command, **more})
        return answer

    def do(self, command: str, **more: object) -> dict[str, Any]:
        """The status afterwards; it must work."""
        answer = self.send(command, **more)
        assert answer["ok"], answer
        status: dict[str, Any] = answer["status"]
        return status

    def recordings(self) -> list[dict[str, Any]]:
        """With their steps, newest first."""
        found: list[dict[str, Any]] = self.desk.evaluate(READ)
        return found

    def recording(self) -> dict[str, Any]:
        """The only one."""
        [only] = self.recordings()
        return only

    def steps(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.recording()["steps"]
        return found

    def said(self) -> list[str]:
        """Each step of the only recording in a few words."""
        return [words(step["step"]) for step in self.steps()]

    def wait_for_steps(self, count: int) -> None:
        wait_until(lambda: len(self.steps()) >= count, f"{count} steps")

    def wait_for_pictures(self, count: int) -> None:
        """Of so many steps, those aside that lead to another page: they have none."""

        def there() -> bool:
            steps = [step for step in self.steps() if step["step"]["action"] != "navigate"]
            return len(steps) == count and all(step["pictureId"] for step in steps)

        wait_until(there, f"{count} steps with pictures")

    def rest(self) -> None:
        """Until the browser takes pictures again: it takes two a second, whoever asks."""
        self.desk.wait_for_timeout(1_100)

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Everything in the store; pictures as base64."""
        everything: dict[str, list[dict[str, Any]]] = self.desk.evaluate(DUMP)
        return everything

    def kill_worker(self) -> None:
        """As the browser does it when it needs the memory, only without asking."""
        session = self.context.new_cdp_session(self.desk)
        for target in session.send("Target.getTargets")["targetInfos"]:
            if target["type"] == "service_worker" and self.id in target["url"]:
                session.send("Target.closeTarget", {"targetId": target["targetId"]})
        session.detach()

    def reset(self) -> None:
        """As after its installation, with one empty page."""
        for page in self.context.pages:
            if page is not self.desk:
                page.close()
        self.desk.evaluate(FORGET)


def words(step: dict[str, Any]) -> str:
    """`input Name=hello`, `navigate =https://…`."""
    target = step["target"] or {}
    value = "" if step["value"] is None else f"={step['value']}"
    return f"{step['action']} {target.get('name') or ''}{value}"
