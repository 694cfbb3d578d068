"""Makes the set of labelled steps: `make evals-set`. Needs Chromium, and the package `miniwob` for its pages.

    python -m tests.evals.build [--only TEXT] [--chromium PATH]

Every page is given a fixed seed, so two runs give the same problems. A script does what the page asks for, and where
the page rewards it, it must have been rewarded. With `--only` nothing is written.
"""

import argparse
import contextlib
import json
import sys
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from app.labeling.evaluation.sets import PICTURES, SET
from app.workflows.content import StepContent
from tests.evals.from_samples import sample_workflows
from tests.evals.planted import planted_workflows
from tests.evals.recording import Recording, open_page, utterance_of
from tests.evals.tasks import TASKS, Task

ZIP_TIME = (2026, 11, 23, 10, 0, 0)

for _module in ("on_buttons", "on_choices", "on_forms", "on_menus", "on_pickers", "on_mail"):
    import_module(f"tests.evals.{_module}")


def main() -> int:
    """1 if a task could not be done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only the pages whose name holds this; nothing is written")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser's program")
    given = parser.parse_args()
    recorded = list(_record(given.only, given.chromium))
    workflows = [workflow for workflow, _ in recorded if workflow]
    pictures = {name: data for _, shots in recorded for name, data in shots.items()}
    if not given.only:
        for workflow, shots in [*sample_workflows(), *planted_workflows()]:
            workflows.append(workflow)
            pictures |= shots
        _write(workflows, pictures)
    steps = [step for workflow in workflows for step in workflow["steps"]]
    print(f"{len(workflows)} workflows, {len(steps)} steps, {sum(map(len, pictures.values())) // 1024} KB of pictures")
    if given.only:
        print(json.dumps(workflows, indent=1, ensure_ascii=False))
    return int(any(workflow is None for workflow, _ in recorded))


def _record(only: str, chromium: str) -> Iterator[tuple[dict[str, Any] | None, dict[str, bytes]]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for task in sorted(TASKS, key=lambda task: (task.kind, task.page, task.seeds)):
            for seed in task.seeds if only in task.page else ():
                page = open_page(browser, task.page, seed)
                recording = Recording(f"{task.page}-{seed}", page, utterance_of(page))
                problem = _perform(task, recording)
                page.close()
                if problem:
                    print(f"{recording.name}: {problem}", file=sys.stderr)
                yield (None if problem else _workflow(task, recording)), recording.pictures
        browser.close()


def _perform(task: Task, recording: Recording) -> str:
    """Do the task; what went wrong, or nothing."""
    try:
        task.perform(recording)
        if task.rewarded:
            with contextlib.suppress(Error):
                recording.page.wait_for_function("WOB_DONE_GLOBAL", timeout=3_000)
            reward = recording.page.evaluate("WOB_RAW_REWARD_GLOBAL")
            return "" if reward > 0 else f"not rewarded ({reward}): {recording.utterance}"
    except (Error, AssertionError, StopIteration, ValueError, KeyError, IndexError) as error:
        return f"{type(error).__name__}: {error}"[:600]
    return ""


def _workflow(task: Task, recording: Recording) -> dict[str, Any]:
    for step in recording.steps:
        StepContent.model_validate_json(json.dumps(step["content"]))
    return {
        "name": recording.name,
        "kind": task.kind,
        "origin": "miniwob",
        "utterance": recording.utterance,
        "planted": [],
        "steps": recording.steps,
    }


def _write(workflows: list[dict[str, Any]], pictures: dict[str, bytes]) -> None:
    """One line a step, so that a change of the set reads as a change of steps."""
    lines = []
    for workflow in workflows:
        head = json.dumps({key: value for key, value in workflow.items() if key != "steps"}, ensure_ascii=False)
        steps = ",\n".join(json.dumps(step, ensure_ascii=False, separators=(",", ":")) for step in workflow["steps"])
        lines.append(f'{head[:-1]}, "steps": [\n{steps}\n]}}')
    SET.write_text('{"format": "evaluation-set/1", "workflows": [\n' + ",\n".join(lines) + "\n]}\n", "utf-8")
    used = {step["content"]["screenshot_id"] for workflow in workflows for step in workflow["steps"]}
    with zipfile.ZipFile(PICTURES, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(used - {None}):
            archive.writestr(zipfile.ZipInfo(f"{name}.webp", ZIP_TIME), pictures[name])
    sizes = [f"{path.name} {path.stat().st_size // 1024} KB" for path in (SET, PICTURES)]
    print(", ".join(sizes))


if __name__ == "__main__":
    Path(SET).parent.mkdir(exist_ok=True)
    sys.exit(main())
