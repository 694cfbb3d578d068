"""What the recorder costs a page of 20,000 elements, against the same page without it.

    python -m benchmarks.recorder

A person's minute in a large table: clicks on buttons and rows, typing, scrolling, the mouse over everything. Each of
the recorder's listeners, timers and observers is timed in the page; a task is what the browser itself reports as longer
than 50 ms, the page's own work included. The baseline is the same page and the same minute without the recorder, in
turns: how many tasks are long there is printed. Needs Chromium, as the browser tests do.
"""

import argparse
import shutil
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from app.browser.launching import ON_PATH, WITHOUT_WINDOWS
from benchmarks import report
from benchmarks.report import Row
from tests.browser.recorder.core import plain_script

ROWS = 5_000
"""Of four elements each."""
ACTIONS = 40
ROUNDS = 3
LONG_MS = 50

FIXED = "position: fixed; left: 10px"
PAGE = f"""<!doctype html><title>Orders</title><h1>Orders</h1>
<button style="{FIXED}; top: 10px">Save</button><input aria-label="Search" style="{FIXED}; top: 50px">
<div id="all" style="margin-top: 90px"></div><script>
let rows = "";
for (let at = 0; at < {ROWS}; at++)
  rows += `<div class="row"><span>Order ${{at}}</span><a href="#o${{at}}">Open</a><button>Delete</button></div>`;
document.getElementById("all").innerHTML = rows;
</script>"""

WATCH = """
() => {
  globalThis.measured = { calls: [], tasks: [] };
  const observe = (list) => measured.tasks.push(...list.getEntries().map((entry) => [entry.startTime, entry.duration]));
  new PerformanceObserver(observe).observe({ type: "longtask" });
  const timed = (call) => function (...given) {
    const began = performance.now();
    try { return call.apply(this, given); } finally { measured.calls.push([began, performance.now() - began]); }
  };
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    return addEventListener.call(this, type, typeof listener === "function" ? timed(listener) : listener, options);
  };
  const { setTimeout, MutationObserver } = globalThis;
  globalThis.setTimeout = (call, after) => setTimeout(timed(call), after);
  globalThis.MutationObserver = class extends MutationObserver {
    constructor(call) { super(timed(call)); }
  };
}
"""

RECORD = """
let said = 0;
const emit = ({ kind }) => {
  said++;
  if (kind === "moment") recording.masks();
};
globalThis.recording = WpRecorder.record(window, { emit, closedShadowRoot: () => null });
recording.masks();
globalThis.said = () => said;
"""
"""As in the extension: what to hide is found when it begins and before each picture, in closed shadow roots too."""


def minute(page: Page, actions: int) -> None:
    """What a person does in a large table."""
    for at in range(actions):
        page.mouse.move(200, 120 + at % 20 * 20, steps=3)
        match at % 4:
            case 0:
                page.mouse.click(30, 20)
            case 1:
                page.mouse.click(30, 60)
                page.keyboard.type("order")
            case 2:
                page.mouse.click(40, 150 + at % 20 * 20)
            case _:
                page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)  # what the recorder puts off is part of the cost


def spend(browser: Browser, actions: int, *, recorded: bool) -> dict[str, Any]:
    """Times of one minute, in ms."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_content(PAGE)
    page.evaluate(WATCH)
    masks = []
    if recorded:
        page.evaluate(f"() => {{ {plain_script()}\n{RECORD} }}")
    minute(page, actions)
    if recorded:
        assert page.evaluate("said()") > actions // 4, "the recorder says nothing"
        once = """() => {
          document.body.append(document.createElement("p"));
          const began = performance.now();
          recording.masks();
          return performance.now() - began;
        }"""
        masks = [page.evaluate(once) for _ in range(10)]
    found: dict[str, Any] = page.evaluate("measured") | {"masks": masks}
    context.close()
    return found


def parts(run: dict[str, Any]) -> list[float]:
    """How much of each task that the browser calls long was the recorder's, in ms."""
    return [
        sum(ms for began, ms in run["calls"] if start <= began <= start + duration) for start, duration in run["tasks"]
    ]


def longest(run: dict[str, Any]) -> float:
    """Task, in ms; 0 if none was over 50 ms."""
    return max((duration for _, duration in run["tasks"]), default=0.0)


def measure(given: argparse.Namespace) -> list[Row]:
    """In turns with the page alone."""
    program = next(filter(None, map(shutil.which, (*WITHOUT_WINDOWS, *ON_PATH))), None)
    if program is None:
        raise SystemExit("No Chromium: .ci/chromium gets one.")
    with_recorder, alone = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(1 if given.quick else ROUNDS):
            with_recorder.append(spend(browser, ACTIONS, recorded=True))
            alone.append(spend(browser, ACTIONS, recorded=False))
        browser.close()
    handlers = sorted(ms for run in with_recorder for _, ms in run["calls"])
    long = sum(len(run["tasks"]) for run in with_recorder)
    print(
        f"recorder: {len(handlers)} calls of its listeners, {sum(ms > LONG_MS for ms in handlers)} of them over "
        f"{LONG_MS} ms; tasks over {LONG_MS} ms: {long} with it, {sum(len(run['tasks']) for run in alone)} without"
    )
    return [
        Row("recorder: a handler, median", median(handlers), "ms"),
        Row("recorder: a handler, slowest of 100", handlers[len(handlers) * 99 // 100], "ms"),
        Row("recorder: its slowest handler", handlers[-1], "ms", at_most=LONG_MS, of="ours"),
        Row("recorder: longest task of a minute, median of runs", median(map(longest, with_recorder)), "ms", of="ours"),
        Row(
            "recorder: its part of a task over 50 ms, most",
            max(part for run in with_recorder for part in [0.0, *parts(run)]),
            "ms",
            at_most=LONG_MS,
            of="ours",
        ),
        Row(
            "recorder: finding what a picture must hide in a page that changed",
            median(ms for run in with_recorder for ms in run["masks"]),
            "ms",
            at_most=LONG_MS,
            of="ours",
        ),
    ]


def main() -> None:
    """In a Chromium without windows."""
    report.run(measure, report.parser(__doc__).parse_args())


if __name__ == "__main__":
    main()
